"""The handwriting pad in the phone beside the PC, at 1440: by mouse, from the list and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support import phones_in_page, worlds
from tests.support import seal_pages as seals
from tests.support.served import ServedLine


@pytest.mark.row("DEM-1", "SEA-2")
def test_a_signature_is_written_by_mouse_on_the_phone_beside_the_pc(
    page: Page, server: str, served: ServedLine
) -> None:
    page.goto(server + "/side_by_side")
    page.click("button[value=lead]")
    phone = page.locator(".beside .yx-phone")
    expect(phone.locator("h1").first).to_be_visible()
    person = phones_in_page.person_in(page, served, 0)
    served.certified(person)
    page.reload()
    phone.locator(".service").filter(has_text=re.compile("^印章管理$")).click()
    expect(phone.get_by_role("heading", name="印章管理")).to_be_visible()
    expect(phone.locator(".seal-card")).to_have_count(2)
    phone.get_by_role("tab", name="手写模式").click()
    phone.get_by_role("button", name="新增公章").click()
    phone.get_by_label("公章名称").fill("电脑旁签名")
    phone.get_by_role("button", name="下一步").click()
    pad = phone.locator("canvas.pad")
    expect(pad).to_be_visible()
    seals.write(page, pad)
    expect(pad).to_have_attribute("data-strokes", "2")
    # The larger pad fills the frame and not the page.
    phone.get_by_role("button", name="横屏书写").click()
    frame, large = phone.bounding_box(), phone.locator(".pad-large").bounding_box()
    assert frame is not None
    assert large is not None
    assert large["width"] <= frame["width"] + 1
    assert large["x"] >= frame["x"] - 1
    phone.get_by_role("button", name="完成").click()
    expect(pad).to_have_attribute("data-strokes", "2")
    phone.get_by_role("button", name="保存").click()
    served.work()
    card = phone.locator(".seal-card", has_text="电脑旁签名")
    expect(card).to_contain_text("使用中")
    assert "seal.made" in worlds.kinds(served.world)
