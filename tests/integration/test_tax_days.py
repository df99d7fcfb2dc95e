"""The tax service's list of a day against invoices, orders, ledger: differences are cases (PAY-1)."""

from __future__ import annotations

import dataclasses

import pytest

from engine.kernel import actors, clock, errors, ports
from engine.ordering import actions as ordering
from engine.ordering import model as money
from engine.ordering import queries as orders
from engine.reconciling import actions, queries
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import fold, moneys, parties, services, tax_days, worlds

R = money.Resolution
JOB = actors.System(job="take_tax_list")


@pytest.fixture
def finance(world):
    return worlds.staff(world, Role.FINANCE)


def settle(world, who, kind, resolution):
    """Settle the one case of a kind; what it is then."""
    [case] = moneys.cases(world, kind=kind)
    given = {"case_id": case["id"], "resolution": resolution, "note": "已与税局核对"}
    return world.engine.perform(ordering.settle_case, given, actor=who)


def stands(world):
    """Nothing is wrong with the books, and the log tells them."""
    assert parties.violations(world) == {}
    fold.require(world)


# -- a good day -------------------------------------------------------------------------------------


@pytest.mark.row("PAY-1")
def test_a_day_s_list_and_our_invoices_agree(any_world):
    world = any_world
    finance = worlds.staff(world, Role.FINANCE)
    person = tax_days.person(world)
    _, one = tax_days.invoiced(world, person)
    _, other = tax_days.invoiced(world, person, platform_id="yangguang", months=3)
    moneys.next_morning(world)
    assert tax_days.cases(world) == []
    [day] = world.engine.ask(queries.tax_days, finance)
    total = sum(tax_days.row(world, invoice)["total_fen"] for invoice in (one, other))
    assert (day.listed.status, day.listed.line_count, day.here_count) == ("compared", 2, 2)
    assert (day.listed.total_fen, day.here_total_fen) == (total, total)
    assert day.listed.tax_fen == day.here_tax_fen
    lines = world.engine.ask(queries.tax_lines, finance, day.listed.business_date)
    assert [line.found for line in lines] == ["matched", "matched"]
    assert {line.number for line in lines} == {
        tax_days.row(world, invoice)["number"] for invoice in (one, other)
    }
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_refund_s_red_letter_stands_in_its_own_day_and_nothing_differs(any_world):
    world = any_world
    person = tax_days.person(world)
    order_id, invoice_id = tax_days.invoiced(world, person)
    moneys.next_morning(world)
    services.give_up(world, person, order_id)
    parties.settle(world)
    [red] = worlds.rows(world, "SELECT * FROM invoice WHERE reverses = ?", invoice_id)
    assert red["status"] == "issued"
    moneys.next_morning(world)
    assert tax_days.cases(world) == []
    finance = worlds.staff(world, Role.FINANCE)
    day = world.engine.ask(queries.tax_days, finance)[0]
    [line] = world.engine.ask(queries.tax_lines, finance, day.listed.business_date)
    assert (line.total_fen, line.found) == (red["total_fen"], "matched")
    assert line.blue_number == tax_days.row(world, invoice_id)["number"]
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_list_is_asked_for_in_the_morning_after_and_compared_once(world):
    tax_days.invoiced(world, tax_days.person(world))
    [job] = worlds.rows(world, "SELECT due_at FROM job WHERE kind = 'take_tax_list'")
    today = clock.start_of(clock.civil_date(world.engine.now()))
    assert job["due_at"] == today + clock.DAY + 10 * clock.HOUR
    moneys.next_morning(world)
    [kept] = worlds.rows(world, "SELECT id FROM tax_list WHERE status = 'compared'")
    given = {"tax_list_id": kept["id"], "entries": ()}
    with worlds.unchanged(world, without={"reply"}):
        world.engine.perform(actions.record_tax_list, given, actor=JOB)


@pytest.mark.row("PAY-1")
def test_finance_alone_sees_the_days(world):
    reviewer = worlds.staff(world, Role.ENTERPRISE_REVIEWER)
    for ask, given in ((queries.tax_days, ()), (queries.tax_lines, ("2026-06-01",))):
        with pytest.raises(MayNot):
            world.engine.ask(ask, reviewer, *given)


@pytest.mark.row("PAY-1")
def test_nobody_but_the_platform_records_a_list(world, finance):
    tax_days.invoiced(world, tax_days.person(world))
    [kept] = worlds.rows(world, "SELECT id FROM tax_list")
    given = {"tax_list_id": kept["id"], "entries": ()}
    with pytest.raises(errors.NotPermitted), worlds.unchanged(world):
        world.engine.perform(actions.record_tax_list, given, actor=finance)


# -- what differs ------------------------------------------------------------------------------------


@pytest.mark.row("PAY-1")
def test_an_invoice_that_only_the_list_knows_is_a_case(any_world):
    world = any_world
    finance = worlds.staff(world, Role.FINANCE)
    _, invoice_id = tax_days.invoiced(world, tax_days.person(world))

    def one_more(entries):
        strange = dataclasses.replace(
            entries[0], number="26652000000000099999", invoice_id="inv_strange"
        )
        return [*entries, strange]

    moneys.next_morning(tax_days.with_list(world, one_more))
    assert tax_days.cases(world) == [("invoice_missing_here", "26652000000000099999", "open")]
    [case] = moneys.cases(world, kind="invoice_missing_here")
    assert (case["amount_fen"], case["invoice_id"]) == (0, None)
    assert case["other_fen"] == tax_days.row(world, invoice_id)["total_fen"]
    done = settle(world, finance, "invoice_missing_here", R.EXPLAIN)
    assert done.status is money.MoneyCaseStatus.SETTLED
    stands(world)


@pytest.mark.row("PAY-1")
def test_a_second_number_for_one_of_our_invoices_is_a_case(world):
    _, invoice_id = tax_days.invoiced(world, tax_days.person(world))
    again = "26652000000000088888"

    def twice(entries):
        return [*entries, dataclasses.replace(entries[0], number=again)]

    moneys.next_morning(tax_days.with_list(world, twice))
    assert tax_days.cases(world) == [("invoice_missing_here", again, "open")]
    [case] = moneys.cases(world, kind="invoice_missing_here")
    assert case["invoice_id"] == invoice_id
    assert case["payment_id"] is not None
    stands(world)


@pytest.mark.row("PAY-1")
def test_an_invoice_that_the_list_lacks_is_a_case_until_a_later_list_shows_it(any_world):
    world = any_world
    person = tax_days.person(world)
    _, invoice_id = tax_days.invoiced(world, person)
    number = tax_days.row(world, invoice_id)["number"]
    held: list[ports.TaxEntry] = []

    def without(entries):
        held.extend(entries)
        return []

    moneys.next_morning(tax_days.with_list(world, without))
    assert tax_days.cases(world) == [("invoice_missing_there", number, "open")]
    tax_days.invoiced(world, person, platform_id="yangguang", months=1)
    moneys.next_morning(tax_days.with_list(world, lambda entries: [*held, *entries]))
    assert ("invoice_missing_there", number, "settled") in tax_days.cases(world)
    [case] = moneys.cases(world, kind="invoice_missing_there")
    assert case["resolution"] == "in_a_later_list"
    stands(world)


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize("column", ["total_fen", "tax_fen"])
def test_another_total_or_tax_is_a_case_with_both_figures(world, column):
    _, invoice_id = tax_days.invoiced(world, tax_days.person(world))

    def other(entries):
        return [dataclasses.replace(one, **{column: getattr(one, column) + 100}) for one in entries]

    moneys.next_morning(tax_days.with_list(world, other))
    [case] = moneys.cases(world, kind="invoice_amount")
    ours = tax_days.row(world, invoice_id)["total_fen"]
    assert case["amount_fen"] == ours
    assert case["other_fen"] == ours + (100 if column == "total_fen" else 0)
    stands(world)


@pytest.mark.row("PAY-1")
def test_an_invoice_that_is_numbered_there_and_stands_still_here_is_asked_after(any_world):
    """No answer comes; the list brings it up while the job waits, and finance has it asked for at once."""
    world = any_world
    finance = worlds.staff(world, Role.FINANCE)
    person = tax_days.person(world)
    found = services.paid(world, person)
    invoice_id = tax_days.applied(world, person, found.id, name="税局停机测试")
    for _ in range(12):
        worlds.clock_of(world).advance(clock.HOUR)
        parties.settle(world, rounds=1)
    assert tax_days.row(world, invoice_id)["status"] == "applied"
    total = tax_days.row(world, invoice_id)["total_fen"]
    number = "26652000000000077777"

    def numbered(entries):
        entry = ports.TaxEntry(
            number=number,
            invoice_id=invoice_id,
            blue_number="",
            net_fen=total,
            tax_fen=0,
            total_fen=total,
            issued_at=world.engine.now() - clock.DAY,
        )
        return [*entries, entry]

    moneys.next_morning(tax_days.with_list(world, numbered))
    assert ("invoice_state", number, "open") in tax_days.cases(world)
    settle(world, finance, "invoice_state", R.ASK_AGAIN)
    assert tax_days.row(world, invoice_id)["status"] == "applied"
    due = "SELECT subject FROM job WHERE kind = 'issue_invoice' AND due_at <= ?"
    assert [job["subject"] for job in worlds.rows(world, due, world.engine.now())] == [invoice_id]
    stands(world)


@pytest.mark.row("PAY-1")
def test_money_that_went_back_without_a_red_letter_gets_one_when_the_case_is_settled(
    world, finance
):
    """As books from before red letters show it: the refund's red letter is missing."""
    person = tax_days.person(world)
    order_id, invoice_id = tax_days.invoiced(world, person)
    services.give_up(world, person, order_id)
    parties.settle(world)
    red = "SELECT id FROM invoice WHERE reverses = ?"
    [made] = worlds.rows(world, red, invoice_id)
    _forget_red_letter(world, made["id"], invoice_id)
    moneys.next_morning(world)
    [case] = moneys.cases(world, kind="invoice_no_red")
    payment = services.payment(world, order_id)
    back = sum(one["amount_fen"] for one in _refunds(world, payment.id))
    assert case["subject"] == order_id
    assert case["amount_fen"] - case["other_fen"] == back
    assert [one["kind"] for one in moneys.cases(world)].count("invoice_no_red") == 1
    settle(world, finance, "invoice_no_red", R.RED_LETTER)
    parties.settle(world)
    [again] = worlds.rows(world, "SELECT * FROM invoice WHERE reverses = ?", invoice_id)
    assert (again["status"], again["total_fen"]) == ("issued", -back)


def _refunds(world, payment_id):
    return worlds.rows(world, "SELECT amount_fen FROM refund WHERE payment_id = ?", payment_id)


def _forget_red_letter(world, red_id, blue_id):
    """Go around the engine: the books of a version that made none."""
    for sql, given in (
        ("DELETE FROM invoiced_order WHERE invoice_id = ?", red_id),
        ("DELETE FROM invoice WHERE id = ?", red_id),
        ("UPDATE invoice SET status = 'issued', reversed_fen = 0 WHERE id = ?", blue_id),
        ("DELETE FROM invoice_balance WHERE id <> ?", ""),
        ("DELETE FROM sim_tax_invoice WHERE invoice_id = ?", red_id),
    ):
        worlds.run_sql(world, sql, given)


@pytest.mark.row("PAY-1")
def test_more_invoiced_than_paid_or_than_the_ledger_holds_is_a_case(world):
    """Only somebody with the database's password can make it so; the morning after shows it."""
    person = tax_days.person(world)
    order_id, _ = tax_days.invoiced(world, person)
    worlds.run_sql(
        world, "UPDATE payment SET amount_fen = amount_fen - 100 WHERE order_id = ?", order_id
    )
    moneys.next_morning(world)
    [case] = moneys.cases(world, kind="invoice_too_much")
    assert (case["subject"], case["amount_fen"] - case["other_fen"]) == (order_id, 100)


@pytest.mark.row("PAY-1")
def test_a_case_about_an_invoice_names_its_order_to_finance(world, finance):
    order_id, invoice_id = tax_days.invoiced(world, tax_days.person(world))
    moneys.next_morning(tax_days.with_list(world, lambda entries: []))
    [shown] = [
        one
        for one in world.engine.ask(orders.money_cases, finance)
        if one.case.invoice_id == invoice_id
    ]
    assert shown.order_id == order_id
    assert shown.order_number.startswith("FW")
    assert shown.resolutions == (R.EXPLAIN,)
