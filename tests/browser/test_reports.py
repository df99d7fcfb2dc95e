"""Reports in a browser: a click on a figure opens its cases, and the address brings somebody else there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD
from tests.support import registering
from tests.support.served import ServedLine

_PHONES = ("13900001001", "13900001002", "13900001003")


def enter(page: Page, server: str, address: str) -> None:
    """Sign in as the lead, and go to an address of the console."""
    page.goto(f"{server}/login?lang=zh_CN")
    page.get_by_label("登录名").fill("lead")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("button.primary").click()
    expect(page.locator("h1")).to_be_visible()
    page.goto(address)


@pytest.mark.row("RPT-1")
@pytest.mark.row("RPT-5")
def test_a_click_on_a_figure_opens_its_cases_and_the_address_reproduces_it(
    page: Page, server: str, served: ServedLine, chromium: Browser
) -> None:
    for phone in _PHONES:
        registering.sign_up(served.world, phone)
    enter(page, server, f"{server}/reports_people")
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid).to_be_visible()
    box = grid.bounding_box()
    assert box is not None
    # The second column of the first row: who registered today.
    page.mouse.click(box["x"] + box["width"] * 0.19, box["y"] + 35 + 17)
    expect(page).to_have_url(re.compile(r"figure=registered"))
    expect(page.get_by_text("共 3 件")).to_be_visible()
    # Somebody else opens the link, on a phone.
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    another = context.new_page()
    enter(another, server, page.url)
    expect(another.get_by_text("共 3 件")).to_be_visible()
    wide = another.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    # What it shows can be taken along, by this browser alone.
    with another.expect_download() as got:
        another.get_by_role("link", name="CSV").last.click()
    assert got.value.suggested_filename == "people-cases.csv"
    assert got.value.path().read_text(encoding="utf-8-sig").count("\n") == 1 + len(_PHONES)
    context.close()
