"""Safety on the phone, each to its end: password, frozen account, lost number, devices, cancellation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from simulations import papers
from simulations.people import Identity
from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

NEW_PASSWORD = "欲穷千里目更上一层楼"


def _row(phone: PhonePage, text: str | re.Pattern[str]) -> Locator:
    return phone.page.locator(".card.list .row", has_text=text)


def _code_to(phone: PhonePage, label: str, number: str) -> None:
    """Ask for a code to a number, and tap the SMS that brings it."""
    phone.page.get_by_label(label, exact=True).fill(number)
    phone.button("发送验证码").click()
    expect(phone.page.get_by_label("验证码", exact=True)).to_be_visible()
    phone.tap_sms()
    expect(phone.page.get_by_label("验证码", exact=True)).to_have_value(re.compile(r"^\d{6}$"))


def _named(phone: PhonePage, served: ServedLine, who: Identity) -> None:
    """Signed in with a proven name; the number may get another code."""
    phone.sign_in(who)
    phone.prove_name(who)
    served.pass_time(61)


def _is_oneself(phone: PhonePage, who: Identity) -> None:
    """Name, number and face, as before a fresh proof."""
    phone.page.get_by_label("姓名").fill(who.name)
    phone.page.get_by_label("身份证号码").fill(who.resident_id)


def _shows_face(phone: PhonePage) -> None:
    phone.button("下一步：采集人脸").click()
    face: FilePayload = {"name": "f.png", "mimeType": "image/png", "buffer": papers.face()}
    phone.page.locator("input[type=file]").set_input_files(files=[face])
    expect(phone.page.get_by_text("人脸采集成功")).to_be_visible()
    phone.button("开始认证").click()


def _steps_up(phone: PhonePage) -> None:
    """The code to one's own number that a weighty act asks for."""
    sheet = phone.page.get_by_role("dialog", name="验证本人身份")
    expect(
        sheet.get_by_role("group", name="数字键盘").or_(sheet.get_by_label("验证码")).first
    ).to_be_visible()
    phone.tap_sms()
    expect(sheet).to_have_count(0)


def _frozen(phone: PhonePage, served: ServedLine, who: Identity) -> None:
    _named(phone, served, who)
    phone.open("misuse")
    phone.button("立即冻结账号").click()
    phone.button("解冻账号").click()
    phone.is_at("解冻账号")


@pytest.mark.row("ACC-3")
def test_a_forgotten_password_is_set_anew_and_opens_the_account(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(11)
    _named(phone, served, who)
    phone.do("handset.sign_out")
    phone.open("login/password")
    phone.button("忘记密码").click()
    phone.is_at("找回密码")
    _code_to(phone, "手机号码", who.phone)
    phone.page.get_by_label("新密码").fill(NEW_PASSWORD)
    # Who has proved their name is asked for it; without it nothing is set.
    phone.button("设置新密码").click()
    expect(phone.page.get_by_role("alert").first).to_be_visible()
    assert "account.password_set" not in worlds.kinds(served.world)
    _is_oneself(phone, who)
    phone.button("设置新密码").click()
    phone.is_at("密码登录")
    assert "account.password_set" in worlds.kinds(served.world)
    phone.page.get_by_label("手机号码").fill(who.phone)
    phone.page.get_by_label("密码", exact=True).fill(NEW_PASSWORD)
    phone.page.get_by_role("checkbox", name="同意协议").click()
    phone.button("登录", exact=True).click()
    phone.is_at("标证通")


@pytest.mark.row("ACC-5")
def test_a_frozen_account_is_opened_again_by_a_fresh_proof(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(12)
    _frozen(phone, served, who)
    _code_to(phone, "账号手机号码", who.phone)
    _is_oneself(phone, who)
    _shows_face(phone)
    expect(phone.page.get_by_text("账号已解冻，请重新登录。")).to_be_visible()
    assert "account.unfrozen" in worlds.kinds(served.world)
    served.pass_time(61)
    phone.button("登录").click()
    phone.is_at(re.compile("登录"))
    phone.sign_in(who)


@pytest.mark.row("ACC-5", "IDV-3")
def test_a_frozen_account_is_opened_again_by_a_bank_card(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(13)
    _frozen(phone, served, who)
    _code_to(phone, "账号手机号码", who.phone)
    phone.page.get_by_role("radio", name="银行卡四要素").click()
    _is_oneself(phone, who)
    phone.page.get_by_label("银行卡号").fill(who.bank_card)
    phone.page.get_by_label("银行预留手机号码").fill(who.phone)
    _shows_face(phone)
    expect(phone.page.get_by_text("银行核验通过")).to_be_visible()
    unfrozen = worlds.kinds(served.world).count("account.unfrozen")
    # The number got a code a moment ago; the bank's waits until a minute has passed.
    served.work(61)
    phone.tap_sms()
    expect(phone.page.get_by_text("账号已解冻，请重新登录。")).to_be_visible()
    assert worlds.kinds(served.world).count("account.unfrozen") == unfrozen + 1


@pytest.mark.row("ACC-4")
def test_a_lost_number_is_replaced_by_a_fresh_proof(phone: PhonePage, served: ServedLine) -> None:
    who, new = somebody(14), somebody(15).phone
    _named(phone, served, who)
    phone.do("handset.sign_out")
    phone.do("handset.set_sim", phone=new)
    phone.open("recover")
    phone.is_at("原手机号不可用")
    _code_to(phone, "新手机号码", new)
    _is_oneself(phone, who)
    _shows_face(phone)
    expect(phone.page.get_by_text("手机号已更换，请使用新手机号登录。")).to_be_visible()
    assert "account.number_changed" in worlds.kinds(served.world)


@pytest.mark.row("ACC-4")
def test_the_number_is_changed_by_codes_to_the_new_and_the_old(
    phone: PhonePage, served: ServedLine
) -> None:
    who, new = somebody(16), somebody(17).phone
    phone.sign_in(who)
    served.pass_time(61)
    phone.open("number")
    phone.page.get_by_label("新手机号码").fill(new)
    phone.button("发送验证码").click()
    code = phone.page.get_by_label("验证码", exact=True)
    expect(code).to_be_visible()
    code.fill(served.newest_code(new))
    phone.button("更换手机号").last.click()
    _confirms_if_asked(phone)
    expect(phone.page.get_by_text("手机号更换成功。")).to_be_visible()
    assert "account.number_changed" in worlds.kinds(served.world)
    phone.open("profile")
    expect(phone.page.get_by_text(f"{new[:3]}****{new[-4:]}")).to_be_visible()


def _confirms_if_asked(phone: PhonePage) -> None:
    sheet = phone.page.get_by_role("dialog", name="验证本人身份")
    done = phone.page.locator(".toast")
    expect(sheet.or_(done).first).to_be_visible()
    if sheet.count():
        _steps_up(phone)


@pytest.mark.row("ACC-6")
@pytest.mark.guide("G-service-12")
def test_another_phone_s_sign_in_is_ended_and_its_device_removed(
    phone: PhonePage, other: PhonePage, served: ServedLine
) -> None:
    who = somebody(18)
    phone.sign_in(who)
    served.pass_time(61)
    other.sign_in(who)
    phone.open("services")
    expect(phone.page.get_by_role("heading", name="账号安全管理")).to_be_visible()
    phone.button("账号安全", exact=True).click()
    phone.is_at("账号安全")
    expect(phone.button("下线", exact=True)).to_have_count(1)
    phone.button("下线", exact=True).click()
    sheet = phone.page.get_by_role("dialog", name="下线该登录")
    sheet.get_by_role("button", name="确认").click()
    expect(phone.button("下线", exact=True)).to_have_count(0)
    assert "account.session_ended" in worlds.kinds(served.world)
    # The other phone is at the sign-in as soon as it asks for anything.
    other.open("security")
    other.is_at(re.compile("登录"))
    phone.button("移除", exact=True).click()
    sheet = phone.page.get_by_role("dialog", name="移除该设备")
    sheet.get_by_role("button", name="确认").click()
    expect(phone.button("移除", exact=True)).to_have_count(0)
    assert "device.removed" in worlds.kinds(served.world)


@pytest.mark.row("ACC-7")
def test_a_cancellation_is_requested_and_withdrawn(phone: PhonePage, served: ServedLine) -> None:
    phone.sign_in(somebody(19))
    served.pass_time(61)
    phone.open("closing")
    phone.page.get_by_label("如确认注销").fill("确认注销账号")
    phone.button("申请注销").click()
    _confirms_if_asked(phone)
    keep = phone.button("撤回注销申请")
    expect(keep).to_be_visible()
    assert "cancellation.requested" in worlds.kinds(served.world)
    keep.click()
    expect(phone.button("申请注销")).to_be_visible()
    assert "cancellation.withdrawn" in worlds.kinds(served.world)
