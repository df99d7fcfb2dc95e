"""Invoices, titles, addresses and services on a phone in a browser: what tests of their screens share."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, expect

from simulations.people import Identity
from tests.support import phone_certificates as held
from tests.support import worlds
from tests.support.phone_pages import CALL, PhonePage
from tests.support.served import ServedLine

# A made-up person and place of the right form.
RECIPIENT, PHONE = "古丽娜尔·阿不都热合曼", "13899990001"
REGION = ("新疆维吾尔自治区", "乌鲁木齐市", "天山区")
DETAIL = "示范路 1 号丝路大厦 A 座 1203 室"
# A company's code with its check character, nobody's in fact.
OTHER_COMPANY, OTHER_CODE = "乌鲁木齐红山建材有限责任公司", "91650102MA780011X6"


def own_row(phone: PhonePage, text: str) -> None:
    """我的, and a row there."""
    phone.open("account")
    phone.is_at("我的")
    held.row(phone, text).click()


def sign_in_again(phone: PhonePage, who: Identity) -> None:
    """At 短信登录, wherever the way leads afterwards."""
    phone.page.get_by_label("手机号码").fill(who.phone)
    phone.page.get_by_role("checkbox", name="同意协议").click()
    phone.button("发送验证码").click()
    phone.is_at("输入验证码")
    phone.tap_sms()


def choose_region(phone: PhonePage, names: tuple[str, ...] = REGION) -> None:
    """所在地区: province, city and district, one after the other."""
    phone.button(re.compile("所在地区")).click()
    sheet = phone.page.get_by_role("dialog", name="所在地区")
    for name in names:
        sheet.get_by_role("radio", name=name, exact=True).click()
    expect(sheet).to_have_count(0)


def fill_address(
    phone: PhonePage, *, recipient: str = RECIPIENT, phone_number: str = PHONE
) -> None:
    """The four fields of the guide, in its order."""
    phone.page.get_by_label("收件人", exact=True).fill(recipient)
    phone.page.get_by_label("手机号", exact=True).fill(phone_number)
    choose_region(phone)
    phone.page.get_by_label("详细地址", exact=True).fill(DETAIL)


def add_address(phone: PhonePage, **other: Any) -> dict[str, Any]:
    """An address, without the screens."""
    given = {"recipient": RECIPIENT, "phone": PHONE, "region": "650102", "detail": DETAIL}
    kept: dict[str, Any] = phone.do("delivering.add_address", **(given | other))
    return kept


def facts(served: ServedLine, kind: str, subject: str = "") -> list[dict[str, Any]]:
    """What the log says of a kind of fact, oldest first."""
    sql = "SELECT subject, body FROM event WHERE kind = ? ORDER BY seq"
    rows = worlds.rows(served.world, sql, kind)
    found = [row for row in rows if subject in ("", row["subject"])]
    return [json.loads(row["body"]).get("facts", {}) | {"subject": row["subject"]} for row in found]


def choice(phone: PhonePage, text: str | re.Pattern[str]) -> Locator:
    """One of a few on the screen."""
    return phone.page.get_by_role("radio", name=text)


def service(phone: PhonePage, served: ServedLine, **other: Any) -> str:
    """A service ordered and paid for without the screens; the order's id."""
    given = {"service_id": "tender_alerts", "platform_id": "guangzheng", "months": 3}
    order_id = str(phone.do("subscribing.place_order", **(given | other))["id"])
    payment = phone.do("subscribing.pay", order_id=order_id)
    phone.do("handset.pay", payment_id=payment["id"])
    served.work()
    return order_id


def tick_all_and_go_on(phone: PhonePage) -> None:
    """选择订单: all of them, and 下一步."""
    phone.is_at("选择订单")
    phone.page.get_by_role("checkbox", name="全部").click()
    phone.button("下一步").click()
    phone.is_at("申请开票")


def type_personal_title(phone: PhonePage, name: str) -> None:
    """抬头类型: a person, by the name that is typed."""
    choice(phone, "个人").click()
    phone.page.get_by_label("抬头名称").fill(name)


def confirm_twice(phone: PhonePage) -> None:
    """【确认】, the box that opens, and 【确认提交】."""
    phone.button("确认", exact=True).click()
    box = phone.page.get_by_role("dialog", name="请确认发票信息")
    box.get_by_role("button", name="确认提交").click()
    expect(box).to_have_count(0)


def applied(served: ServedLine, order_id: str) -> list[str]:
    """The invoices that an order is in, the newest first."""
    sql = (
        "SELECT i.id FROM invoice i JOIN invoiced_order o ON o.invoice_id = i.id"
        " WHERE o.order_id = ? AND i.reverses IS NULL ORDER BY i.created_at DESC, i.id DESC"
    )
    return [str(row["id"]) for row in worlds.rows(served.world, sql, order_id)]


def apply(phone: PhonePage, order_id: str, name: str, **other: Any) -> str:
    """An application for a personal title, without the screens; the invoice's id."""
    given = {"order_ids": [order_id], "order_kind": "information", "title": person(name)}
    return str(phone.do("invoicing.apply_for_invoice", **(given | other))["id"])


def person(name: str) -> dict[str, str]:
    """A personal title as it is given."""
    return {"kind": "personal", "name": name}


def tried(phone: PhonePage, name: str, /, **given: Any) -> tuple[int, dict[str, Any]]:
    """An act through the gateway that may be refused: the status, and what was told."""
    asked = ["do", name, given, f"{id(phone)}-tried-{name}", phone.keys("device")]
    status, told = phone.page.evaluate(CALL, asked)
    return status, told


def invoice_over(served: ServedLine, order_id: str) -> str:
    """The newest invoice that an order is in."""
    return applied(served, order_id)[0]


def status(served: ServedLine, invoice_id: str) -> str:
    """Where an invoice stands, in the database itself."""
    found = worlds.rows(served.world, "SELECT status FROM invoice WHERE id = ?", invoice_id)
    return str(found[0]["status"])
