"""Signing in on the phone, in a browser of 390 × 844: one tap, SMS, password, and what is refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


@pytest.fixture
def phone(phone_page: Page, server: str, served: ServedLine) -> PhonePage:
    """A phone that nobody is signed in on, without a SIM."""
    return PhonePage(phone_page, server)


def _count(served: ServedLine, kind: str) -> int:
    return worlds.kinds(served.world).count(kind)


@pytest.mark.row("ACC-2")
@pytest.mark.guide("G-onetap-1", "G-onetap-3", "G-onetap-4")
def test_one_tap_shows_the_number_asks_for_the_terms_and_signs_in(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(1)
    phone.open()
    phone.put_sim_in(who.phone)
    phone.open()
    phone.is_at("一键登录")
    expect(phone.page.get_by_text("138****0001", exact=True)).to_be_visible()
    phone.button("本机号码一键登录").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("同意协议")
    assert _count(served, "account.signed_in") == 0
    phone.page.get_by_role("checkbox", name="同意协议").click()
    phone.button("本机号码一键登录").click()
    phone.is_at("标证通")
    assert _count(served, "account.signed_in") == 1


@pytest.mark.row("ACC-2")
@pytest.mark.guide("G-onetap-2")
def test_without_a_sim_sms_is_offered_and_nothing_changes(
    phone: PhonePage, served: ServedLine
) -> None:
    with worlds.unchanged(served.world):
        phone.open("login/onetap")
        expect(phone.page.get_by_text("无 SIM 卡", exact=True)).to_be_visible()
        expect(phone.button("本机号码一键登录")).to_have_count(0)
        phone.page.locator(".onetap").get_by_role("button", name="短信验证码登录").click()
        phone.is_at("短信验证码登录")


@pytest.mark.row("ACC-1", "ACC-3")
@pytest.mark.guide("G-sms-1", "G-sms-3", "G-sms-4")
def test_a_code_is_sent_after_the_terms_and_opens_an_account(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(2)
    sent, opened = (_count(served, kind) for kind in ("code.requested", "account.registered"))
    phone.open("login/onetap")
    phone.put_sim_in(who.phone)
    ways = phone.page.get_by_label("登录方式选择")
    ways.get_by_role("button", name="短信验证码登录").click()
    phone.page.get_by_label("手机号码").fill(who.phone)
    phone.button("发送验证码").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("同意协议")
    assert _count(served, "code.requested") == sent
    phone.page.get_by_role("checkbox", name="同意协议").click()
    phone.button("发送验证码").dblclick()
    phone.is_at("输入验证码")
    assert _count(served, "code.requested") == sent + 1
    phone.tap_sms()
    phone.is_at("标证通")
    assert _count(served, "account.registered") == opened + 1


@pytest.mark.row("ACC-3")
@pytest.mark.guide("G-sms-2")
def test_a_wrong_code_says_how_many_tries_are_left_and_keeps_the_number(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(3)
    phone.open("login/sms")
    phone.page.get_by_label("手机号码").fill(who.phone)
    phone.page.get_by_role("checkbox", name="同意协议").click()
    phone.button("发送验证码").click()
    phone.is_at("输入验证码")
    right = served.newest_code(who.phone)
    phone.press("000000" if right != "000000" else "000001")
    expect(phone.page.get_by_role("alert")).to_contain_text("4")
    expect(phone.page.get_by_label("验证码", exact=True)).to_have_value("")
    phone.press(right)
    phone.is_at("标证通")


@pytest.mark.row("ACC-4")
@pytest.mark.guide("G-password-1", "G-password-3", "G-password-4")
def test_a_password_signs_in_and_a_weighty_act_then_asks_for_a_code(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(4)
    phone.open("login")
    phone.put_sim_in(who.phone)
    phone.open("login/sms")
    phone.page.get_by_label("手机号码").fill(who.phone)
    phone.page.get_by_text("注册时同时设置登录密码").click()
    phone.page.get_by_label("密码", exact=True).fill(who.password)
    phone.page.get_by_role("checkbox", name="同意协议").click()
    phone.button("发送验证码").click()
    phone.tap_sms()
    phone.is_at("标证通")
    phone.button("我的", exact=True).click()
    phone.button("退出登录").click()
    phone.is_at("一键登录")
    phone.page.get_by_label("登录方式选择").get_by_role("button", name="密码登录").click()
    phone.page.get_by_label("手机号码").fill(who.phone)
    phone.page.get_by_label("密码", exact=True).fill(who.password)
    phone.page.get_by_role("checkbox", name="同意协议").click()
    phone.button("登录", exact=True).click()
    phone.is_at("标证通")
    served.pass_time(61)
    joined = _count(served, "zone.joined")
    phone.open("zones")
    phone.button("加入专区").first.click()
    sheet = phone.page.get_by_role("dialog", name="验证本人身份")
    expect(sheet).to_be_visible()
    assert _count(served, "zone.joined") == joined
    phone.tap_sms()
    expect(sheet).to_have_count(0)
    expect(phone.page.get_by_text("默认专区", exact=True)).to_be_visible()
    assert _count(served, "zone.joined") == joined + 1


@pytest.mark.row("ACC-4")
@pytest.mark.guide("G-password-2")
def test_an_account_without_a_password_says_so_and_loses_nothing_typed(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.open("login/password")
    phone.page.get_by_label("手机号码").fill(somebody(5).phone)
    phone.page.get_by_label("密码", exact=True).fill("不知道是什么的密码")
    phone.page.get_by_role("checkbox", name="同意协议").click()
    signed_in = _count(served, "account.signed_in")
    phone.button("登录", exact=True).click()
    expect(phone.page.get_by_role("alert")).to_be_visible()
    expect(phone.page.get_by_label("手机号码")).to_have_value(somebody(5).phone)
    expect(phone.page.get_by_label("密码", exact=True)).to_have_value("不知道是什么的密码")
    assert _count(served, "account.signed_in") == signed_in
    phone.page.reload()
    # What was typed outlives a refresh, a password does not.
    expect(phone.page.get_by_label("手机号码")).to_have_value(somebody(5).phone)
    expect(phone.page.get_by_label("密码", exact=True)).to_have_value("")
