"""Services on the phone: ordered, paid, given up; and what the app offers besides (guide, section four)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support import contract_pages, worlds
from tests.support import invoice_pages as pages
from tests.support import phone_certificates as held
from tests.support.contract_pages import Desk
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

ALERTS = re.compile("招标信息订阅")


def _status(served: ServedLine, order_id: str) -> str:
    found = worlds.rows(served.world, "SELECT status FROM service_order WHERE id = ?", order_id)
    return str(found[0]["status"])


def _shown_order(phone: PhonePage) -> str:
    phone.is_at("服务订单")
    found = re.search(r"services/(svo_\w+)", phone.page.url)
    assert found, phone.page.url
    return found[1]


def _pays(phone: PhonePage, served: ServedLine) -> None:
    phone.button(re.compile("^去支付 ¥")).click()
    cashier = phone.page.get_by_role("dialog", name=re.compile("收银台"))
    cashier.get_by_role("button", name="立即支付").click()
    served.work()
    expect(cashier.get_by_text("支付成功")).to_be_visible()
    cashier.get_by_role("button", name="完成").click()


@pytest.mark.row("PAY-2")
def test_a_service_is_ordered_from_the_catalogue_and_paid_as_a_certificate_is(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(211)
    phone.sign_in(who)
    phone.prove_name(who)
    pages.own_row(phone, "信息与平台服务")
    phone.is_at("信息与平台服务")
    phone.button(ALERTS).click()
    phone.is_at("招标信息订阅")
    pages.choice(phone, re.compile("^6 个月")).click()
    phone.page.get_by_label(re.compile("^数量")).fill("3")
    expect(phone.page.locator(".sum .price")).to_have_text("¥702.00")
    # What was chosen outlives a reload.
    phone.page.reload()
    expect(phone.page.locator(".sum .price")).to_have_text("¥702.00")
    phone.button("立即订购").click()
    order_id = _shown_order(phone)
    expect(phone.page.get_by_text("等待支付")).to_be_visible()
    _pays(phone, served)
    expect(phone.page.get_by_text("使用中").first).to_be_visible()
    assert _status(served, order_id) == "active"
    (paid,) = pages.facts(served, "service_order.paid", order_id)
    assert paid["amount_fen"] == 70_200


@pytest.mark.row("PAY-2")
def test_a_paid_service_is_given_up_and_the_months_that_have_not_begun_go_back(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(212)
    phone.sign_in(who)
    phone.prove_name(who)
    order_id = pages.service(phone, served)
    phone.open("services/mine")
    phone.button(ALERTS).click()
    phone.is_at("服务订单")
    phone.button("退订服务").click()
    sheet = phone.page.get_by_role("dialog", name="确定退订该服务吗？")
    expect(sheet).to_contain_text("尚有 2 个月未开始，实付 ¥117.00，可退 ¥78.00")
    sheet.get_by_role("button", name="退订服务").click()
    expect(phone.page.get_by_text("已退订").first).to_be_visible()
    served.work()
    assert _status(served, order_id) == "refunded"
    (given_up,) = pages.facts(served, "service_order.given_up", order_id)
    assert given_up["amount_fen"] == 7_800
    phone.open("payments")
    held.row(phone, "¥117.00").click()
    expect(phone.page.get_by_role("dialog")).to_contain_text("¥78.00")


@pytest.mark.row("PAY-2")
def test_an_unpaid_service_order_is_taken_back_and_what_is_lacking_has_its_way_out(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(213)
    held.claimed(phone, served, who)
    placed = len(pages.facts(served, "service_order.placed"))
    phone.open("services/catalogue")
    pages.choice(phone, "平台服务").click()
    phone.button(re.compile("电子交易席位")).click()
    phone.button("立即订购").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("入驻")
    assert len(pages.facts(served, "service_order.placed")) == placed
    phone.button("平台入驻").click()
    phone.is_at("平台入驻")
    phone.onboard(who)
    phone.open("services/buy/trading_seat")
    phone.button("立即订购").click()
    order_id = _shown_order(phone)
    phone.button("取消订单").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="取消订单").click()
    expect(phone.page.get_by_text("已取消", exact=True).first).to_be_visible()
    assert pages.facts(served, "service_order.cancelled", order_id)


@pytest.mark.row("INV-1")
@pytest.mark.guide("G-service-11")
def test_the_app_offers_invoices_and_an_invoice_is_asked_for_from_the_home_screen(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(214)
    phone.sign_in(who)
    phone.prove_name(who)
    order_id = pages.service(phone, served)
    phone.open("services")
    expect(phone.page.get_by_role("heading", name="开票管理")).to_be_visible()
    phone.page.locator(".service", has_text="发票管理").click()
    phone.is_at("发票管理")
    held.row(phone, "信息服务").click()
    pages.tick_all_and_go_on(phone)
    pages.type_personal_title(phone, who.name)
    pages.confirm_twice(phone)
    phone.is_at("发票详情")
    (applied,) = pages.facts(served, "invoice.applied_for", pages.invoice_over(served, order_id))
    assert applied["order_kind"] == "information"


@pytest.fixture(scope="module")
def purchaser(chromium: Browser, server: str, served: ServedLine) -> Iterator[Desk]:
    """The company that makes a contract."""
    with contract_pages.company(chromium, server, served, somebody(221), "purchaser") as found:
        yield found


@pytest.fixture(scope="module")
def supplier(chromium: Browser, server: str, served: ServedLine) -> Iterator[Desk]:
    """The company on the other side."""
    with contract_pages.company(chromium, server, served, somebody(222), "supplier") as found:
        yield found


@pytest.mark.row("SGN-3")
@pytest.mark.guide("G-service-6")
def test_the_app_offers_signing_and_a_contract_is_sealed_from_the_home_screen(
    purchaser: Desk, supplier: Desk, served: ServedLine
) -> None:
    order = contract_pages.ordered(purchaser, supplier)
    contract = contract_pages.made(purchaser, order, "HT-2026-221")
    contract_pages.show_code(purchaser, contract_pages.open_sealing(purchaser, contract))
    phone = purchaser.phone
    phone.open("services")
    expect(phone.page.get_by_role("heading", name="签名签章")).to_be_visible()
    phone.page.locator(".service", has_text="扫码签章").click()
    held.read(phone, contract_pages.mall_pages.qr_text(purchaser.pc))
    phone.is_at("扫码签章")
    contract_pages.enter_pin(purchaser)
    expect(phone.page.get_by_role("heading", name="签章成功")).to_be_visible()
    assert "signature.completed" in contract_pages.facts(served, contract)
