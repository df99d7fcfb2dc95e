"""Seals at the desk: a stamp before and after, side by side, how it will look, and its record found."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from simulations import stamped
from tests.support import phone_certificates as held
from tests.support import seal_pages as seals
from tests.support import worlds
from tests.support.desk_pages import DeskPage
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

NAME = "审核用合同专用章"


def _case(served: ServedLine, kind: str) -> str:
    sql = "SELECT id FROM review_case WHERE kind = ? ORDER BY opened_at DESC, id DESC LIMIT 1"
    return str(worlds.rows(served.world, sql, kind)[0]["id"])


def _complete(page: Page, count: int) -> None:
    """So many pictures of the paper in hand are there, and none is broken."""
    pictures = page.locator(".desk-stage img")
    expect(pictures).to_have_count(count)
    for picture in pictures.all():
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("one => one.naturalWidth") > 50


@pytest.mark.row("SEA-1")
def test_the_reviewer_compares_the_stamp_before_and_after_and_the_maker_sees_the_seal(
    phone: PhonePage, page: Page, server: str, served: ServedLine
) -> None:
    who = somebody(241)
    held.certified(phone, served, who)
    enterprise_id = str(phone.ask("registration.me")["enterprises"][0]["id"])
    form = seals.form_of(phone, enterprise_id, NAME)
    # Askew by eight degrees: the machine says so, and the reviewer decides.
    scan = stamped.stamped(form, who.enterprise, "合同专用章", 8.0)
    phone.do(
        "sealing.apply_for_seal",
        enterprise_id=enterprise_id,
        kind="contract",
        name=NAME,
        form=base64.b64encode(scan).decode(),
        picture="impression",
    )
    desk = DeskPage(page, server)
    desk.open("lead", f"/desk?case={_case(served, 'seal')}")
    tabs = page.locator(".desk-tabs button")
    expect(tabs).to_have_text(["已盖章的印章申请书", "印模：提取前后对照", "制作效果"])
    tabs.nth(1).click()
    _complete(page, 2)
    row = page.locator(".desk-pair")
    wide = row.bounding_box()
    desk.press("+")
    larger = row.bounding_box()
    assert wide is not None
    assert larger is not None
    assert larger["width"] > 1.4 * wide["width"]
    tabs.nth(2).click()
    _complete(page, 1)
    fields = page.locator(".desk-fields")
    expect(fields).to_contain_text("38 mm")
    expect(fields).to_contain_text("38.0 × 38.0 mm")
    expect(fields).to_contain_text(re.compile(r"[78]\.\d°"))
    served.approve_all()
    seal_id = worlds.rows(served.world, "SELECT id, code FROM seal WHERE name = ?", NAME)[0]
    assert "seal.made" in worlds.kinds(served.world)
    # Its record: found by its code, with picture, judgment and filing.
    page.goto(f"{server}/search?q={seal_id['code']}")
    expect(page.get_by_text("校验通过：由制章机构制作并签名，未被改动。")).to_be_visible()
    expect(page.get_by_test_id("stImage").locator("img")).to_be_visible()
    expect(page.get_by_text("电子印章数据")).to_be_visible()
