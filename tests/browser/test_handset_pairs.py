"""A pair of certificates on the phone in the browser: the encryption key taken, the pair held."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from simulations.people import Identity
from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


def _downloaded(phone: PhonePage, served: ServedLine, who: Identity) -> None:
    """The phone shows the certificate that was just taken into use."""
    phone.sign_in(who)
    phone.prove_name(who)
    phone.claim(who)
    served.approve_all()
    enterprise_id = phone.onboard(who)
    order = phone.do(
        "ordering.place_order",
        enterprise_id=enterprise_id,
        platform_id="guangzheng",
        agency_id="dongfang",
        seal_agency_id="huayin",
        certificate_kind="platform",
        years=1,
    )
    payment = phone.do("ordering.pay", order_id=order["id"])
    phone.do("handset.pay", payment_id=payment["id"])
    phone.open(f"orders/{order['id']}")
    phone.button("上传附件").click()
    phone.button("示例").click()
    phone.button("提交", exact=True).click()
    expect(phone.page.get_by_text("审核中", exact=True)).to_be_visible()
    served.approve_all()
    phone.open(f"orders/{order['id']}")
    phone.button("下载证书").click()
    phone.press(who.pin)
    expect(phone.page.get_by_text("请再次输入证书密码。")).to_be_visible()
    phone.press(who.pin)
    expect(phone.page.get_by_text("证书下载成功")).to_be_visible()
    phone.button("完成").click()
    phone.is_at("证书管理")
    phone.page.locator(".certificate-card").first.click()


@pytest.mark.row("CRT-6", "CRT-3")
def test_the_encryption_key_is_taken_and_the_pair_is_held(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(71)
    _downloaded(phone, served, who)
    expect(phone.page.get_by_text("加密证书", exact=True)).to_be_visible()
    phone.button("领取加密密钥").click()
    phone.press(who.pin)
    expect(phone.page.get_by_text("双证书齐全")).to_be_visible()
    assert "encryption_key.taken" in worlds.kinds(served.world)
    phone.button(re.compile("^挂起证书")).click()
    phone.button("挂起证书", exact=True).click()
    expect(phone.page.get_by_text("您已挂起该证书")).to_be_visible()
    phone.button(re.compile("^恢复")).first.click()
    phone.button("恢复", exact=True).click()
    # A proof from before the hold does not lift it.
    expect(phone.button("去实名认证")).to_be_visible()
    phone.page.keyboard.press("Escape")
    kinds = worlds.kinds(served.world)
    assert kinds.count("certificate.suspended") == 2
    assert "certificate.resumed" not in kinds
