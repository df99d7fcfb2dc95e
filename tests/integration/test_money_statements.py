"""The daily statement (对账单) against payments, ledger and orders: every difference is a work item."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.kernel import actors, clock, errors, ports
from engine.ordering import actions, model, money, queries
from engine.ordering.money import reading
from engine.providers import bank
from engine.staffing.model import Role
from tests.support import fold, moneys, parties, worlds

P, R = model.PaymentStatus, model.Resolution
JOB = actors.System(job="take_statement")


@pytest.fixture
def finance(world):
    return worlds.staff(world, Role.FINANCE)


def settle(world, who, case, resolution, **given):
    """Settle a case; what it is then."""
    arguments = {"case_id": case["id"], "resolution": resolution, "note": "与支付机构核实", **given}
    return world.engine.perform(actions.settle_case, arguments, actor=who)


def stands(world):
    """Nothing is wrong with the books, and the log tells them."""
    assert parties.violations(world) == {}
    fold.require(world)


def file_of(*lines, day="2026-06-01", sums=None):
    """A statement as the provider writes it."""
    head = f"#statement,yinxin,{day}\r\n" + ",".join(reading._HEAD) + "\r\n"
    body = "".join(",".join(line) + "\r\n" for line in lines)
    paid = sum(round(float(line[4]) * 100) for line in lines if line[0] == "payment")
    back = sum(round(float(line[4]) * 100) for line in lines if line[0] == "refund")
    fees = sum(round(float(line[5]) * 100) for line in lines)
    told = sums or (len(lines), *(f"{fen / 100:.2f}" for fen in (paid, back, fees)))
    return (head + body + ",".join(map(str, ("#sums", *told))) + "\r\n").encode()


def line_of(payment, *, trade_no="", amount="200.00", state="success", kind="payment", ref=""):
    """A line about a payment."""
    number = trade_no or payment.trade_no
    time = "2026-06-01 09:00:00"
    return (kind, ref or number, number, payment.id, amount, "1.20", "CNY", state, time)


class OtherStatement:
    """A provider whose statement is what a test says."""

    def __init__(self, inner, content):
        self._inner, self._content = inner, content

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def statement(self, business_date):
        """The statement."""
        return self._content(business_date)


def with_statement(world, content):
    """The world with another statement."""
    other = OtherStatement(world.ports.payment, content)
    return dataclasses.replace(world, ports=dataclasses.replace(world.ports, payment=other))


# -- a good day -------------------------------------------------------------------------------------


@pytest.mark.row("PAY-1")
def test_a_day_without_faults_has_no_difference_and_reaches_the_bank(any_world):
    world = any_world
    reviewers = parties.Reviewers.of(world)
    one = moneys.paid(world, reviewers=reviewers)
    other = moneys.paid(world, number=2, reviewers=reviewers)
    world.engine.perform(actions.cancel, {"order_id": other.order_id}, actor=other.person)
    parties.settle(world)
    moneys.next_morning(world)
    paid = moneys.payment_of(world, one).amount_fen
    fees = 2 * bank.load_rules().fee(paid)
    assert moneys.holds(world, "provider_clearing") == 0
    assert moneys.holds(world, "bank") == paid - fees
    assert moneys.holds(world, "provider_fees") == fees
    assert moneys.cases(world) == []
    finance = worlds.staff(world, Role.FINANCE)
    [day] = world.engine.ask(queries.money_days, finance)
    assert (day.statement.paid_fen, day.statement.refunded_fen) == (2 * paid, paid)
    assert (day.here_paid_fen, day.here_refunded_fen, day.open_cases) == (2 * paid, paid, 0)
    lines = world.engine.ask(queries.statement_lines, finance, day.statement.business_date)
    assert [line.found for line in lines] == ["matched"] * 3
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_statement_comes_in_the_morning_after_and_once(world):
    moneys.paid(world)
    [job] = worlds.rows(world, "SELECT due_at FROM job WHERE kind = 'take_statement'")
    today = clock.start_of(clock.civil_date(world.engine.now()))
    assert job["due_at"] == today + clock.DAY + 10 * clock.HOUR
    moneys.next_morning(world)
    [kept] = worlds.rows(world, "SELECT id, status FROM statement")
    assert kept["status"] == "compared"
    with worlds.unchanged(world, without={"reply"}):
        world.engine.perform(
            actions.record_statement,
            {"statement_id": kept["id"], "content": file_of()},
            actor=JOB,
        )


@pytest.mark.row("PAY-1")
def test_the_books_drill_down_to_their_lines_and_add_up(world, finance):
    moneys.paid(world)
    moneys.next_morning(world)
    balances = world.engine.ask(queries.ledger_balances, finance)
    assert sum(one.balance_fen for one in balances.values()) == 0
    assert set(balances) <= set(world.engine.ask(queries.chart, finance))
    for account, balance in balances.items():
        lines = world.engine.ask(queries.ledger_lines, finance, account)
        assert sum(line.amount_fen for line in lines) == balance.balance_fen
        whole = world.engine.ask(queries.ledger_posting, finance, lines[0].posting_id)
        assert sum(line.amount_fen for line in whole) == 0


# -- what a provider does wrong ----------------------------------------------------------------------


@pytest.mark.row("PAY-1")
def test_a_payment_that_the_statement_lacks_is_a_case_until_a_later_one_shows_it(any_world):
    world = any_world
    moneys.paid(world, account="sandbox-line-late")
    moneys.next_morning(world)
    [case] = moneys.cases(world, kind="missing_there")
    assert (case["status"], case["amount_fen"]) == (
        "open",
        moneys.holds(world, "provider_clearing"),
    )
    moneys.paid(world, number=2)
    moneys.next_morning(world)
    [case] = moneys.cases(world)
    assert (case["status"], case["resolution"]) == ("settled", "in_a_later_statement")
    assert moneys.holds(world, "provider_clearing") == 0
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_payment_that_no_statement_ever_shows_is_written_off(world, finance):
    moneys.paid(world, account="sandbox-line-missing")
    moneys.next_morning(world)
    [case] = moneys.cases(world, kind="missing_there")
    fen = case["amount_fen"]
    settle(world, finance, case, R.WRITE_OFF)
    assert moneys.holds(world, "differences") == fen
    assert moneys.holds(world, "provider_clearing") == 0


@pytest.mark.row("PAY-1")
def test_an_amount_that_differs_is_a_case_and_the_rest_is_booked_where_finance_says(world, finance):
    moneys.paid(world, account="sandbox-wrong-amount")
    moneys.next_morning(world)
    [case] = moneys.cases(world, kind="amount")
    assert case["other_fen"] - case["amount_fen"] == 100
    assert moneys.holds(world, "provider_clearing") == -100
    settle(world, finance, case, R.TAKE_THEIRS)
    assert moneys.holds(world, "provider_clearing") == 0
    assert moneys.holds(world, "differences") == -100
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_line_that_stands_twice_is_counted_once(world, finance):
    party = moneys.paid(world, account="sandbox-line-repeated")
    moneys.next_morning(world)
    [case] = moneys.cases(world, kind="repeated")
    fen = moneys.payment_of(world, party).amount_fen
    assert moneys.holds(world, "bank") == fen - bank.load_rules().fee(fen)
    settle(world, finance, case, R.EXPLAIN)
    assert moneys.cases(world, status="open") == []
    stands(world)


@pytest.mark.row("PAY-1")
@pytest.mark.row("S-PAY-4")
def test_what_only_the_statement_tells_of_is_booked_and_said(any_world):
    world = any_world
    party = moneys.ordered(world)
    worlds.run_sql(world, "DELETE FROM job WHERE kind = 'ask_payment'")
    world.bank.pay(moneys.payment_of(world, party).id, "sandbox-notice-lost")
    moneys.next_morning(world)
    assert moneys.payment_of(world, party).status is P.PAID
    [case] = moneys.cases(world)
    assert (case["kind"], case["status"]) == ("late", "open")
    assert "order.paid" in worlds.kinds(world)
    assert moneys.holds(world, "provider_clearing") == 0
    stands(world)


@pytest.mark.row("S-PAY-3")
@pytest.mark.row("PAY-1")
def test_a_second_payment_that_only_the_statement_tells_of_is_its_payers(world):
    party = moneys.paid(world)
    payment = moneys.payment_of(world, party)
    content = file_of(line_of(payment), line_of(payment, trade_no="T-second"))
    moneys.next_morning(with_statement(world, lambda _: content))
    assert [case["kind"] for case in moneys.cases(world)] == ["late", "paid_twice"]
    assert moneys.holds(world, "overpayment") == -payment.amount_fen
    stands(world)


@pytest.mark.row("PAY-1")
def test_what_was_written_off_and_is_shown_after_all_is_not_lost(world, finance):
    moneys.paid(world, account="sandbox-line-late")
    moneys.next_morning(world)
    [case] = moneys.cases(world, kind="missing_there")
    settle(world, finance, case, R.WRITE_OFF)
    assert moneys.holds(world, "differences") == case["amount_fen"]
    moneys.paid(world, number=2)
    moneys.next_morning(world)
    assert moneys.holds(world, "differences") == 0
    assert moneys.holds(world, "provider_clearing") == 0
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_proposal_falls_when_the_course_of_things_answers_it(world, finance):
    moneys.paid(world, account="sandbox-line-late")
    moneys.next_morning(world)
    moneys.limit(world, 100)
    [case] = moneys.cases(world, kind="missing_there")
    settle(world, finance, case, R.WRITE_OFF)
    moneys.paid(world, number=2)
    moneys.next_morning(world)
    [case] = moneys.cases(world, kind="missing_there")
    assert (case["status"], case["resolution"]) == ("settled", "in_a_later_statement")
    asked = "SELECT status FROM review_case WHERE kind = 'settlement'"
    assert worlds.rows(world, asked) == [{"status": "withdrawn"}]
    assert moneys.holds(world, "differences") == 0
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_refund_paid_otherwise_that_the_provider_made_as_well_is_a_case(world, finance):
    party = moneys.paid(world, account="sandbox-card-closed")
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    parties.settle(world)
    [case] = moneys.cases(world, kind="refund_failed")
    settle(world, finance, case, R.PAY_OTHERWISE)
    payment = moneys.payment_of(world, party)
    back = line_of(payment, kind="refund", ref=case["subject"])
    content = file_of(line_of(payment), back)
    moneys.next_morning(with_statement(world, lambda _: content))
    [after] = moneys.cases(world, kind="state")
    assert (after["subject"], after["status"]) == (case["subject"], "open")


# -- what nobody here knows --------------------------------------------------------------------------


@pytest.fixture
def unknown(world):
    """A day whose statement holds money that nobody here knows; an order waits for as much."""
    waiting = moneys.ordered(world)
    stranger = dataclasses.replace(
        moneys.payment_of(world, waiting), id="pay_strange", trade_no="T-strange"
    )
    content = file_of(line_of(stranger))
    moneys.next_morning(with_statement(world, lambda _: content))
    [case] = moneys.cases(world, kind="missing_here")
    assert moneys.holds(world, "suspense") == -20_000
    assert moneys.holds(world, "provider_clearing") == 0
    return waiting, case


@pytest.mark.row("S-PAY-6")
@pytest.mark.row("PAY-1")
def test_unknown_money_is_matched_to_the_order_that_waits_for_it(world, finance, unknown):
    waiting, case = unknown
    number = worlds.rows(world, "SELECT number FROM certificate_order")[0]["number"]
    arguments = {
        "case_id": case["id"],
        "resolution": R.MATCH,
        "note": "付款人来电",
        "order_number": "CA",
    }
    with pytest.raises(errors.PolicyRefused), worlds.unchanged(world):
        world.engine.perform(actions.settle_case, arguments, actor=finance)
    settle(world, finance, case, R.MATCH, order_number=number)
    assert moneys.payment_of(world, waiting).status is P.PAID
    assert moneys.holds(world, "suspense") == 0
    assert moneys.holds(world, "receivable") == 0
    assert "order.paid" in worlds.kinds(world)
    stands(world)


@pytest.mark.row("PAY-1")
def test_unknown_money_is_given_back(world, finance, unknown):
    _, case = unknown
    worlds.run_sql(
        world,
        "INSERT INTO sim_trade VALUES ('T-strange', 'payment', 'T-strange', 'pay_strange', 20000, 0, 1)",
    )
    settle(world, finance, case, R.GIVE_BACK)
    parties.settle(world)
    assert moneys.holds(world, "suspense") == 0
    assert moneys.holds(world, "refunds_payable") == 0
    assert moneys.holds(world, "provider_clearing") == -20_000
    moneys.next_morning(world)
    assert moneys.holds(world, "provider_clearing") == 0
    stands(world)


@pytest.mark.row("PAY-1")
def test_unknown_money_that_nobody_claims_is_written_off(world, finance, unknown):
    _, case = unknown
    settle(world, finance, case, R.WRITE_OFF)
    assert moneys.holds(world, "suspense") == 0
    assert moneys.holds(world, "differences") == -20_000
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_line_that_did_not_succeed_is_a_case_and_counts_for_nothing(world):
    party = moneys.paid(world)
    content = file_of(line_of(moneys.payment_of(world, party), state="reversed"))
    moneys.next_morning(with_statement(world, lambda _: content))
    assert {case["kind"] for case in moneys.cases(world)} == {"state", "missing_there"}
    assert moneys.holds(world, "bank") == 0


@pytest.mark.row("PAY-1")
def test_books_and_orders_that_disagree_with_a_days_payments_are_cases(world):
    party = moneys.paid(world)
    payment = moneys.payment_of(world, party)
    worlds.run_sql(world, "UPDATE certificate_order SET status = 'awaiting_payment'")
    worlds.run_sql(world, "UPDATE movement SET amount_fen = amount_fen - 1")
    content = file_of(line_of(payment, amount="199.99"))
    moneys.next_morning(with_statement(world, lambda _: content))
    found = {case["subject"]: case for case in moneys.cases(world, kind="state")}
    assert set(found) == {f"ledger:{payment.id}", f"order:{party.order_id}"}
    told = found[f"ledger:{payment.id}"]
    assert (told["amount_fen"], told["other_fen"]) == (20_000, 19_999)


# -- the file ---------------------------------------------------------------------------------------


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"<html>503</html>",
        file_of(day="2026-06-02"),
        file_of(sums=(1, "0.00", "0.00", "0.00")),
        file_of(
            ("payment", "T", "T", "p", "1.00", "0.00", "USD", "success", "2026-06-01 09:00:00")
        ),
        file_of(
            ("payment", "T", "T", "p", "1.001", "0.00", "CNY", "success", "2026-06-01 09:00:00")
        ),
        file_of(
            ("payment", "T", "T", "p", "-1.00", "0.00", "CNY", "success", "2026-06-01 09:00:00")
        ),
        file_of(("gift", "T", "T", "p", "1.00", "0.00", "CNY", "success", "2026-06-01 09:00:00")),
        file_of(("payment", "T", "T", "p", "1.00", "0.00", "CNY", "success", "yesterday")),
        file_of(("payment", "", "T", "p", "1.00", "0.00", "CNY", "success", "2026-06-01 09:00:00")),
        file_of(
            ("payment", "T", "T", "p", "1.00", "0.00", "CNY", "success", "2026-06-01 09:00:00")
        )[:-20],
    ],
)
def test_a_damaged_statement_changes_nothing(content):
    with pytest.raises(money.StatementDamaged):
        reading.read(content, business_date="2026-06-01")


@pytest.mark.row("PAY-1")
def test_a_damaged_statement_is_asked_for_again(world):
    moneys.paid(world)
    day = clock.civil_date(world.engine.now()).isoformat()
    whole = []

    def content(business_date):
        return whole[0] if whole else b"#statement,yinxin"

    broken = with_statement(world, content)
    moneys.next_morning(broken)
    assert [row["status"] for row in worlds.rows(world, "SELECT status FROM statement")] == [
        "awaited"
    ]
    whole.append(world.ports.payment.statement(day))
    worlds.clock_of(world).advance(clock.MINUTE)
    worker.tick(broken, owner="test")
    assert moneys.holds(world, "provider_clearing") == 0
    stands(world)


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize("name", ["person", "staff", "machine"])
def test_only_the_platforms_own_job_records_what_the_provider_said(world, finance, name):
    party = moneys.paid(world)
    actor = {"person": party.person, "staff": finance, "machine": moneys.BANK}[name]
    [kept] = worlds.rows(world, "SELECT id FROM statement")
    given = {"statement_id": kept["id"], "content": file_of()}
    with pytest.raises(errors.NotPermitted), worlds.unchanged(world):
        world.engine.perform(actions.record_statement, given, actor=actor)
    refund = {"refund_id": "rfd_x", "status": "done"}
    with pytest.raises(errors.NotPermitted), worlds.unchanged(world):
        world.engine.perform(actions.record_refund_asked, refund, actor=actor)


@pytest.mark.row("PAY-1")
def test_a_statement_before_its_time_is_not_there_yet(world):
    with pytest.raises(ports.NotYet) as early:
        world.ports.payment.statement(clock.civil_date(world.engine.now()).isoformat())
    assert early.value.until > world.engine.now()


# -- a month of everything ---------------------------------------------------------------------------


@pytest.mark.row("PAY-1")
def test_many_payments_with_every_fault_end_in_books_that_add_up(any_world, count):
    shares = dict.fromkeys(bank.Faults.model_fields, 0.2)
    world = moneys.with_faults(any_world, **shares)
    reviewers, finance = parties.Reviewers.of(world), worlds.staff(world, Role.FINANCE)
    many = [moneys.paid(world, number=n + 1, reviewers=reviewers) for n in range(count(12, 120))]
    for party in many[::3]:
        world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    parties.settle(world)
    moneys.next_morning(world, days=2)
    moneys.limit(world, 100_000_000)
    for _ in range(3):
        for case in moneys.cases(world, status="open"):
            settle(world, finance, case, _way(case))
        parties.settle(world)
        moneys.next_morning(world)
    assert moneys.cases(world, status="open", kind="refund_failed") == []
    assert moneys.holds(world, "refunds_payable") == 0
    assert moneys.holds(world, "overpayment") == 0
    assert moneys.holds(world, "suspense") == 0
    stands(world)


def _way(case) -> R:
    kind = model.CaseKind(case["kind"])
    if kind is model.CaseKind.REFUND_FAILED:
        return R.PAY_OTHERWISE
    return next(one for one in model.RESOLUTIONS[kind] if one is not R.MATCH)
