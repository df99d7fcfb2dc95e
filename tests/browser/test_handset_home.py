"""The phone's home, services, messages, my account and help, at 390 pixels and in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

SCREENS = (
    *("home", "services", "messages", "account", "profile", "security", "password", "number"),
    *("closing", "mydata", "real-name", "real-name/ways", "real-name/bankcard", "enterprise"),
    *("claim", "join", "invitations", "members", "onboard", "apply", "certificates", "orders"),
    *("payments", "zones", "seals", "invoices", "invoices/information", "help", "scan", "misuse"),
    *("invoices/history", "titles", "titles/new", "addresses", "addresses/new", "services/mine"),
    *("services/catalogue", "services/buy/tender_alerts", "forgotten", "recover", "unfreeze"),
)
# What a finger must hit: every control is 44 px high, save links inside of a sentence.
_SMALL = """() => [...document.querySelectorAll('.phone button, .phone a[href], .phone input')]
  .filter((one) => one.offsetParent && !one.closest('.tick-text'))
  .filter((one) => !one.matches('[type=file], .digit-input'))
  .filter((one) => one.getBoundingClientRect().height < 43.5)
  .map((one) => one.className + ' ' + one.textContent)"""
_NAMELESS = """() => [...document.querySelectorAll('.phone button, .phone input, .phone textarea')]
  .filter((one) => one.offsetParent && !one.labels?.length && !one.textContent.trim())
  .filter((one) => !one.getAttribute('aria-label') && !one.getAttribute('aria-labelledby'))
  .map((one) => one.outerHTML)"""
_WIDE = """() => document.documentElement.scrollWidth > 390
  || [...document.querySelectorAll('.body')].some((one) => one.scrollWidth > one.clientWidth)"""


@pytest.mark.row("ACC-9")
@pytest.mark.guide("G-service-3", "G-service-4")
def test_services_are_greyed_with_the_reason_and_the_way_to_meet_it(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.sign_in(somebody(31))
    service = phone.page.locator(".service", has_text="证书管理")
    expect(service).to_have_class(re.compile("closed"))
    expect(phone.page.locator(".service", has_text="我的订单")).not_to_have_class(
        re.compile("closed")
    )
    with worlds.unchanged(served.world, without=("handset_session",)):
        service.click()
        sheet = phone.page.get_by_role("dialog", name="证书管理")
        expect(sheet).to_contain_text("请先完成实名认证")
        sheet.get_by_role("button", name="去办理").click()
        phone.is_at("实名认证")


@pytest.mark.row("MSG-1")
@pytest.mark.guide("G-service-13")
def test_a_message_counts_as_unread_leads_to_its_thing_and_is_read(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(32)
    phone.sign_in(who)
    phone.prove_name(who)
    phone.open("messages")
    expect(phone.page.get_by_text("实名认证成功！")).to_be_visible()
    expect(phone.button(re.compile("消息.*1 条未读|1 条未读.*消息"))).to_be_visible()
    phone.page.get_by_text("实名认证成功！").click()
    phone.is_at("实名认证")
    phone.button("返回").click()
    expect(phone.page.get_by_text("条未读")).to_have_count(0)
    assert "message.read" in worlds.kinds(served.world)
    phone.button("企业", exact=True).click()
    expect(phone.page.get_by_text("暂无消息")).to_be_visible()


@pytest.mark.row("HLP-1")
@pytest.mark.guide("G-contact-1", "G-contact-2", "G-install-1")
def test_help_is_open_to_everybody(phone: PhonePage, served: ServedLine) -> None:
    with worlds.unchanged(served.world):
        phone.open("help")
        expect(phone.page.get_by_role("link", name="0512-58188013")).to_be_visible()
        expect(phone.page.get_by_text("法定节假日除外")).to_be_visible()
        told = phone.page.get_by_text("服务中", exact=True)
        expect(told.or_(phone.page.get_by_text("非服务时间", exact=True))).to_be_visible()
        expect(phone.page.get_by_text("新点标证通").first).to_be_visible()
        phone.button(re.compile("一键登录")).click()
        expect(phone.page.get_by_role("dialog", name="一键登录")).to_be_visible()


@pytest.mark.row("ACC-9")
def test_the_language_is_switched_in_my_account_and_kept(phone: PhonePage) -> None:
    phone.sign_in(somebody(33))
    phone.open("account")
    phone.page.get_by_role("radio", name="English").click()
    phone.is_at("Mine")
    phone.page.reload()
    phone.is_at("Mine")
    phone.page.get_by_role("radio", name="中文").click()
    phone.is_at("我的")


@pytest.mark.row("ACC-9")
def test_every_screen_fits_the_phone_and_its_controls_have_names_and_size(
    phone: PhonePage,
) -> None:
    phone.sign_in(somebody(34))
    for path in SCREENS:
        phone.open(path)
        expect(phone.page.locator(".loading")).to_have_count(0)
        assert phone.page.evaluate(_SMALL) == [], path
        assert phone.page.evaluate(_NAMELESS) == [], path
        assert not phone.page.evaluate(_WIDE), path


@pytest.mark.row("ACC-5")
@pytest.mark.guide("G-account-7")
def test_misuse_freezes_at_once_and_the_phone_is_signed_out(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.sign_in(somebody(35))
    phone.open("misuse")
    phone.button("立即冻结账号").click()
    expect(phone.page.get_by_text("账号已冻结。")).to_be_visible()
    assert "account.frozen" in worlds.kinds(served.world)
    phone.button("解冻账号").click()
    phone.is_at("解冻账号")


@pytest.mark.row("ACC-7")
@pytest.mark.guide("G-account-10")
def test_a_cancellation_says_what_follows_and_is_typed_to_be_confirmed(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.sign_in(somebody(36))
    phone.open("closing")
    expect(phone.page.get_by_text("账号注销后无法恢复")).to_be_visible()
    phone.button("申请注销").click()
    expect(phone.page.get_by_role("alert").last).to_contain_text("完整输入")
    assert "cancellation.requested" not in worlds.kinds(served.world)
    phone.page.get_by_label("如确认注销").fill("确认注销账号")
    phone.button("申请注销").click()
    expect(phone.button("撤回注销申请")).to_be_visible()


def test_a_screen_that_a_broken_connection_kept_away_is_asked_for_again(phone: PhonePage) -> None:
    phone.page.route("**/handset/screens/help.js", lambda route: route.abort())
    phone.open("login")
    phone.page.evaluate("location.hash = '#/help'")
    expect(phone.page.get_by_text("网络连接中断")).to_be_visible()
    phone.page.unroute("**/handset/screens/help.js")
    phone.button("重试").click()
    phone.is_at("帮助与客服")
