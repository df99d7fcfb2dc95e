"""The desk's papers and panels by the keyboard, two reviewers at one case, and the desk on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_names import _FAULTS
from tests.support import desk_pages, worlds
from tests.support.desk_pages import DeskPage
from tests.support.served import ServedLine


@pytest.fixture(scope="module")
def claimed(served: ServedLine) -> ServedLine:
    """The served world with a few cases waiting."""
    desk_pages.claims(served, 4)
    return served


@pytest.fixture
def desk(page: Page, server: str, claimed: ServedLine) -> DeskPage:
    """The lead's desk with a case in hand."""
    found = DeskPage(page, server)
    found.open("lead")
    found.press("n")
    expect(found.button("通过")).to_be_visible()
    found.ready()
    return found


def _width(desk: DeskPage) -> float:
    box = desk.page.locator(".desk-stage img").bounding_box()
    assert box is not None
    return box["width"]


@pytest.mark.row("OPS-1")
def test_papers_are_turned_and_enlarged_and_a_reason_brings_its_paper_up(desk: DeskPage) -> None:
    tabs, picture = desk.page.locator(".desk-tabs button"), desk.page.locator(".desk-stage img")
    chosen = desk.page.locator(".desk-tabs button[aria-selected=true]")
    expect(chosen).to_have_text("营业执照")
    expect(picture).to_have_js_property("complete", True)
    whole = _width(desk)
    desk.press("+")
    assert _width(desk) > 1.4 * whole
    desk.press("o")
    expect(picture).to_have_attribute("style", re.compile(r"rotate\(90deg\)"))
    desk.press("0")
    assert abs(_width(desk) - whole) < 2
    desk.press("]", "]")
    expect(tabs.nth(2)).to_have_attribute("aria-selected", "true")
    desk.press("[")
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    desk.press("x")
    reason = desk.page.locator(".st-key-desk-panel label").filter(has_text="营业执照无法看清")
    sign = reason.locator("code").inner_text()
    desk.press(sign.lower())
    expect(chosen).to_have_text("营业执照")
    expect(chosen).to_have_class("desk-lit")
    desk.press("Escape", "p")
    expect(desk.button("领取")).to_be_visible()


@pytest.mark.row("OPS-1")
def test_a_colleague_is_seen_looking_and_takes_the_case_over_with_a_reason(
    desk: DeskPage, chromium: Browser, server: str, claimed: ServedLine
) -> None:
    case_id = desk.ready()
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    other = DeskPage(context.new_page(), server)
    other.open("second", f"/desk?case={case_id}")
    expect(other.page.get_by_text("林主管也在查看")).to_be_visible()
    expect(desk.page.get_by_text("周复核也在查看")).to_be_visible()
    other.press("u")
    expect(other.page.get_by_label("原因（同事可见）")).to_be_focused()
    other.page.keyboard.type("axp 申请人来电")
    other.page.keyboard.press("Enter")
    expect(other.button("通过")).to_be_visible()
    assert worlds.kinds(claimed.world)[-1] == "case.taken_over"
    # What the first one sees is old: their approval is refused, and says whose it is now.
    desk.press("a")
    expect(desk.page.get_by_test_id("stAlert")).to_be_visible()
    expect(desk.button("接手")).to_be_visible()
    assert "case.approval_given" not in worlds.kinds(claimed.world)
    context.close()


@pytest.mark.row("OPS-1")
def test_the_desk_fits_a_phone_and_its_buttons_stay_at_hand(
    phone_page: Page, server: str, claimed: ServedLine
) -> None:
    desk = DeskPage(phone_page, server)
    desk.open("third")
    desk.page.get_by_role("button", name=re.compile("^下一件")).click()
    approve = desk.page.get_by_role("button", name=re.compile("^通过"))
    expect(approve).to_be_in_viewport()
    assert [one for one in desk.page.evaluate(_FAULTS) if "the page" in one] == []
    before = worlds.kinds(claimed.world).count("case.approval_given")
    first = desk.ready()
    approve.click()
    expect(desk.page.locator("html")).not_to_have_attribute("data-desk-keys", first)
    assert worlds.kinds(claimed.world).count("case.approval_given") == before + 1
