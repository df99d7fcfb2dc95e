"""Finance's page: cases settled with a note, days beside their statements, the ledger down to its lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.staffing.model import Role
from tests.support import moneys, worlds

Open = Callable[[str], AppTest]
SignIn = Callable[..., object]


def tables_of(page: AppTest) -> str:
    """Everything that the page's tables show."""
    return " ".join(one.value.to_string() for one in page.dataframe)


def choose(page: AppTest, key: str, nth: int = 0) -> AppTest:
    """Choose from a select box, by place."""
    box = page.selectbox(key=key)
    return box.select(box.options[nth]).run()


@pytest.fixture
def day(console_world: World) -> World:
    """The morning after a day on which one paid twice and the statement was wrong for another."""
    moneys.paid(console_world, account="sandbox-paid-twice")
    moneys.paid(console_world, number=2, account="sandbox-wrong-amount")
    moneys.next_morning(console_world)
    return console_world


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize("role", [Role.FINANCE, Role.LEAD])
def test_finance_settles_a_case_with_a_note(
    day: World, sign_in: SignIn, console: Open, role: Role
) -> None:
    sign_in(role)
    page = console("money")
    assert not page.exception
    assert page.metric[0].value == "2"
    page = choose(page, "case")
    [case] = moneys.cases(day, kind="paid_twice")
    refused = page.button(key=f"settle-{case['id']}").click().run()
    assert refused.error
    assert moneys.cases(day, kind="paid_twice")[0]["status"] == "open"
    refused.text_area(key=f"note-{case['id']}").input("付款人来电确认重复支付").run()
    done = refused.button(key=f"settle-{case['id']}").click().run()
    assert not done.exception
    [after] = moneys.cases(day, kind="paid_twice")
    assert (after["status"], after["note"]) == ("settled", "付款人来电确认重复支付")
    assert worlds.kinds(day).count("money_case.settled") == 1


@pytest.mark.row("PAY-1")
def test_a_day_opens_with_its_lines_and_differences(
    day: World, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.FINANCE)
    page = console("money")
    page = page.segmented_control(key="view").set_value("days").run()
    assert not page.exception
    page = choose(page, "day")
    shown = tables_of(page)
    assert not page.exception
    assert moneys.cases(day, kind="amount")[0]["subject"] in shown
    assert "201" in shown


@pytest.mark.row("PAY-1")
def test_the_ledger_opens_down_to_a_posting(day: World, sign_in: SignIn, console: Open) -> None:
    sign_in(Role.FINANCE)
    page = console("money").segmented_control(key="view").set_value("ledger").run()
    assert not page.exception
    assert any("0.00" in one.value for one in page.caption)
    page = choose(choose(page, "account"), "posting")
    assert not page.exception
    last = page.dataframe[-1].value
    assert round(float(last.iloc[:, 1].sum() - last.iloc[:, 2].sum()), 2) == 0


def test_a_world_without_money_says_what_will_be_here(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.FINANCE)
    page = console("money")
    assert not page.exception
    assert page.info
    for view in ("days", "ledger"):
        assert not page.segmented_control(key="view").set_value(view).run().exception


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize("role", [Role.AGENT, Role.PLATFORM_REVIEWER, Role.QA])
def test_nobody_else_is_offered_the_page(
    console_world: World, sign_in: SignIn, console: Open, role: Role
) -> None:
    sign_in(role)
    with pytest.raises(ValueError, match="money"):
        console("money")
