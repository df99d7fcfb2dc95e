"""Administrators stamp forms, write on the pad, change, lose, pause, delete and entrust seals in a run."""

from __future__ import annotations

import pytest

from engine.kernel import catalog
from simulations import runs, scenario
from tests.simulation.test_dealings import shards_of, told

QUIET = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")


def everything():
    return QUIET.model_copy(
        update={
            "shards": 1,
            "horizon_days": 15,
            "seals": scenario.Seals(**dict.fromkeys(scenario.Seals.model_fields, 1.0)),
            "behaviour": QUIET.behaviour.model_copy(
                update={"gives_up": 0.0, "misses_phone": 0.0, "takes_fright": 0.0, "invites": 1.0}
            ),
            "people": QUIET.people.model_copy(update={"under_age": 0.0, "wrong_id": 0.0}),
        }
    )


@pytest.mark.row("SIM-5")
@pytest.mark.row("SEA-3")
def test_administrators_do_all_that_can_be_done_with_seals(tmp_path):
    result = runs.run(everything(), 6, 5, 1, tmp_path)
    counts = shards_of(tmp_path)[0]["counts"]
    assert result.violations == 0, counts
    for what in (
        *("signature written", "seal deleted", "contract seal in use", "seal entrusted"),
        *("seal taken back", "seal changed", "seal made again", "seal paused and used again"),
    ):
        assert counts.get(what, 0) >= 1, (what, counts)
    kinds = {row["kind"] for row in told(tmp_path, "SELECT DISTINCT kind FROM event")}
    assert {
        *("seal.made", "seal.replaced", "seal.deleted", "seal.delegated", "seal_filing.filed"),
        *("seal_delegation.withdrawn", "seal.suspended", "seal.resumed"),
    } <= kinds
    # What was stamped is what the seal shows, and each made seal that is filed has its number.
    seals = told(tmp_path, "SELECT kind, picture, filing_number FROM seal WHERE made_at > 0")
    contract = [one for one in seals if one["kind"] == "contract"]
    assert "impression" in {one["picture"] for one in contract}
    assert all(one["filing_number"] for one in contract)
