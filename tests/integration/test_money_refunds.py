"""Refunds: whole, in part, of a closed order, refused by the provider, unasked, and of a second payment."""

from __future__ import annotations

import pytest

from engine import worker
from engine.kernel import clock, errors, ports
from engine.ordering import actions, model, money, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import fold, moneys, parties, worlds
from tests.support.worlds import SYSTEM

P, R = model.PaymentStatus, model.Resolution


def refund_part(op, *, order_id: str, amount_fen: int | None) -> None:
    """What an order's end composes."""
    money.start_refund(op, order_id, amount_fen, why="test")


def settle(world, who, case, resolution, **given):
    """Settle a case; what it is then."""
    arguments = {"case_id": case["id"], "resolution": resolution, "note": "已电话核实", **given}
    return world.engine.perform(actions.settle_case, arguments, actor=who)


@pytest.fixture
def finance(world):
    return worlds.staff(world, Role.FINANCE)


def stands(world):
    """Nothing is wrong with the books, and the log tells them."""
    assert parties.violations(world) == {}
    fold.require(world)


# -- an order ends ----------------------------------------------------------------------------------


@pytest.mark.row("PAY-1")
@pytest.mark.row("CRT-5")
def test_an_order_cancelled_before_it_is_paid_is_owed_nothing_and_cannot_be_paid(any_world):
    world = any_world
    party = moneys.ordered(world)
    payment = moneys.payment_of(world, party)
    assert moneys.holds(world, "receivable") == payment.amount_fen
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    assert moneys.payment_of(world, party).status is P.CLOSED
    assert moneys.holds(world, "receivable") == 0
    worker.run_due(world)
    with pytest.raises(errors.PolicyRefused):
        world.bank.pay(payment.id)
    stands(world)


@pytest.mark.row("PAY-1")
@pytest.mark.row("S-PAY-6")
def test_money_that_comes_for_a_closed_order_goes_back_by_itself(any_world):
    world = any_world
    party = moneys.ordered(world)
    payment = moneys.payment_of(world, party)
    world.bank.pay(payment.id)
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    parties.settle(world)
    assert moneys.payment_of(world, party).status is P.REFUNDED
    assert moneys.holds(world, "provider_clearing") == 0
    assert moneys.holds(world, "overpayment") == 0
    stands(world)


@pytest.mark.row("PAY-1")
@pytest.mark.row("CRT-5")
def test_an_order_rejected_after_payment_is_refunded_and_its_payer_told(world):
    reviewers = parties.Reviewers.of(world)
    party = moneys.paid(world, reviewers=reviewers)
    parties.hand_in(world, party)
    parties.reject(world, "certificate_platform", party.order_id, reviewers.platform)
    [shown] = world.engine.ask(queries.my_payments, party.person)
    assert shown.refund is model.RefundProgress.RUNNING
    parties.settle(world)
    [shown] = world.engine.ask(queries.my_payments, party.person)
    assert (shown.refund, shown.refunded_fen) == (model.RefundProgress.DONE, shown.amount_fen)
    assert shown.receipt is not None
    assert "order.refunded" in worlds.kinds(world)
    assert moneys.holds(world, "revenue_new") == 0
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_part_goes_back_and_later_the_rest_and_never_more(any_world):
    world = any_world
    party = moneys.paid(world)
    paid = moneys.payment_of(world, party).amount_fen
    world.engine.perform(
        refund_part, {"order_id": party.order_id, "amount_fen": 5_000}, actor=SYSTEM
    )
    parties.settle(world)
    assert moneys.payment_of(world, party).status is P.PARTLY_REFUNDED
    assert moneys.holds(world, "revenue_new") == -(paid - 5_000)
    with pytest.raises(money.RefundTooMuch), worlds.unchanged(world):
        world.engine.perform(
            refund_part, {"order_id": party.order_id, "amount_fen": paid}, actor=SYSTEM
        )
    world.engine.perform(
        refund_part, {"order_id": party.order_id, "amount_fen": None}, actor=SYSTEM
    )
    parties.settle(world)
    assert moneys.payment_of(world, party).status is P.REFUNDED
    [shown] = world.engine.ask(queries.my_payments, party.person)
    assert [one.amount_fen for one in shown.refunds] == [5_000, paid - 5_000]
    assert moneys.holds(world, "provider_clearing") == 0
    stands(world)


# -- the provider does not do as it is asked ---------------------------------------------------------


@pytest.mark.row("PAY-1")
def test_a_refund_that_fails_once_is_tried_again_by_finance(world, finance):
    party = moneys.paid(world, account="sandbox-refund-once")
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    parties.settle(world)
    [case] = moneys.cases(world, kind="refund_failed")
    [shown] = world.engine.ask(queries.my_payments, party.person)
    assert shown.refund is model.RefundProgress.LATE
    assert [one.problem for one in shown.refunds] == ["provider_balance"]
    settle(world, finance, case, R.RETRY)
    parties.settle(world)
    assert moneys.payment_of(world, party).status is P.REFUNDED
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_refund_to_a_closed_card_is_a_case_again_and_then_paid_otherwise(world, finance):
    party = moneys.paid(world, account="sandbox-card-closed")
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    parties.settle(world)
    [case] = moneys.cases(world, kind="refund_failed", status="open")
    settle(world, finance, case, R.RETRY)
    parties.settle(world)
    [case] = moneys.cases(world, kind="refund_failed", status="open")
    settle(world, finance, case, R.PAY_OTHERWISE)
    paid = moneys.payment_of(world, party)
    assert paid.status is P.REFUNDED
    assert moneys.holds(world, "bank") == -paid.amount_fen
    assert moneys.holds(world, "refunds_payable") == 0
    stands(world)


@pytest.mark.row("S-PAY-4")
@pytest.mark.row("PAY-1")
def test_a_refund_whose_notice_is_lost_is_asked_after(world):
    party = moneys.paid(world)
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    worker.run_due(world)
    worlds.run_sql(world, "DELETE FROM sim_callback WHERE delivered_at IS NULL")
    began = world.engine.now()
    worlds.clock_of(world).advance(10 * clock.MINUTE)
    worker.run_due(world)
    assert moneys.payment_of(world, party).status is P.REFUNDED
    assert world.engine.now() - began <= 10 * clock.MINUTE
    stands(world)


def theirs(world, payment, fen):
    """The provider gives back what nobody here asked for."""
    given = ports.Payback(
        refund_no="rfd_theirs", payment_id=payment.id, trade_no=payment.trade_no, amount_fen=fen
    )
    world.ports.payment.refund(given)


@pytest.mark.row("S-PAY-6")
@pytest.mark.row("PAY-1")
def test_a_refund_before_its_payment_is_parked_and_applied_when_the_payment_comes(any_world):
    world = any_world
    party = moneys.ordered(world)
    payment = moneys.payment_of(world, party)
    back = {"refund_no": "rfd_theirs", "refund_fen": payment.amount_fen}
    early = moneys.notice(world, payment, status="refunded", **back)
    assert [moneys.deliver(world, early) for _ in range(3)] == ["put_aside"] * 3
    assert moneys.payment_of(world, party).status is P.OPENED
    assert moneys.deliver(world, moneys.notice(world, payment)) == "paid"
    first = world.engine.ask(_payment, SYSTEM, payment.id)
    assert first.status is P.REFUNDED
    # The order never saw the money: it waits for another payment.
    again = moneys.payment_of(world, party)
    assert (again.id != payment.id, again.status) == (True, P.REQUESTED)
    assert moneys.deliver(world, early) in ("repeated", "put_aside")
    assert moneys.holds(world, "provider_clearing") == 0
    stands(world)
    parties.settle(world)
    world.bank.pay(again.id)
    parties.settle(world)
    assert moneys.payment_of(world, party).status is P.PAID
    stands(world)


def _payment(q, payment_id: str) -> model.Payment:
    return q.get(model.Payment, "payment", payment_id)


@pytest.mark.row("S-PAY-6")
def test_a_refund_that_nobody_asked_for_is_booked_when_finance_says_so(world, finance):
    party = moneys.paid(world)
    theirs(world, moneys.payment_of(world, party), 1_000)
    parties.settle(world)
    [case] = moneys.cases(world, kind="refund_unasked")
    assert case["other_fen"] == 1_000
    settle(world, finance, case, R.ACCEPT)
    assert moneys.payment_of(world, party).status is P.PARTLY_REFUNDED
    stands(world)


# -- a second payment --------------------------------------------------------------------------------


@pytest.mark.row("S-PAY-3")
@pytest.mark.row("PAY-1")
def test_a_second_payment_is_given_back_once(any_world):
    world = any_world
    finance = worlds.staff(world, Role.FINANCE)
    party = moneys.paid(world, account="sandbox-paid-twice")
    [case] = moneys.cases(world, kind="paid_twice")
    [shown] = world.engine.ask(queries.my_payments, party.person)
    assert shown.came_twice_fen == case["amount_fen"]
    assert moneys.holds(world, "overpayment") == -case["amount_fen"]
    settle(world, finance, case, R.GIVE_BACK)
    with pytest.raises(errors.IllegalTransition):
        settle(world, finance, case, R.GIVE_BACK)
    parties.settle(world)
    assert moneys.holds(world, "overpayment") == 0
    assert moneys.payment_of(world, party).status is P.PAID
    [shown] = world.engine.ask(queries.my_payments, party.person)
    assert (shown.came_twice_fen, shown.refund) == (0, model.RefundProgress.NONE)
    assert [one.status for one in shown.refunds] == [model.RefundStatus.DONE]
    stands(world)


# -- who settles, and how ----------------------------------------------------------------------------


@pytest.fixture
def case(world):
    moneys.paid(world, account="sandbox-paid-twice")
    return moneys.cases(world, kind="paid_twice")[0]


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize("role", [Role.AGENT, Role.PLATFORM_REVIEWER, Role.ADMINISTRATOR, Role.QA])
def test_nobody_without_the_right_sees_or_settles_money(world, case, role):
    other = worlds.staff(world, role)
    with pytest.raises(staffing.MayNot), worlds.unchanged(world):
        settle(world, other, case, R.GIVE_BACK)
    asked = (queries.money_cases, queries.money_days, queries.chart, queries.ledger_balances)
    for query in asked:
        with pytest.raises(staffing.MayNot):
            world.engine.ask(query, other)


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"note": "  "}, "note"),
        ({"note": "长" * 501}, "note"),
        ({"resolution": R.WRITE_OFF}, "resolution"),
    ],
)
def test_a_case_is_settled_with_a_note_and_in_a_way_that_it_offers(
    world, finance, case, given, field
):
    arguments = {"case_id": case["id"], "resolution": R.GIVE_BACK, "note": "核实", **given}
    with pytest.raises(errors.InvalidInput) as refused, worlds.unchanged(world):
        world.engine.perform(actions.settle_case, arguments, actor=finance)
    assert refused.value.field == field


@pytest.mark.row("PAY-1")
@pytest.mark.row("OPS-3")
@pytest.mark.parametrize("answer", ["approved", "rejected"])
def test_above_the_limit_a_second_person_decides_at_the_desk(world, finance, case, answer):
    moneys.limit(world, 100)
    before = moneys.holds(world, "overpayment")
    assert settle(world, finance, case, R.GIVE_BACK).status is model.MoneyCaseStatus.PROPOSED
    assert moneys.holds(world, "overpayment") == before
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        parties.approve(world, "settlement", case["id"], finance)
    second = worlds.staff(world, Role.FINANCE)
    if answer == "approved":
        parties.approve(world, "settlement", case["id"], second)
        parties.settle(world)
        assert moneys.holds(world, "overpayment") == 0
        [after] = moneys.cases(world, kind="paid_twice")
        assert after["settled_by"] == f"staff:{second.staff_id}"
        assert after["proposed_by"] == f"staff:{finance.staff_id}"
    else:
        parties.reject(world, "settlement", case["id"], second)
        [after] = moneys.cases(world, kind="paid_twice")
        assert (after["status"], after["resolution"]) == ("open", "")
        assert moneys.holds(world, "overpayment") == before
    stands(world)
