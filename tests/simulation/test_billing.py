"""People order services and have what they paid invoiced in a run, with every fault of tax and post."""

from __future__ import annotations

import pytest

from engine.kernel import catalog
from engine.providers import courier, tax
from simulations import runs, scenario, shares
from tests.simulation.test_dealings import shards_of, told

QUIET = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")
BUSY = scenario.load(catalog.DATA / "scenarios" / "busy.toml")
# Somebody looks after money and invoices.
ROSTER = (*QUIET.reviewers, *(one for one in BUSY.reviewers if one.group == "finance"))


def plan(services: shares.Services, invoices: shares.Invoices, **more):
    """A fortnight of diligent people, who do as they are told here."""
    return QUIET.model_copy(
        update={
            "shards": 1,
            "horizon_days": 16,
            "reviewers": ROSTER,
            "services": services,
            "invoices": invoices,
            "behaviour": QUIET.behaviour.model_copy(
                update={"gives_up": 0.0, "misses_phone": 0.0, "takes_fright": 0.0, "invites": 0.0}
            ),
            "people": QUIET.people.model_copy(update={"under_age": 0.0, "wrong_id": 0.0}),
            **more,
        }
    )


@pytest.mark.row("SIM-5")
@pytest.mark.row("PAY-2", "INV-1", "INV-3")
def test_services_are_ordered_renewed_given_up_and_invoiced(tmp_path):
    services = shares.Services(information=1.0, own=1.0, platform=1.0, renews=0.5, gives_up=0.5)
    invoices = shares.Invoices(special=0.4, other_title=0.3, prefers=1.0, tidies=0.5)
    result = runs.run(plan(services, invoices), 6, 5, 1, tmp_path)
    counts = shards_of(tmp_path)[0]["counts"]
    assert result.violations == 0, counts
    assert not [step for step in counts if step.startswith("stopped")], counts
    for what in (
        *("service ordered", "service paid", "service renewed", "service given up"),
        *("invoice applied for", "invoice issued, electronic", "default title chosen"),
    ):
        assert counts.get(what, 0) >= 1, (what, counts)
    kinds = {row["order_kind"] for row in told(tmp_path, "SELECT order_kind FROM invoice")}
    assert kinds == {"certificate", "information", "platform"}
    titles = told(tmp_path, "SELECT DISTINCT title_kind FROM invoice")
    assert {row["title_kind"] for row in titles} == {"personal", "company"}
    # The lists of the days were compared, and nothing differed.
    lines = told(tmp_path, "SELECT found FROM tax_list_line")
    assert {row["found"] for row in lines} == {"matched"}
    assert len(lines) >= counts["invoice issued, electronic"]


@pytest.mark.row("SIM-5")
@pytest.mark.row("INV-2")
def test_a_wrong_title_is_taken_back_by_a_red_letter_and_made_out_anew(tmp_path):
    invoices = shares.Invoices(wrong_title=1.0, special=0.5, deducts=1.0)
    result = runs.run(plan(shares.Services(), invoices), 5, 8, 1, tmp_path)
    counts = shards_of(tmp_path)[0]["counts"]
    assert result.violations == 0, counts
    for what in ("red letter asked for", "red letter issued", "invoice made out anew"):
        assert counts.get(what, 0) >= 2, (what, counts)
    reds = told(
        tmp_path,
        "SELECT r.reason, r.total_fen, b.total_fen AS blue_fen, b.status FROM invoice r"
        " JOIN invoice b ON b.id = r.reverses WHERE r.status = 'issued'",
    )
    assert {(row["reason"], row["status"]) for row in reds} == {("01", "reversed")}
    assert all(row["total_fen"] == -row["blue_fen"] for row in reds)


@pytest.mark.row("SIM-5")
@pytest.mark.row("PAY-1", "INV-2", "ADR-1")
def test_faults_of_tax_and_post_end_in_numbers_arrivals_and_cases(tmp_path):
    of_tax = dict.fromkeys(tax.Faults.model_fields, 0.15) | {"refused": 0.0, "unreachable": 0.05}
    of_post = dict.fromkeys(courier.Faults.model_fields, 0.15) | {"unreachable": 0.05}
    providers = QUIET.providers.model_copy(
        update={"tax": tax.Faults(**of_tax), "courier": courier.Faults(**of_post)}
    )
    invoices = shares.Invoices(paper=1.0)
    services = shares.Services(information=1.0, platform=0.5)
    made = plan(services, invoices, providers=providers)
    result = runs.run(made, 8, 6, 1, tmp_path)
    counts = shards_of(tmp_path)[0]["counts"]
    assert result.violations == 0, counts
    assert counts.get("invoice tried again", 0) >= 1, counts
    assert counts.get("paper invoice arrived", 0) >= 1, counts
    assert counts.get("post sent again", 0) >= 1, counts
    [open_ones] = told(
        tmp_path, "SELECT COUNT(*) AS n FROM invoice WHERE status IN ('applied', 'failed')"
    )
    [issued] = told(tmp_path, "SELECT COUNT(*) AS n FROM invoice WHERE status = 'issued'")
    assert issued["n"] > open_ones["n"]
    odd = told(tmp_path, "SELECT found FROM tax_list_line WHERE found <> 'matched'")
    cases = told(tmp_path, "SELECT kind FROM money_case WHERE kind LIKE 'invoice%'")
    assert len(cases) >= len(odd)
