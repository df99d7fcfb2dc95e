"""An invoice asked for on the phone beside the PC, at 1440: its sheets stay in the frame."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support import invoice_pages as pages
from tests.support import phones_in_page, worlds
from tests.support.served import ServedLine


def _within(frame: Locator, part: Locator) -> None:
    """A part is no wider than the frame and begins in it."""
    around, inside = frame.bounding_box(), part.bounding_box()
    assert around is not None
    assert inside is not None
    assert inside["x"] >= around["x"] - 1
    assert inside["x"] + inside["width"] <= around["x"] + around["width"] + 1
    assert inside["y"] >= around["y"] - 1


@pytest.mark.row("DEM-1", "INV-1", "ADR-1")
def test_an_invoice_is_asked_for_on_the_phone_beside_the_pc(
    page: Page, server: str, served: ServedLine
) -> None:
    page.goto(server + "/side_by_side")
    page.click("button[value=lead]")
    phone = page.locator(".beside .yx-phone")
    expect(phone.locator("h1").first).to_be_visible()
    person = phones_in_page.person_in(page, served, 0)
    served.certified(person)
    page.reload()
    phone.locator(".service", has_text="收件地址").click()
    phone.get_by_role("button", name="新增收件地址").click()
    phone.get_by_label("收件人", exact=True).fill(pages.RECIPIENT)
    phone.get_by_label("手机号", exact=True).fill(pages.PHONE)
    phone.get_by_role("button", name="所在地区").click()
    sheet = phone.get_by_role("dialog", name="所在地区")
    _within(phone, sheet)
    for name in pages.REGION:
        sheet.get_by_role("radio", name=name, exact=True).click()
    phone.get_by_label("详细地址", exact=True).fill(pages.DETAIL)
    phone.get_by_role("switch", name="设为默认收件地址").click()
    phone.get_by_role("button", name="保存", exact=True).click()
    expect(phone.get_by_role("heading", name="收件地址")).to_be_visible()
    # One step back is where one came from.
    phone.get_by_role("button", name="返回").click()
    phone.locator(".service", has_text="发票管理").click()
    phone.get_by_role("button", name="CA 证书").click()
    phone.get_by_role("checkbox", name="全部").click()
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_role("radio", name="纸质发票").click()
    expect(phone.get_by_role("button", name="收件地址")).to_contain_text(pages.RECIPIENT)
    expect(phone.get_by_role("button", name="发票抬头")).to_contain_text(person.identity.enterprise)
    phone.get_by_role("button", name="确认", exact=True).click()
    box = phone.get_by_role("dialog", name="请确认发票信息")
    _within(phone, box)
    box.get_by_role("button", name="确认提交").click()
    expect(phone.get_by_role("heading", name="发票详情")).to_be_visible()
    assert "invoice.applied_for" in worlds.kinds(served.world)
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
