"""Enterprises on the phone: claimed with papers, and a colleague who joins by the QR on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support import qr_reading, worlds
from tests.support.line import identity
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


@pytest.mark.row("ENT-1")
@pytest.mark.guide("G-service-9")
def test_an_enterprise_is_claimed_with_the_papers_its_code_asks_for(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(71)
    phone.sign_in(who)
    phone.prove_name(who)
    phone.open("enterprise")
    phone.button("认领企业").click()
    page = phone.page
    page.get_by_label("统一社会信用代码").fill(who.uscc)
    page.get_by_label("企业名称").fill(who.enterprise)
    page.get_by_label("法定代表人", exact=True).fill("热孜万古丽·阿卜杜热合曼")
    page.get_by_label("法定代表人身份证号码").fill(identity(6, sequence="306").resident_id)
    phone.button("提交", exact=True).click()
    # Nothing was handed in: the form says so and keeps what was typed, a refresh too.
    expect(page.get_by_role("alert").first).to_be_visible()
    page.reload()
    expect(page.get_by_label("企业名称")).to_have_value(who.enterprise)
    expect(page.get_by_role("button", name="示例")).to_have_count(5)
    for sample in page.get_by_role("button", name="示例").all():
        sample.click()
    expect(page.get_by_text("拍照或选择文件")).to_have_count(0)
    phone.button("提交", exact=True).click()
    phone.is_at("企业认领")
    expect(page.get_by_text("审核中", exact=True).first).to_be_visible()
    assert "claim.submitted" in worlds.kinds(served.world)
    served.approve_all()
    expect(page.get_by_text("已通过", exact=True)).to_be_visible()


@pytest.mark.row("ENT-2")
def test_a_colleague_joins_by_the_qr_on_the_administrators_phone(
    phone: PhonePage, other: PhonePage, served: ServedLine
) -> None:
    boss, colleague = somebody(72), somebody(73)
    phone.sign_in(boss)
    phone.prove_name(boss)
    phone.claim(boss)
    served.approve_all()
    phone.open("members")
    phone.button("邀请成员").click()
    phone.button("二维码邀请加入").click()
    picture = phone.page.get_by_alt_text("邀请二维码")
    expect(picture).to_be_visible()
    source = picture.get_attribute("src") or ""
    text = qr_reading.read_base64(source)
    other.sign_in(colleague)
    other.prove_name(colleague)
    other.open("scan")
    other.button("输入二维码内容").click()
    other.page.get_by_label("二维码内容").fill(text)
    other.button("识别").click()
    other.is_at("加入企业")
    expect(other.page.get_by_text(boss.enterprise)).to_be_visible()
    other.button("加入", exact=True).click()
    expect(other.page.get_by_text("已加入企业")).to_be_visible()
    # The administrator's list grows by itself.
    phone.page.keyboard.press("Escape")
    expect(phone.page.locator(".card .row", has_text="经办人")).to_have_count(1)
