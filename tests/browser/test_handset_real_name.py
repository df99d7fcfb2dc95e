"""Proving a real name on the phone by each way, what a failure keeps, and the look at the face."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from simulations import papers
from simulations.people import Identity
from tests.support import worlds
from tests.support.line import identity
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

SUCCESS = "实名认证成功！"


def _begin(phone: PhonePage, way: str) -> None:
    phone.open("real-name")
    phone.button("开始认证").click()
    phone.is_at("选择实名认证方式")
    phone.button(way).click()
    phone.is_at(way)


def _type(phone: PhonePage, who: Identity) -> None:
    phone.page.get_by_label("姓名").fill(who.name)
    phone.page.get_by_label("身份证号码").fill(who.resident_id)


def _show_face(phone: PhonePage, picture: bytes) -> None:
    given = {"name": "face.png", "mimeType": "image/png", "buffer": picture}
    phone.page.locator("input[type=file]").set_input_files(files=[given])  # type: ignore[list-item]


def _capture(phone: PhonePage) -> None:
    phone.button("开始认证").click()
    _show_face(phone, papers.face())
    expect(phone.page.get_by_text("人脸采集成功")).to_be_visible()
    phone.button("开始认证").click()


@pytest.mark.row("IDV-1")
@pytest.mark.guide("G-zhongjin-3", "G-zhongjin-4", "G-zhongjin-6")
def test_zhongjin_proves_a_name(phone: PhonePage, served: ServedLine) -> None:
    who = somebody(11)
    phone.sign_in(who)
    _begin(phone, "中金认证")
    _type(phone, who)
    _capture(phone)
    expect(phone.page.get_by_text(SUCCESS)).to_be_visible()
    assert "account.named" in worlds.kinds(served.world)
    phone.open("profile")
    expect(
        phone.page.get_by_text("阿***提").or_(phone.page.get_by_text("阿*")).first
    ).to_be_visible()


@pytest.mark.row("IDV-2")
@pytest.mark.guide("G-alipay-4", "G-alipay-6", "G-alipay-7")
def test_alipay_says_no_keeps_what_was_typed_and_then_yes(
    phone: PhonePage, served: ServedLine
) -> None:
    who, wrong = somebody(12), somebody(12, sequence="405")
    phone.sign_in(who)
    _begin(phone, "支付宝认证")
    _type(phone, wrong)
    _capture(phone)
    expect(phone.page.get_by_text("未通过").first).to_be_visible()
    assert "proof.mismatched" in worlds.kinds(served.world)
    phone.button("重试").click()
    expect(phone.page.get_by_label("姓名")).to_have_value(who.name)
    expect(phone.page.get_by_label("身份证号码")).to_have_value(wrong.resident_id)
    phone.page.get_by_label("身份证号码").fill(who.resident_id)
    _capture(phone)
    expect(phone.page.get_by_text(SUCCESS)).to_be_visible()


@pytest.mark.row("IDV-3")
@pytest.mark.guide("G-bankcard-5", "G-bankcard-6", "G-bankcard-7")
def test_a_bank_card_is_completed_by_the_banks_code(phone: PhonePage, served: ServedLine) -> None:
    who = somebody(13)
    phone.sign_in(who)
    served.pass_time(61)
    _begin(phone, "银行卡四要素认证")
    _type(phone, who)
    phone.page.get_by_label("银行卡号").fill(who.bank_card)
    phone.page.get_by_label("银行预留手机号码").fill(who.phone)
    _capture(phone)
    expect(phone.page.get_by_role("group", name="数字键盘")).to_be_visible()
    assert "account.named" not in worlds.kinds(served.world)[-3:]
    phone.tap_sms()
    expect(phone.page.get_by_text(SUCCESS)).to_be_visible()


@pytest.mark.row("IDV-4")
@pytest.mark.guide("G-zhongjin-2", "G-alipay-2", "G-bankcard-2")
def test_a_face_in_the_dark_is_told_at_once_and_nobody_is_asked(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(14)
    phone.sign_in(who)
    _begin(phone, "中金认证")
    _type(phone, who)
    with worlds.unchanged(served.world, without=("handset_session",)):
        phone.button("开始认证").click()
        # A browser without a camera says so, and takes a picture instead.
        expect(phone.page.get_by_text("请改为选择图片")).to_be_visible()
        _show_face(phone, papers.dark())
        expect(phone.page.get_by_text("光线过暗")).to_be_visible()
        expect(phone.button("开始认证")).to_be_disabled()


@pytest.mark.row("IDV-4", "ACC-1")
def test_a_wrong_number_is_told_beside_its_field_before_the_face(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(15)
    phone.sign_in(who)
    _begin(phone, "中金认证")
    last = "1" if who.resident_id[-1] != "1" else "2"
    phone.page.get_by_label("姓名").fill(who.name)
    phone.page.get_by_label("身份证号码").fill(who.resident_id[:-1] + last)
    with worlds.unchanged(served.world, without=("handset_session",)):
        phone.button("开始认证").click()
        field = phone.page.get_by_label("身份证号码")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_be_focused()
        expect(phone.page.get_by_role("alert")).to_contain_text("身份证号码")
        expect(phone.page.get_by_label("姓名")).to_have_value(who.name)


@pytest.mark.row("ACC-1")
@pytest.mark.guide("G-account-2")
def test_a_minor_is_refused_and_may_correct_the_number(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(16)
    phone.sign_in(who)
    _begin(phone, "中金认证")
    phone.page.get_by_label("姓名").fill(who.name)
    phone.page.get_by_label("身份证号码").fill(identity(3, born="20150101").resident_id)
    _capture(phone)
    expect(phone.page.get_by_role("alert")).to_contain_text("18 周岁")
    expect(phone.page.get_by_label("姓名")).to_have_value(who.name)
