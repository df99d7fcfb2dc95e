"""Phone beside PC in the console: one click scans; drawing the page around again leaves both alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.kernel import texts
from tests.support import phones_in_page, worlds
from tests.support.phones_in_page import PersonInPage
from tests.support.served import ServedLine

BESIDE, CONFIRM = "Scan the QR code on the PC beside", "Confirm with the certificate PIN"


def _open(page: Page, server: str, address: str = "/side_by_side") -> None:
    page.goto(server + address)
    page.click("button[value=lead]")
    expect(page.locator(".beside .mall h1").first).to_be_visible()
    expect(page.locator(".beside .yx-phone h1").first).to_be_visible()


@pytest.mark.row("DEM-1", "BND-1", "BND-2")
@pytest.mark.guide("G-binding-4")
def test_a_code_on_the_pc_is_scanned_with_one_click_by_the_phone_beside_it(
    page: Page, server: str, served: ServedLine
) -> None:
    _open(page, server)
    person = phones_in_page.person_in(page, served, 0)
    served.certified(person)
    page.reload()
    pc, phone = page.locator(".beside .mall"), page.locator(".beside .yx-phone")
    pc.locator("header").get_by_role("link", name="登录").click()
    pc.get_by_label("登录名").fill(person.mall_login())
    pc.get_by_label("密码", exact=True).fill(person.identity.password)
    pc.locator("form").get_by_role("button", name="登录").click()
    expect(pc.get_by_role("heading", name="工作台")).to_be_visible()
    pc.locator("[data-step=bind]").get_by_role("link", name="立即办理").click()
    _scan_beside(pc, phone)
    expect(phone.get_by_role("heading", name="主体注册")).to_be_visible()
    phone.get_by_label("联系地址").fill("新疆乌鲁木齐市天山区示范路 1 号")
    phone.get_by_role("button", name="下一步").click()
    _confirm(phone, person)
    expect(phone.get_by_text("绑定成功")).to_be_visible()
    pop_up = pc.get_by_role("dialog", name="绑定成功")
    pop_up.get_by_role("button", name="前往工作台").click()
    assert "binding.bound" in worlds.kinds(served.world)
    pc.get_by_role("button", name="退出登录").click()
    # It leads to the front page, and says so there.
    expect(pc.get_by_text(texts.text("You are signed out.", "zh_CN"))).to_be_visible()
    pc.locator("header").get_by_role("link", name="登录").click()
    pc.get_by_role("tab", name="扫码登录").click()
    _scan_beside(pc, phone)
    _confirm(phone, person)
    expect(pc.get_by_role("heading", name="工作台")).to_be_visible()
    expect(pc.locator("[data-step=scan_login]")).to_contain_text("已完成")


def _scan_beside(pc: Locator, phone: Locator) -> None:
    """On the phone: the scanner, and one click for the code beside it."""
    expect(pc.locator("img[data-yx-qr='']")).to_be_visible()
    done = phone.get_by_role("button", name="完成")
    if done.count():
        done.click()
    phone.get_by_role("button", name="扫一扫").first.click()
    phone.get_by_role("button", name=texts.text(BESIDE, "zh_CN")).click()
    expect(pc.get_by_text("已扫码，请在手机上输入证书密码确认。")).to_be_visible()


def _confirm(phone: Locator, person: PersonInPage) -> None:
    """On the phone: the certificate's PIN."""
    phone.get_by_role("button", name=texts.text(CONFIRM, "zh_CN")).click()
    phone.get_by_label("证书密码").last.press_sequentially(person.identity.pin)


def test_the_page_around_is_drawn_again_and_phone_and_pc_stay(page: Page, server: str) -> None:
    _open(page, server)
    page.locator(".beside .mall header").get_by_role("link", name="入驻").click()
    page.locator(".beside .mall").get_by_label("企业名称").fill("新疆天山净水科技有限公司")
    page.locator(".beside-phone").evaluate("phone => { phone.dataset.kept = 'yes' }")
    page.get_by_role("radio", name="两部手机").click()
    expect(page.locator(".beside-phone")).to_have_count(2)
    expect(page.locator(".beside-phone[data-kept]")).to_have_count(1)
    expect(page.locator(".beside .mall").get_by_label("企业名称")).to_have_value(
        "新疆天山净水科技有限公司"
    )
    page.get_by_role("button", name="English", exact=True).first.click()
    expect(page.get_by_role("heading", name="Phone beside PC")).to_be_visible()
    expect(page.locator(".beside-phone[data-kept]")).to_have_count(1)
    expect(page.locator(".beside .mall").get_by_label("Enterprise name")).to_have_value(
        "新疆天山净水科技有限公司"
    )
    page.get_by_role("radio", name="Sunshine Procurement Platform").click()
    expect(page.locator(".beside-address")).to_have_text(re.compile("/mall/yangguang$"))
    expect(page.locator(".beside-phone[data-kept]")).to_have_count(1)
    assert "phones=ab" in page.url
    assert "platform=yangguang" in page.url
