"""The rules about invoices reach what they are for: one walk by hand, every invariant after each step."""

from __future__ import annotations

from functools import partial

from tests.property.test_line_machine import Line


def test_the_rules_of_invoices_reach_what_they_are_for() -> None:
    line = Line()
    line.begin(3)

    def all_decide(yes: bool) -> None:
        for reviewer in (0, 1, 2):
            line.decides(reviewer, yes)

    walk = (
        partial(line.keeps_a_title, 0, True, True),
        partial(line.keeps_a_title, 0, False, False),
        partial(line.switches_a_title, 0, 0, True),
        partial(line.deletes_titles, 0, [1]),
        partial(line.applies_with_a_title, 0, "special", False),
        partial(line.decides, 1, False),
        partial(line.time_passes, 1),
        partial(line.applies_with_a_title, 0, "special", True),
        partial(all_decide, True),
        partial(line.the_tax_service_refuses, 0, 0),
        partial(line.sends_a_refused_invoice_again, 0, 0, False),
        partial(line.the_worker_runs),
        partial(line.the_buyer_deducts_an_invoice, 0, 0),
        partial(line.finance_proposes_a_red_letter, 0, 0, 1),
        partial(all_decide, True),
        partial(line.the_buyer_answers_a_red_letter, 0, 1, "decline"),
        partial(line.finance_looks_after_an_invoice, 0, 1, 0, "drop_red_letter"),
        partial(line.money_goes_back_unasked, 0, 2, 999),
        partial(line.the_buyer_answers_a_red_letter, 0, 2, "confirm"),
        partial(line.time_passes, 90_000),
        partial(line.asks_for_a_red_letter, 0, 0, "02", None),
        partial(all_decide, True),
        partial(line.time_passes, 90_000),
        partial(line.applies_with_a_title, 0, "ordinary", True),
        partial(line.time_passes, 90_000),
    )
    for step in walk:
        step()
        line.no_rule_is_broken()
        line.the_log_folds_to_the_tables()
    with line.world.engine.parts.db.read() as connection:
        kinds = {row["kind"] for row in connection.rows("SELECT DISTINCT kind FROM event")}
        found = connection.rows("SELECT status, total_fen, reverses FROM invoice")
    line.teardown()
    expected = {
        *("title.added", "title.changed", "title.deleted", "invoice.rejected", "invoice.approved"),
        *("invoice.refused", "invoice.sent_again", "invoice.deducted", "red_letter.asked"),
        *("red_letter.declined", "red_letter.withdrawn", "red_letter.confirmed"),
        *("invoice.reversed_in_part", "invoice.reversed_wholly", "red_letter.issued"),
    }
    assert expected - kinds == set()
    blue = [row for row in found if row["reverses"] is None]
    assert {row["status"] for row in blue} == {"rejected", "reversed", "issued"}
