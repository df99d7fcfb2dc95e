"""The API's documentation in a browser: found by searching, in both languages, narrow and wide (API-1)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.row("API-1")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_an_operation_is_found_and_read_and_nothing_comes_from_outside(
    page: Page, server: str, width: int, height: int
) -> None:
    outside: list[str] = []
    page.on(
        "request",
        lambda one: None if one.url.startswith((server, "data:")) else outside.append(one.url),
    )
    problems: list[str] = []
    page.on("pageerror", lambda one: problems.append(str(one)))
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{server}/api/docs?lang=en")
    page.get_by_role("searchbox").fill("bank_card")
    page.get_by_role("link", name="Whose a bank card is").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Whose a bank card is, by its number")
    expect(page.get_by_text("/api/v1/registration/bank-of", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="http.asked_too_often")).to_be_visible()
    for sample in ("curl", "import urllib.request"):
        expect(page.locator("pre", has_text=sample).first).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("按卡号查发卡银行")
    expect(page.get_by_role("heading", name="会拒绝什么")).to_be_visible()
    assert (outside, problems) == ([], [])


def test_who_calls_narrows_the_list(page: Page, server: str) -> None:
    page.goto(f"{server}/api/docs?lang=en")
    everything = int(str(page.locator(".count").text_content()).split()[0])
    page.get_by_role("button", name="Trading platform", exact=True).click()
    expect(page.get_by_role("link", name="Place a purchase order")).to_be_visible()
    assert int(str(page.locator(".count").text_content()).split()[0]) < everything
    page.get_by_role("searchbox").fill("no such operation")
    expect(page.get_by_text("No operation matches. Try another word.")).to_be_visible()
