"""Payment notices: signed, repeated, late, wrong, doubled and parallel (`security.md` 3.10)."""

from __future__ import annotations

import collections
import itertools
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import worker
from engine.kernel import actors, clock, errors
from engine.kernel import engine as kernel
from engine.ordering import actions, model, money, queries
from tests.support import fold, parties, worlds
from tests.support.worlds import SYSTEM

BANK = actors.Machine(name="payment")
# A notice that is put aside is told of and kept; it changes nothing else.
PARKED = {"event", "parked_notice", "money_case"}
P = model.PaymentStatus


def payment_of(world, party):
    """The payment of the party's order as it is now."""
    return world.engine.ask(queries.payment_of, SYSTEM, party.order_id)


def notice(world, payment, **changes):
    """A genuine notice of a payment, with changes (None leaves a field out)."""
    told = {
        "merchant": "yinxin",
        "payment_id": payment.id,
        "trade_no": payment.trade_no,
        "amount_fen": payment.amount_fen,
        "currency": "CNY",
        "status": "paid",
        **changes,
    }
    body = json.dumps({name: value for name, value in told.items() if value is not None}).encode()
    return {"body": body, "signature": world.keyring.mac("payment-callbacks", body)}


def deliver(world, arguments, *, actor=BANK, key=None):
    """Hand a notice in; what it came to."""
    return world.engine.perform(actions.receive_callback, arguments, actor=actor, key=key)


def ordered(world, *, number=1, reviewers=None):
    """A party whose payment is open at the provider."""
    made = parties.enterprise(
        world,
        reviewers or parties.Reviewers.of(world),
        number=number,
        name=f"新疆第{number}商贸有限公司",
    )
    party = parties.order(world, made)
    worker.run_due(world)
    assert payment_of(world, party).status is P.OPENED
    return party


@pytest.fixture
def party(world):
    return ordered(world)


def holds(world, account="provider_clearing"):
    """What the ledger says an account holds, in fen; by default what is at the provider."""
    sql = "SELECT COALESCE(SUM(amount_fen), 0) AS fen FROM ledger_line WHERE account = ?"
    return int(worlds.rows(world, sql, account)[0]["fen"])


def refund_notice(world, payment, **changes):
    """A genuine notice that the payment's refund has gone back, with changes."""
    [asked] = worlds.rows(world, "SELECT id, amount_fen FROM refund WHERE status <> 'done'") or [
        {"id": "rfd_of_theirs", "amount_fen": payment.amount_fen}
    ]
    told = {"status": "refunded", "refund_no": asked["id"], "refund_fen": asked["amount_fen"]}
    return notice(world, payment, **{**told, **changes})


# -- notices that are wrong ------------------------------------------------------------------------


@pytest.mark.row("S-PAY-1")
@pytest.mark.parametrize("spoil", ["signature", "body", "empty", "other key"])
def test_a_forged_notice_leaves_no_trace_at_all(world, party, spoil):
    given = notice(world, payment_of(world, party))
    if spoil == "signature":
        given["signature"] = bytes(32)
    elif spoil == "body":
        given["body"] = given["body"].replace(b"20000", b"20001")
    elif spoil == "empty":
        given["signature"] = b""
    else:
        given["signature"] = world.keyring.mac("cookies", given["body"])
    with pytest.raises(money.NoticeForged), worlds.unchanged(world):
        deliver(world, given)


@pytest.mark.parametrize("name", ["person", "mall", "staff", "system"])
def test_only_a_machine_delivers_notices(world, party, name):
    actor = {
        "person": party.person,
        "mall": party.mall,
        "staff": party.reviewers.platform,
        "system": SYSTEM,
    }[name]
    given = notice(world, payment_of(world, party))
    with pytest.raises(errors.NotPermitted), worlds.unchanged(world):
        deliver(world, given, actor=actor)


@pytest.mark.row("S-PAY-1")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount_fen", 1),
        ("amount_fen", 20_001),
        ("amount_fen", -20_000),
        ("amount_fen", None),
        ("currency", "USD"),
        ("merchant", "somebody"),
        ("status", "granted"),
        ("trade_no", None),
        ("trade_no", ""),
    ],
)
def test_a_notice_that_differs_is_put_aside_and_changes_nothing(world, party, field, value):
    payment = payment_of(world, party)
    with (
        pytest.raises(money.NoticeDiffers) as refused,
        worlds.unchanged(world, without=PARKED),
    ):
        deliver(world, notice(world, payment, **{field: value}))
    assert refused.value.params == {"what": field}
    assert worlds.kinds(world)[-1] == "payment.notice_refused"
    # The right one still counts afterwards.
    assert deliver(world, notice(world, payment)) == "paid"


@pytest.mark.row("S-PAY-6")
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b'{"payment_id": 7}', b"\xff\xfe", b"<xml/>"]
)
def test_a_notice_about_nothing_we_know_is_put_aside(world, party, body):
    given = {"body": body, "signature": world.keyring.mac("payment-callbacks", body)}
    with pytest.raises(money.NoticeUnknown), worlds.unchanged(world, without=PARKED):
        deliver(world, given)
    assert worlds.kinds(world)[-1] == "payment.notice_refused"


@pytest.mark.row("S-PAY-2")
def test_one_trade_number_pays_for_one_order_only(world, party):
    other = ordered(world, number=2, reviewers=party.reviewers)
    first = payment_of(world, party)
    assert deliver(world, notice(world, first)) == "paid"
    with pytest.raises(money.NoticeDiffers):
        deliver(world, notice(world, payment_of(world, other), trade_no=first.trade_no))
    assert payment_of(world, other).status is P.OPENED


# -- notices that come again, late, twice, in the wrong order ---------------------------------------


@pytest.mark.row("PAY-1")
def test_a_repeated_notice_changes_nothing_twice(world, party):
    given = notice(world, payment_of(world, party))
    assert deliver(world, given, key="notice-0001") == "paid"
    with worlds.unchanged(world):
        assert deliver(world, given, key="notice-0001") == "paid"
    with worlds.unchanged(world, without=PARKED):
        assert [deliver(world, given) for _ in range(3)] == ["repeated"] * 3
    with pytest.raises(kernel.KeyReused), worlds.unchanged(world):
        deliver(world, {**given, "signature": b"x"}, key="notice-0001")
    assert holds(world) == 20_000


@pytest.mark.row("PAY-1")
def test_a_notice_that_overtakes_the_providers_own_answer_counts(world):
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    payment = payment_of(world, party)
    assert payment.status is P.REQUESTED
    assert deliver(world, notice(world, payment, trade_no="T-early")) == "paid"
    worker.run_due(world)
    assert payment_of(world, party).status is P.PAID
    assert payment_of(world, party).trade_no == "T-early"
    assert worlds.rows(world, "SELECT status FROM job WHERE status = 'stuck'") == []


@pytest.mark.row("S-PAY-3")
def test_money_that_comes_a_second_time_becomes_a_refund_case_once(world, party):
    payment = payment_of(world, party)
    deliver(world, notice(world, payment))
    again = notice(world, payment, trade_no="T-second")
    assert deliver(world, again) == "came_twice"
    assert deliver(world, again) == "repeated"
    cases = worlds.rows(world, "SELECT kind, payment_id, trade_no, amount_fen FROM money_case")
    assert cases == [
        {
            "kind": "paid_twice",
            "payment_id": payment.id,
            "trade_no": "T-second",
            "amount_fen": 20_000,
        }
    ]
    assert holds(world) == 40_000
    assert holds(world, "overpayment") == -20_000
    assert payment_of(world, party).status is P.PAID
    [shown] = world.engine.ask(queries.my_payments, party.person)
    assert (shown.amount_fen, shown.came_twice_fen) == (20_000, 20_000)


@pytest.mark.row("S-PAY-6")
@pytest.mark.parametrize("before", ["opened", "paid"])
def test_a_refund_that_nobody_asked_for_is_put_aside(world, party, before):
    payment = payment_of(world, party)
    if before == "paid":
        deliver(world, notice(world, payment))
    with worlds.unchanged(world, without=PARKED):
        assert deliver(world, refund_notice(world, payment)) == "put_aside"
    assert worlds.kinds(world)[-1] == "payment.notice_refused"


def test_a_refund_is_posted_once_however_often_it_is_told(world, party):
    payment = payment_of(world, party)
    world.bank.pay(payment.id)
    deliver(world, notice(world, payment))
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    assert payment_of(world, party).status is P.REFUNDING
    back = refund_notice(world, payment)
    assert [deliver(world, back) for _ in range(3)] == ["refunded", "repeated", "repeated"]
    parties.settle(world)
    assert holds(world) == 0
    assert parties.violations(world) == {}


@pytest.mark.row("S-PAY-4")
def test_a_payment_whose_notice_is_lost_for_ever_is_asked_after(world, party):
    began = world.engine.now()
    world.bank.pay(payment_of(world, party).id)
    worlds.run_sql(world, "DELETE FROM sim_callback")
    worlds.clock_of(world).advance(5 * clock.MINUTE - 1)
    worker.run_due(world)
    assert payment_of(world, party).status is P.OPENED
    worlds.clock_of(world).advance(1)
    worker.run_due(world)
    assert payment_of(world, party).status is P.PAID
    assert world.engine.now() - began <= 10 * clock.MINUTE
    assert holds(world) == 20_000


def test_an_unpaid_payment_is_asked_after_ever_more_rarely_and_for_a_day(world, party):
    asked = 0
    for _ in range(60):
        due = worlds.rows(world, "SELECT due_at FROM job WHERE kind = 'ask_payment'")
        if not due:
            break
        worlds.clock_of(world).set(due[0]["due_at"])
        asked += worker.run_due(world)
    assert 5 <= asked < 20
    assert world.engine.now() - payment_of(world, party).created_at >= clock.DAY
    assert payment_of(world, party).status is P.OPENED


# -- many at once -----------------------------------------------------------------------------------


@pytest.mark.row("PAY-1")
@pytest.mark.row("S-PAY-2")
def test_fifty_parallel_notices_pay_once(any_world):
    world = any_world
    party = ordered(world)
    given = notice(world, payment_of(world, party))
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(lambda _: deliver(world, given), range(50)))
    assert collections.Counter(came) == {"paid": 1, "repeated": 49}
    assert holds(world) == 20_000
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("S-PAY-2")
def test_a_storm_of_right_wrong_and_doubled_notices_adds_up(any_world, count):
    world, many = any_world, count(6, 50)
    reviewers = parties.Reviewers.of(world)
    payments = [
        payment_of(world, ordered(world, number=n + 1, reviewers=reviewers)) for n in range(many)
    ]
    storm = []
    for payment in payments:
        storm += [notice(world, payment)] * 16
        storm.append(notice(world, payment, amount_fen=1))
        storm.append(notice(world, payment) | {"signature": bytes(32)})
        storm.append(notice(world, payment, trade_no=f"again-{payment.id}"))
    # A fixed shuffle: every seventh, so that the notices of one payment are far apart.
    shuffled = list(itertools.chain.from_iterable(storm[start::7] for start in range(7)))

    def attempt(given):
        try:
            return deliver(world, given)
        except errors.EngineError as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        came = collections.Counter(pool.map(attempt, shuffled))
    assert came == {
        "paid": many,
        "repeated": 15 * many,
        "came_twice": many,
        "ordering.notice_differs": many,
        "ordering.notice_forged": many,
    }
    # Each payment once, and each second trade once, which is its payer's.
    assert holds(world) == 40_000 * many
    assert holds(world, "overpayment") == -20_000 * many
    assert holds(world, "receivable") == 0
    assert parties.violations(world) == {}
    fold.require(world)
