"""Money that goes back in parts to the last fen: unasked ones, early ones, and one asked for last."""

from __future__ import annotations

import pytest

from engine.kernel import ports
from engine.ordering import actions, model, money
from engine.staffing.model import Role
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
