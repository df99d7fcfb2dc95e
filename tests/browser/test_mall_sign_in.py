"""The mall at the PC: sign-in by password, the workbench, binding in its two places, scan login."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from simulations.people import Person
from tests.support import mall_pages, worlds
from tests.support.served import ServedLine

APP_QR, NATIONAL_QR = "新点标证通 APP 二维码", "全国 CA 互认二维码"
LAPSED = "二维码有效期仅为3分钟，过期后请刷新二维码"


@pytest.fixture(scope="module")
def onboarded(served: ServedLine) -> Person:
    """A purchaser with an account at the platform and no certificate."""
    person = served.somebody(0)
    served.onboarded(person)
    return person


@pytest.fixture(scope="module")
def certified(served: ServedLine) -> Person:
    """A supplier with an active certificate that is bound to nothing yet."""
    person = served.somebody(1)
    served.certified(person)
    return person


@pytest.mark.row("MAL-2", "MAL-3")
@pytest.mark.guide("G-notice-1")
def test_without_a_certificate_the_workbench_names_what_is_missing(
    page: Page, server: str, served: ServedLine, onboarded: Person
) -> None:
    mall_pages.sign_in(page, server, onboarded)
    for code in ("contracts", "procurement"):
        entry = page.locator(f"[data-entry={code}]")
        expect(entry).to_have_attribute("aria-disabled", "true")
        expect(entry).to_contain_text("尚缺：申请证书")
        expect(entry).to_contain_text("请在手机上办理")
    before = len(worlds.kinds(served.world))
    page.locator("[data-entry=contracts]").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    assert len(worlds.kinds(served.world)) == before
    expect(page.locator("[data-step=onboard]")).to_contain_text("已完成")
    expect(page.locator("[data-step=apply]")).to_contain_text("未完成")


@pytest.mark.row("MAL-3")
@pytest.mark.guide("G-binding-3")
def test_a_purchaser_finds_binding_in_the_side_bar_of_the_user_centre(
    page: Page, server: str, served: ServedLine, onboarded: Person
) -> None:
    mall_pages.sign_in(page, server, onboarded)
    menu = page.get_by_role("navigation", name="菜单")
    expect(menu.get_by_text("工作台")).to_be_visible()
    expect(menu.get_by_text("用户信息")).to_be_visible()
    menu.get_by_role("link", name="用户中心").click()
    bar = page.get_by_role("complementary", name="侧边栏")
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    assert box is not None
    assert box["x"] > 1440 / 2
    bar.get_by_role("button", name="收起").click()
    expect(bar.get_by_text("标证通扫码绑定")).to_have_count(0)
    bar.get_by_role("button", name="展开").click()
    bar.get_by_role("link", name="标证通扫码绑定").click()
    expect(page.get_by_role("heading", name="标证通扫码绑定")).to_be_visible()
    assert mall_pages.qr_text(page).startswith("YX1:demo:bind:")
    assert worlds.kinds(served.world)[-1] == "ticket.opened"


@pytest.mark.row("MAL-3", "BND-2")
@pytest.mark.guide("G-binding-5", "G-binding-6")
def test_a_supplier_binds_by_the_button_in_the_personal_centre_and_sees_it_at_once(
    page: Page, server: str, served: ServedLine, certified: Person
) -> None:
    mall_pages.sign_in(page, server, certified)
    page.get_by_role("navigation", name="菜单").get_by_role(
        "link", name="用户中心（个人中心）"
    ).click()
    expect(page.get_by_role("complementary", name="侧边栏")).to_have_count(0)
    page.get_by_role("main").get_by_role("link", name="扫码绑定").click()
    certified.handset.scan(mall_pages.qr_text(page))
    expect(page.get_by_text("已扫码，请在手机上输入证书密码确认。")).to_be_visible()
    mall_pages.confirm_on_screen(page, certified)
    pop_up = page.get_by_role("dialog", name="绑定成功")
    expect(pop_up).to_be_visible(timeout=5_000)
    pop_up.get_by_role("button", name="关闭").last.click()
    expect(page.get_by_text("已绑定的证书")).to_be_visible()
    assert "binding.bound" in worlds.kinds(served.world)


@pytest.mark.row("LOG-1")
@pytest.mark.guide("G-scanlogin-3", "G-binding-7")
def test_the_pc_is_signed_in_a_second_after_the_phone_confirmed(
    page: Page, server: str, served: ServedLine, certified: Person
) -> None:
    mall_pages.open_mall(page, server, "/sign-in?way=scan")
    expect(page.get_by_role("tab", name=NATIONAL_QR)).to_be_visible()
    expect(page.get_by_role("tab", name=APP_QR)).to_have_attribute("aria-selected", "true")
    mall_pages.confirm_on_screen(page, certified)
    confirmed = time.monotonic()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    assert (
        time.monotonic() - confirmed < 4
    )  # a loaded machine is slow; one second is what it is built for
    assert "mall_account.signed_in" in worlds.kinds(served.world)[-3:]


@pytest.mark.row("LOG-1")
def test_an_expired_code_is_greyed_and_one_button_refreshes_it(
    page: Page, server: str, served: ServedLine
) -> None:
    mall_pages.open_mall(page, server, "/sign-in?way=scan")
    page.get_by_role("tab", name=NATIONAL_QR).click()
    first = mall_pages.qr_text(page)
    served.pass_time(181)
    panel = page.locator(".qr")
    expect(panel).to_have_attribute("data-status", "expired")
    expect(panel.get_by_role("status")).to_have_text(LAPSED)
    opacity = panel.locator("img").evaluate("image => getComputedStyle(image).opacity")
    assert float(opacity) < 0.5
    panel.get_by_role("button", name="刷新二维码").click()
    assert mall_pages.qr_text(page) != first


def test_a_countdown_that_ends_in_the_browser_greys_the_code_too(page: Page, server: str) -> None:
    page.clock.install()
    mall_pages.open_mall(page, server, "/sign-in?way=scan")
    expect(page.locator(".qr-left")).to_have_text("180")
    page.clock.run_for(60_000)
    expect(page.locator(".qr-left")).to_have_text("120")
    page.clock.run_for(121_000)
    expect(page.locator(".qr")).to_have_attribute("data-status", "expired")


@pytest.mark.row("BND-1")
def test_unbinding_says_what_it_means_and_asks_once(
    page: Page, server: str, served: ServedLine, certified: Person
) -> None:
    mall_pages.sign_in(page, server, certified)
    mall_pages.open_mall(page, server, "/binding")
    page.get_by_role("button", name="解除绑定").click()
    asked = page.get_by_role("dialog", name="解除与该证书的绑定？")
    expect(asked.get_by_text("密码登录不受影响")).to_be_visible()
    asked.get_by_role("button", name="保持绑定").click()
    assert "binding.unbound" not in worlds.kinds(served.world)
    page.get_by_role("button", name="解除绑定").click()
    asked.get_by_role("button", name="解除绑定").click()
    expect(page.get_by_text("已解除绑定。")).to_be_visible()
    assert "binding.unbound" in worlds.kinds(served.world)
    expect(page.locator("img[data-yx-qr='']")).to_be_visible()
