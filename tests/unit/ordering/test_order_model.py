"""The tables of orders and payments, and the one label that applicants see."""

from __future__ import annotations

import pytest

from engine.kernel.workflow import NotPossibleNow, Workflow
from engine.ordering import model, queries

S, P = model.OrderStatus, model.PaymentStatus


def reachable(table: Workflow, first: object) -> set[object]:
    """Every status that can come after `first`, and itself."""
    found, fresh = {first}, [first]
    while fresh:
        coming = set(table.transitions[fresh.pop()].values()) - found
        found |= coming
        fresh += coming
    return found


@pytest.mark.parametrize(
    ("table", "statuses"), [(model.ORDER, S), (model.PAYMENT, P)], ids=["order", "payment"]
)
def test_every_status_is_in_the_table_and_can_be_reached(table, statuses):
    assert set(table.statuses()) == set(statuses)
    # An order begins elsewhere than the table's first status where its platform is paid last.
    assert reachable(table, table.initial) == set(statuses)


@pytest.mark.parametrize("table", [model.ORDER, model.PAYMENT], ids=["order", "payment"])
def test_what_the_table_does_not_have_is_refused(table):
    verbs = {verb for moves in table.transitions.values() for verb in moves}
    for status in table.statuses():
        for verb in verbs - set(table.verbs(status)):
            assert not table.allows(status, verb)
            with pytest.raises(NotPossibleNow) as refused:
                table.advance(status, verb)
            assert refused.value.params["status"] == status.value


def test_only_the_last_review_or_a_payment_after_it_opens_the_download():
    ways = {
        (status, verb)
        for status in S
        for verb, to in model.ORDER.transitions[status].items()
        if to is S.AWAITING_DOWNLOAD
    }
    assert ways == {
        (S.AGENCY_REVIEW, "approve_paid"),
        # Where the CA does not review that kind of order.
        (S.PLATFORM_REVIEW, "approve_alone_paid"),
        (S.AWAITING_PAYMENT, "pay_then_download"),
    }
    # Straight from the payment where the platform does not review that kind of order.
    assert [s for s in S if S.AGENCY_REVIEW in model.ORDER.transitions[s].values()] == [
        S.AWAITING_PAYMENT,
        S.PLATFORM_REVIEW,
    ]


@pytest.mark.parametrize("first", [S.AWAITING_PAYMENT, S.AWAITING_PAPERS, S.PLATFORM_REVIEW])
def test_from_every_beginning_an_order_can_end_completed_rejected_or_cancelled(first):
    ends = {status for status in S if model.ORDER.terminal(status)}
    assert ends == {S.COMPLETED, S.REJECTED, S.CANCELLED}
    assert ends <= reachable(model.ORDER, first)


def test_a_payment_goes_back_only_after_it_came_and_never_comes_again():
    assert [s for s in P if P.REFUNDING in model.PAYMENT.transitions[s].values()] == [
        P.PAID,
        P.PARTLY_REFUNDED,
    ]
    after = {P.PAID, P.REFUNDING, P.PARTLY_REFUNDED, P.REFUNDED}
    assert reachable(model.PAYMENT, P.PAID) == after


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
        holder="ent_1",
    )
    in_review = status in (S.PLATFORM_REVIEW, S.AGENCY_REVIEW)
    assert queries.shown_status(order) == ("in_review" if in_review else status.value)
