"""Finance's page: the tax service's days beside ours, down to their lines and what differs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.staffing.model import Role
from tests.pages.test_money import choose, tables_of
from tests.support import moneys, tax_days

Open = Callable[[str], AppTest]
SignIn = Callable[..., object]


@pytest.mark.row("PAY-1")
def test_a_day_of_the_tax_service_opens_with_its_lines_and_differences(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    _, matched = tax_days.invoiced(console_world, tax_days.person(console_world))
    number = str(tax_days.row(console_world, matched)["number"])
    moneys.next_morning(
        tax_days.with_list(console_world, lambda entries: [*entries, tax_days.strange(entries[0])])
    )
    sign_in(Role.FINANCE)
    page = console("money")
    page = page.segmented_control(key="view").set_value("invoices").run()
    assert not page.exception
    page = choose(page, "taxday")
    assert not page.exception
    shown = tables_of(page)
    assert number in shown
    assert tax_days.STRANGE in shown
    [case] = moneys.cases(console_world, kind="invoice_missing_here")
    page = page.segmented_control(key="view").set_value("cases").run()
    page = choose(page, "case")
    assert not page.exception
    page.text_area(key=f"note-{case['id']}").input("税局重复开票，已申请作废").run()
    done = page.button(key=f"settle-{case['id']}").click().run()
    assert not done.exception
    assert moneys.cases(console_world, kind="invoice_missing_here")[0]["status"] == "settled"


@pytest.mark.row("PAY-1")
def test_a_world_without_invoices_says_what_will_be_here(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.FINANCE)
    page = console("money")
    page = page.segmented_control(key="view").set_value("invoices").run()
    assert not page.exception
    assert not page.dataframe
