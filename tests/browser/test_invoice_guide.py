"""开具发票 on the phone as the guide has it: kind, orders, type and title, confirmed twice, history."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support import invoice_pages as pages
from tests.support import phone_certificates as held
from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

KINDS = ("CA 证书", "信息服务", "平台服务")


@pytest.mark.row("INV-1")
@pytest.mark.guide("G-invoice-1", "G-invoice-3", "G-invoice-4")
def test_over_mine_to_the_invoices_and_from_the_kind_of_order_to_its_list(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(241)
    order_id = held.own_paid(phone, served, who, at="home")
    pages.own_row(phone, "发票管理")
    phone.is_at("发票管理")
    for label in KINDS:
        expect(held.row(phone, label)).to_be_visible()
    expect(held.row(phone, "CA 证书")).to_contain_text("1 笔可开票")
    held.row(phone, "CA 证书").click()
    phone.is_at("选择订单")
    number = phone.ask("ordering.order", order_id=order_id)["number"]
    expect(phone.page.get_by_role("checkbox", name=number)).to_be_enabled()
    # What can be ticked is what was paid for.
    assert pages.facts(served, "order.paid", order_id)
    for label in ("信息服务", "平台服务"):
        phone.open("invoices")
        held.row(phone, label).click()
        phone.is_at("选择订单")
        expect(phone.page.get_by_text("暂无订单")).to_be_visible()


@pytest.mark.row("INV-1")
@pytest.mark.guide("G-invoice-2")
def test_what_is_not_paid_or_not_downloaded_yet_cannot_be_ticked_and_says_why(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(242)
    order_id = held.order(phone, held.onboarded(phone, served, who))
    number = phone.ask("ordering.order", order_id=order_id)["number"]
    box = phone.page.get_by_role("checkbox", name=number)
    phone.open("invoices/certificate")
    expect(box).to_be_disabled()
    expect(phone.page.locator(".why")).to_contain_text("订单未支付")
    held.pay(phone, served, order_id)
    held.attach(phone, order_id)
    served.approve_all()
    # This platform wants the certificate downloaded first.
    phone.open("invoices/certificate")
    expect(phone.page.locator(".why")).to_contain_text("证书尚未下载")
    with worlds.unchanged(served.world, without=("handset_session",)):
        expect(box).to_be_disabled()
        box.click(force=True)
        expect(phone.button("下一步")).to_be_disabled()
        status, told = pages.tried(phone, "invoicing.apply_for_invoice", order_ids=[order_id])
        assert (status, told["code"]) == (409, "invoicing.order_not_delivered")
    held.taken(phone, served, order_id, who.pin)
    phone.open("invoices/certificate")
    expect(box).to_be_enabled()
    box.click()
    expect(phone.button("下一步")).to_be_enabled()


@pytest.mark.row("INV-1")
@pytest.mark.guide("G-invoice-5", "G-invoice-6", "G-invoice-7")
def test_orders_are_ticked_type_and_title_chosen_and_the_application_confirmed_twice(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(243)
    phone.sign_in(who)
    phone.prove_name(who)
    orders = [pages.service(phone, served, months=months) for months in (1, 3)]
    phone.open("invoices/information")
    for order_id in orders:
        number = phone.ask("subscribing.order", order_id=order_id)["number"]
        phone.page.get_by_role("checkbox", name=number).click()
    expect(phone.page.get_by_text("已选 2 项")).to_be_visible()
    phone.button("下一步").click()
    phone.is_at("申请开票")
    expect(pages.choice(phone, "电子发票")).to_have_attribute("aria-checked", "true")
    expect(pages.choice(phone, "普通发票")).to_have_attribute("aria-checked", "true")
    pages.type_personal_title(phone, who.name)
    phone.page.get_by_label("备注（选填）").fill("第三季度")
    # Nothing typed is lost by a reload.
    phone.page.reload()
    expect(phone.page.get_by_label("抬头名称")).to_have_value(who.name)
    expect(phone.page.get_by_label("备注（选填）")).to_have_value("第三季度")
    phone.button("确认", exact=True).click()
    box = phone.page.get_by_role("dialog", name="请确认发票信息")
    for text in ("电子发票", "普通发票", "2 笔订单", "个人", who.name, "第三季度", "¥156.00"):
        expect(box).to_contain_text(text)
    assert not pages.applied(served, orders[0])
    # Twice in a hurry is once.
    box.get_by_role("button", name="确认提交").dblclick()
    phone.is_at("发票详情")
    (invoice_id,) = pages.applied(served, orders[0])
    assert pages.applied(served, orders[1]) == [invoice_id]
    (fact,) = pages.facts(served, "invoice.applied_for", invoice_id)
    assert (fact["total_fen"], fact["medium"]) == (15_600, "electronic")
    # It was to be kept, and is.
    assert [one["name"] for one in phone.ask("invoicing.titles")] == [who.name]


@pytest.mark.row("INV-1", "INV-2")
@pytest.mark.guide("G-invoice-8")
def test_the_invoice_stands_in_the_history_with_its_details_and_its_pdf(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(244)
    phone.sign_in(who)
    phone.prove_name(who)
    order_id = pages.service(phone, served)
    invoice_id = pages.apply(phone, order_id, who.name)
    served.work()
    phone.open("invoices")
    held.row(phone, "开票历史").click()
    phone.is_at("开票历史")
    card = phone.button(re.compile(who.name))
    expect(card).to_contain_text("已开票")
    card.click()
    phone.is_at("发票详情")
    (issued,) = pages.facts(served, "invoice.issued", invoice_id)
    assert len(issued["number"]) == 20
    expect(phone.page.get_by_text(issued["number"]).first).to_be_visible()
    link = phone.page.get_by_role("link", name="查看发票 PDF")
    answer = phone.page.request.get(f"{phone.server}{link.get_attribute('href')}")
    assert answer.body().startswith(b"%PDF-")
    # An order that is in an invoice is not ticked again, and the list says so.
    phone.open("invoices/information")
    expect(phone.page.locator(".why")).to_contain_text("已开票")
    phone.open("invoices/history")
    phone.button("未开成", exact=True).click()
    expect(phone.page.get_by_text("没有符合条件的发票")).to_be_visible()
