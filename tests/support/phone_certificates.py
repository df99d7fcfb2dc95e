"""Certificates on a phone in a browser: up to one in use, and what tests of screens share."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from simulations import papers
from simulations.people import Identity, b64
from tests.support import mall_pages, worlds
from tests.support.phone_pages import PhonePage
from tests.support.served import ServedLine

# A person's own certificate, as they order it.
INDIVIDUAL: dict[str, Any] = {
    "platform_id": "yangguang",
    "agency_id": "dongfang",
    "seal_agency_id": "",
    "certificate_kind": "platform",
    "product": "individual",
    "years": 1,
}
CONFIRM = "验证本人身份"


def claimed(phone: PhonePage, served: ServedLine, who: Identity) -> str:
    """Signed in, the name proved, an enterprise claimed and approved; its id. Another code may be sent."""
    phone.sign_in(who)
    phone.prove_name(who)
    phone.claim(who)
    served.approve_all()
    served.pass_time(61)
    return str(phone.ask("registration.me")["enterprises"][0]["id"])


def onboarded(phone: PhonePage, served: ServedLine, who: Identity) -> str:
    """The same, with an account at the platform of the guide; the enterprise's id."""
    claimed(phone, served, who)
    return phone.onboard(who)


def order(phone: PhonePage, enterprise_id: str, **other: Any) -> str:
    """Order an enterprise certificate; the order's id."""
    given = {
        "enterprise_id": enterprise_id,
        "platform_id": "guangzheng",
        "agency_id": "dongfang",
        "seal_agency_id": "huayin",
        "certificate_kind": "platform",
        "years": 1,
    }
    return str(phone.do("ordering.place_order", **(given | other))["id"])


def own_paid(phone: PhonePage, served: ServedLine, who: Identity, *, at: str) -> str:
    """A person's own order, approved, and paid while a screen is open; the order's id."""
    phone.sign_in(who)
    phone.prove_name(who)
    order_id = str(phone.do("ordering.place_order", **INDIVIDUAL)["id"])
    served.approve_all()
    payment = phone.do("ordering.pay", order_id=order_id)
    phone.open(at)
    phone.do("handset.pay", payment_id=payment["id"])
    served.work()
    return order_id


def pay(phone: PhonePage, served: ServedLine, order_id: str) -> None:
    """Pay an order at the cashier."""
    payment = phone.do("ordering.pay", order_id=order_id)
    phone.do("handset.pay", payment_id=payment["id"])
    served.work()


def attach(phone: PhonePage, order_id: str, code: str = "authorization") -> None:
    """Hand in the one paper that an order asks for."""
    paper = {"code": code, "content": b64(papers.picture(code, order_id))}
    phone.do("ordering.attach_papers", order_id=order_id, papers=[paper])


def taken(phone: PhonePage, served: ServedLine, order_id: str, pin: str) -> str:
    """Make the key of an approved order and take its certificate into use; its id."""
    made = phone.keys("enrol", order_id=order_id, pin=pin)
    served.work()
    phone.keys("activate", certificate_id=made["id"], pin=pin)
    served.work()
    return str(made["id"])


def certified(phone: PhonePage, served: ServedLine, who: Identity) -> str:
    """Up to the enterprise's active certificate; its id."""
    order_id = order(phone, onboarded(phone, served, who))
    pay(phone, served, order_id)
    attach(phone, order_id)
    served.approve_all()
    return taken(phone, served, order_id, who.pin)


def confirm(phone: PhonePage) -> None:
    """The code to one's own number that a weighty act asks for."""
    sheet = phone.page.get_by_role("dialog", name=CONFIRM)
    expect(sheet).to_be_visible()
    phone.tap_sms()
    expect(sheet).to_have_count(0)


def prove_name_again(phone: PhonePage, served: ServedLine, who: Identity) -> None:
    """A fresh proof of the real name by the screens, from its ways back to what asked for it."""
    phone.is_at("选择实名认证方式")
    row(phone, "中金认证").click()
    phone.page.get_by_label("姓名").fill(who.name)
    phone.page.get_by_label("身份证号码").fill(who.resident_id)
    phone.button("开始认证").click()
    phone.button("使用示例照片").click()
    expect(phone.page.get_by_text("人脸采集成功")).to_be_visible()
    phone.button("开始认证").click()
    served.work()
    expect(phone.page.get_by_text("实名认证成功！").first).to_be_visible()
    phone.button("返回继续办理").click()


def row(phone: PhonePage, text: str | re.Pattern[str]) -> Locator:
    """A row of a list by a part of what it says."""
    return phone.page.locator(".row", has_text=text)


def status(served: ServedLine, certificate_id: str) -> str:
    """Where a certificate stands, in the database itself."""
    found = worlds.rows(served.world, "SELECT status FROM certificate WHERE id = ?", certificate_id)
    return str(found[0]["status"])


def statuses(served: ServedLine, order_id: str) -> list[str]:
    """Where the signing certificates of an order stand."""
    sql = "SELECT status FROM certificate WHERE order_id = ? AND usage = 'signing' ORDER BY id"
    return [str(one["status"]) for one in worlds.rows(served.world, sql, order_id)]


def read(phone: PhonePage, text: str) -> None:
    """At 扫一扫: the text of a QR code."""
    phone.is_at("扫一扫")
    phone.button("输入二维码内容").click()
    phone.page.get_by_label("二维码内容").fill(text)
    phone.button("识别").click()


def bind(phone: PhonePage, pc: Page, pin: str) -> None:
    """Scan the binding code on the PC's screen, register the entity, confirm; both screens say it."""
    phone.open("scan")
    read(phone, mall_pages.qr_text(pc))
    phone.is_at("主体注册")
    phone.page.get_by_label("联系地址").fill("新疆乌鲁木齐市天山区示范路 1 号")
    phone.button("下一步").click()
    phone.is_at("标证通扫码绑定")
    phone.button("输入证书密码确认").click()
    phone.press(pin)
    expect(phone.page.get_by_role("heading", name="绑定成功")).to_be_visible()
    expect(pc.get_by_role("dialog", name="绑定成功")).to_be_visible()
