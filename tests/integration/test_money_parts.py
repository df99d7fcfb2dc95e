"""Money that goes back in parts to the last fen: unasked ones, early ones, and one asked for last."""

from __future__ import annotations

import pytest

from engine.kernel import ports
from engine.ordering import actions, model, money
from engine.staffing.model import Role
from tests.integration.test_money_statements import file_of, line_of, with_statement
from tests.support import fold, moneys, parties, worlds

P, R = model.PaymentStatus, model.Resolution


@pytest.fixture
def finance(any_world):
    return worlds.staff(any_world, Role.FINANCE)


def given_back_by_the_provider(world, payment, number: int, fen: int) -> None:
    """The provider gives a part back that nobody here asked for, and its notice comes."""
    given = ports.Payback(
        refund_no=f"rfd_theirs_{number}",
        payment_id=payment.id,
        trade_no=payment.trade_no,
        amount_fen=fen,
    )
    world.ports.payment.refund(given)
    parties.settle(world)


def accept(world, finance) -> None:
    """Finance books what the provider gave back."""
    [case] = moneys.cases(world, kind="refund_unasked", status="open")
    given = {"case_id": case["id"], "resolution": R.ACCEPT, "note": "已与支付机构核对"}
    world.engine.perform(actions.settle_case, given, actor=finance)


def stands(world) -> None:
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("PAY-1")
@pytest.mark.row("S-PAY-6")
def test_three_parts_that_the_provider_gave_back_add_up_to_the_whole(any_world, finance):
    world = any_world
    party = moneys.paid(world)
    payment = moneys.payment_of(world, party)
    parts = (5_000, 7_000, payment.amount_fen - 12_000)
    after = (P.PARTLY_REFUNDED, P.PARTLY_REFUNDED, P.REFUNDED)
    for number, (fen, status) in enumerate(zip(parts, after, strict=True)):
        given_back_by_the_provider(world, payment, number, fen)
        accept(world, finance)
        assert moneys.payment_of(world, party).status is status
        left = payment.amount_fen - sum(parts[: number + 1])
        assert moneys.holds(world, "provider_clearing") == left
        assert moneys.holds(world, "revenue_new") == -left
        stands(world)
    assert moneys.holds(world, "refunds_payable") == 0


@pytest.mark.row("PAY-1")
@pytest.mark.row("S-PAY-6")
def test_parts_that_overtook_their_payment_are_all_applied_when_it_comes(any_world):
    world = any_world
    party = moneys.ordered(world)
    payment = moneys.payment_of(world, party)
    half = payment.amount_fen // 2
    for number in range(2):
        back = {"refund_no": f"rfd_theirs_{number}", "refund_fen": half}
        early = moneys.notice(world, payment, status="refunded", **back)
        assert moneys.deliver(world, early) == "put_aside"
    assert moneys.deliver(world, moneys.notice(world, payment)) == "paid"
    [first] = worlds.rows(world, "SELECT status FROM payment WHERE id = ?", payment.id)
    assert first == {"status": "refunded"}
    facts = [kind for kind in worlds.kinds(world) if kind == "payment.refunded"]
    assert len(facts) == 2
    assert moneys.holds(world, "provider_clearing") == 0
    # The order never saw the money: it waits for another payment.
    assert moneys.payment_of(world, party).id != payment.id
    stands(world)


@pytest.mark.row("PAY-1")
@pytest.mark.row("CRT-5")
def test_after_a_part_the_order_s_end_gives_back_the_rest_and_no_more(any_world, finance):
    world = any_world
    party = moneys.paid(world)
    payment = moneys.payment_of(world, party)
    given_back_by_the_provider(world, payment, 0, 5_000)
    accept(world, finance)
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    assert moneys.payment_of(world, party).status is P.REFUNDING
    asked = worlds.rows(world, "SELECT amount_fen FROM refund WHERE status = 'requested'")
    assert asked == [{"amount_fen": payment.amount_fen - 5_000}]
    # The whole is on its way: nothing is left that another unasked part could be booked from.
    back = {"refund_no": "rfd_theirs_1", "refund_fen": 1_000}
    late = moneys.notice(world, payment, status="refunded", **back)
    assert moneys.deliver(world, late) == "put_aside"
    with pytest.raises(money.RefundTooMuch) as refused, worlds.unchanged(world):
        accept(world, finance)
    assert refused.value.params == {"fen": 0}
    parties.settle(world)
    assert moneys.payment_of(world, party).status is P.REFUNDED
    assert moneys.holds(world, "provider_clearing") == 0
    assert moneys.holds(world, "revenue_new") == 0
    stands(world)


@pytest.mark.row("PAY-1")
@pytest.mark.row("S-PAY-6")
def test_a_refund_that_failed_and_was_then_given_by_hand_at_the_provider_counts_once(
    any_world, finance
):
    world = any_world
    party = moneys.paid(world, account="sandbox-card-closed")
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    parties.settle(world)
    payment = moneys.payment_of(world, party)
    [failed] = worlds.rows(world, "SELECT id, status FROM refund")
    assert failed["status"] == "failed"
    # Their people transfer it otherwise; its notice has a number that nobody here gave out.
    back = {"refund_no": "by-hand-1", "refund_fen": payment.amount_fen}
    told = moneys.notice(world, payment, status="refunded", **back)
    assert moneys.deliver(world, told) == "put_aside"
    accept(world, finance)
    assert worlds.rows(world, "SELECT id, status FROM refund") == [
        {"id": failed["id"], "status": "done"}
    ]
    assert moneys.payment_of(world, party).status is P.REFUNDED
    [case] = moneys.cases(world, kind="refund_failed")
    assert (case["status"], case["resolution"]) == ("settled", "came_by_itself")
    sql = "SELECT reference, amount_fen FROM movement WHERE kind = 'refund'"
    assert worlds.rows(world, sql) == [{"reference": "by-hand-1", "amount_fen": payment.amount_fen}]
    for account in ("provider_clearing", "refunds_payable", "revenue_new", "bank"):
        assert moneys.holds(world, account) == 0
    # Told once more it changes nothing, and nothing is left to book.
    with worlds.unchanged(world, without={"event", "parked_notice", "money_case"}):
        moneys.deliver(world, told)
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_refund_given_by_hand_that_only_the_statement_tells_of_is_the_one_that_failed(any_world):
    world = any_world
    party = moneys.paid(world, account="sandbox-card-closed")
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    parties.settle(world)
    payment = moneys.payment_of(world, party)
    by_hand = line_of(payment, kind="refund", ref="by-hand-1")
    content = file_of(line_of(payment), by_hand)
    moneys.next_morning(with_statement(world, lambda _: content))
    assert worlds.rows(world, "SELECT status FROM refund") == [{"status": "done"}]
    assert moneys.payment_of(world, party).status is P.REFUNDED
    kinds = [(case["kind"], case["resolution"]) for case in moneys.cases(world)]
    assert sorted(kinds) == [("late", ""), ("refund_failed", "came_by_itself")]
    for account in ("provider_clearing", "refunds_payable", "suspense"):
        assert moneys.holds(world, account) == 0
    stands(world)
