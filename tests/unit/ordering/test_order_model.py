"""The tables of orders and payments, and the one label that applicants see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.kernel.workflow import NotPossibleNow, Workflow
from engine.ordering import model, queries

S, P = model.OrderStatus, model.PaymentStatus


def paths(table: Workflow, status: object, verbs: tuple[str, ...] = ()) -> Iterator[tuple]:
    """Every way from a status to an end: (verbs, last status). No table here has a circle."""
    moves = table.transitions[status]
    if not moves:
        yield verbs, status
    for verb, to in moves.items():
        assert len(verbs) < 10, "the table has a circle"
        yield from paths(table, to, (*verbs, verb))


@pytest.mark.parametrize(
    ("table", "statuses"), [(model.ORDER, S), (model.PAYMENT, P)], ids=["order", "payment"]
)
def test_every_status_is_in_the_table_and_can_be_reached(table, statuses):
    assert set(table.statuses()) == set(statuses)
    reached = {table.initial} | {
        to for moves in table.transitions.values() for to in moves.values()
    }
    assert reached == set(statuses)


@pytest.mark.parametrize("table", [model.ORDER, model.PAYMENT], ids=["order", "payment"])
def test_what_the_table_does_not_have_is_refused(table):
    verbs = {verb for moves in table.transitions.values() for verb in moves}
    for status in table.statuses():
        for verb in verbs - set(table.verbs(status)):
            assert not table.allows(status, verb)
            with pytest.raises(NotPossibleNow) as refused:
                table.advance(status, verb)
            assert refused.value.params["status"] == status.value


@pytest.mark.parametrize("first", [S.AWAITING_PAYMENT, S.AWAITING_PAPERS, S.PLATFORM_REVIEW])
def test_every_way_to_a_certificate_passes_both_reviews_once_and_never_pays_twice(first):
    done = [verbs for verbs, end in paths(model.ORDER, first) if end is S.COMPLETED]
    assert done
    for verbs in done:
        # "pay_then_download" is offered by the table to every unpaid order; the action chooses it
        # only after the CA's approval, which the table's CHECK in the schema repeats.
        if verbs[0] == "pay_then_download":
            continue
        assert verbs.count("approve") == 1
        assert len([verb for verb in verbs if verb.startswith("approve_")]) == 1
        assert verbs[-1] == "complete"


def test_an_order_ends_completed_rejected_or_cancelled():
    ends = {status for status in S if model.ORDER.terminal(status)}
    assert ends == {S.COMPLETED, S.REJECTED, S.CANCELLED}
    for first in (S.AWAITING_PAYMENT, S.AWAITING_PAPERS, S.PLATFORM_REVIEW):
        assert {end for _, end in paths(model.ORDER, first)} == ends


def test_a_payment_goes_back_only_after_it_came():
    ways = [verbs for verbs, _ in paths(model.PAYMENT, P.REQUESTED)]
    assert ways == [("open", "pay", "refund", "finish"), ("pay", "refund", "finish")]


@pytest.mark.parametrize("status", S)
def test_both_reviews_show_one_label_and_everything_else_its_own(status):
    order = model.Order(
        id="ord_1",
        number="CA2026060100001",
        account_id="acc_1",
        enterprise_id="ent_1",
        platform_id="guangzheng",
        agency_id="dongfang",
        seal_agency_id="huayin",
        certificate_kind="platform",
        years=1,
        amount_fen=20_000,
        policy_version="pol_1",
        status=status,
        papers=(),
        reasons=(),
        platform_approved_by=None,
        agency_approved_by=None,
        paid_at=None,
        created_at=0,
        ended_at=None,
    )
    in_review = status in (S.PLATFORM_REVIEW, S.AGENCY_REVIEW)
    assert queries.shown_status(order) == ("in_review" if in_review else status.value)
