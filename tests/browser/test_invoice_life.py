"""What becomes of an invoice on the phone: parcel, desk, the tax service that says no, red letters."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from engine.reviewing import actions as reviewing
from engine.staffing.model import Role
from tests.support import invoice_pages as pages
from tests.support import parties, worlds
from tests.support import phone_certificates as held
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

DAY = 86_400


def _named(phone: PhonePage, served: ServedLine, number: int) -> str:
    """Somebody with a proven name and a paid service; its order."""
    who = somebody(number)
    phone.sign_in(who)
    phone.prove_name(who)
    return pages.service(phone, served)


def _rejected(served: ServedLine, kind: str, subject_id: str, *reasons: str) -> None:
    who = worlds.staff(served.world, Role.FINANCE)
    case_id = parties.open_case(served.world, kind, subject_id)
    served.world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=who)
    given = {"case_id": case_id, "reasons": reasons}
    served.world.engine.perform(reviewing.reject, given, actor=who)


@pytest.mark.row("INV-1", "INV-2", "ADR-1")
def test_a_paper_invoice_takes_the_address_that_is_added_on_the_way_and_its_parcel_is_followed(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(251)
    order_id = held.own_paid(phone, served, who, at="home")
    phone.open("invoices/certificate")
    pages.tick_all_and_go_on(phone)
    pages.choice(phone, "纸质发票").click()
    pages.type_personal_title(phone, who.name)
    phone.page.get_by_label("备注（选填）").fill("年度审计用")
    phone.button("确认", exact=True).click()
    expect(phone.page.get_by_role("alert")).to_contain_text("请选择纸质发票的收件地址")
    phone.button(re.compile("收件地址")).click()
    phone.is_at("新增收件地址")
    pages.fill_address(phone)
    phone.button("保存", exact=True).click()
    # Back at the form, with what was typed.
    phone.is_at("申请开票")
    expect(phone.page.get_by_label("备注（选填）")).to_have_value("年度审计用")
    expect(phone.page.get_by_label("抬头名称")).to_have_value(who.name)
    expect(phone.button(re.compile("收件地址"))).to_contain_text(pages.RECIPIENT)
    pages.confirm_twice(phone)
    phone.is_at("发票详情")
    invoice_id = pages.invoice_over(served, order_id)
    served.work()
    served.work(20 * 3_600)
    served.work(40 * 3_600)
    served.work(20 * 3_600)
    phone.open(f"invoices/{invoice_id}")
    parcel = phone.page.locator("section.card", has_text="物流信息")
    expect(parcel).to_contain_text("已签收")
    expect(parcel).to_contain_text("已揽收")
    assert pages.facts(served, "invoice.printed", invoice_id)
    # The courier calls it delivered, and it has not come.
    served.pass_time(5 * DAY)
    phone.open(f"invoices/{invoice_id}")
    phone.button("未收到，申报丢失").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="未收到，申报丢失").click()
    expect(parcel).to_contain_text("收件人报告未收到")
    assert any(one["about"] == invoice_id for one in pages.facts(served, "shipment.was_lost"))


@pytest.mark.row("INV-1", "ADR-1", "INV-3")
def test_the_default_address_is_taken_for_paper_without_asking(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(252)
    held.own_paid(phone, served, who, at="home")
    pages.add_address(phone, recipient="赵一")
    pages.add_address(phone, recipient="钱二", is_default=True)
    phone.open("invoices/certificate")
    pages.tick_all_and_go_on(phone)
    pages.choice(phone, "纸质发票").click()
    expect(phone.button(re.compile("收件地址"))).to_contain_text("钱二")
    phone.button(re.compile("收件地址")).click()
    pages.choice(phone, re.compile("赵一")).click()
    expect(phone.button(re.compile("收件地址"))).to_contain_text("赵一")
    pages.type_personal_title(phone, who.name)
    pages.confirm_twice(phone)
    phone.is_at("发票详情")
    assert pages.facts(served, "invoice.applied_for")[-1]["medium"] == "paper"


@pytest.mark.row("INV-1")
def test_an_application_for_another_title_is_looked_at_rejected_corrected_and_issued(
    phone: PhonePage, served: ServedLine
) -> None:
    order_id = _named(phone, served, 253)
    phone.open("invoices/information")
    pages.tick_all_and_go_on(phone)
    pages.choice(phone, "专用发票").click()
    # A special invoice is a company's.
    expect(pages.choice(phone, "个人")).to_have_count(0)
    phone.page.get_by_label("单位名称").fill("错误的名称")
    phone.page.get_by_label("纳税人识别号").fill(pages.OTHER_CODE)
    phone.button("确认", exact=True).click()
    box = phone.page.get_by_role("dialog", name="请确认发票信息")
    expect(box).to_contain_text("专用发票需财务审核")
    box.get_by_role("button", name="确认提交").click()
    expect(phone.page.get_by_text("财务正在审核")).to_be_visible()
    first = pages.invoice_over(served, order_id)
    assert pages.status(served, first) == "in_review"
    _rejected(served, "invoice", first, "invoice_title_wrong")
    phone.open("messages")
    phone.page.locator(".message", has_text="发票").first.click()
    phone.is_at("发票详情")
    phone.button("修改后重新提交").click()
    phone.is_at("申请开票")
    part = phone.page.locator("[data-field~='title_name']")
    expect(part.get_by_role("note")).to_contain_text("请按营业执照填写全称")
    expect(phone.page.get_by_label("纳税人识别号")).to_have_value(pages.OTHER_CODE)
    phone.page.get_by_label("单位名称").fill(pages.OTHER_COMPANY)
    pages.confirm_twice(phone)
    phone.is_at("发票详情")
    second = pages.invoice_over(served, order_id)
    assert second != first
    served.approve_all()
    served.work()
    phone.open(f"invoices/{second}")
    expect(phone.page.get_by_text("已开票").first).to_be_visible()
    assert pages.facts(served, "invoice.issued", second)


@pytest.mark.row("INV-1")
def test_an_application_in_review_is_taken_back_and_its_order_can_be_ticked_again(
    phone: PhonePage, served: ServedLine
) -> None:
    order_id = _named(phone, served, 254)
    title = {"kind": "company", "name": pages.OTHER_COMPANY, "code": pages.OTHER_CODE}
    invoice_id = pages.apply(phone, order_id, "", title=title)
    phone.open(f"invoices/{invoice_id}")
    phone.button("撤回申请").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="撤回申请").click()
    expect(phone.page.get_by_text("您已撤回该申请。")).to_be_visible()
    assert pages.facts(served, "invoice.withdrawn", invoice_id)
    phone.open("invoices/information")
    number = phone.ask("subscribing.order", order_id=order_id)["number"]
    expect(phone.page.get_by_role("checkbox", name=number)).to_be_enabled()


@pytest.mark.row("INV-2")
def test_what_the_tax_service_refuses_says_why_and_is_corrected_and_sent_again(
    phone: PhonePage, served: ServedLine
) -> None:
    order_id = _named(phone, served, 255)
    invoice_id = pages.apply(phone, order_id, "税局拒绝")
    served.work()
    phone.open(f"invoices/{invoice_id}")
    expect(phone.page.locator(".notice.bad")).to_contain_text("税务平台未受理")
    assert pages.status(served, invoice_id) == "failed"
    phone.button("修改后重新提交").click()
    phone.page.get_by_label("抬头名称").fill("李若曦")
    phone.button("提交", exact=True).click()
    phone.is_at("发票详情")
    served.work()
    phone.open(f"invoices/{invoice_id}")
    expect(phone.page.get_by_text("已开票").first).to_be_visible()
    assert pages.facts(served, "invoice.sent_again", invoice_id)
    assert pages.facts(served, "invoice.issued", invoice_id)


@pytest.mark.row("INV-2")
def test_a_part_is_taken_back_by_a_red_letter_that_finance_approves(
    phone: PhonePage, served: ServedLine
) -> None:
    order_id = _named(phone, served, 256)
    invoice_id = pages.apply(phone, order_id, "李若曦")
    served.work()
    phone.open(f"invoices/{invoice_id}")
    phone.button("申请冲红").click()
    pages.choice(phone, "销售折让").click()
    pages.choice(phone, "部分").click()
    phone.page.get_by_label(re.compile("^金额")).fill("999")
    phone.button("提交", exact=True).click()
    expect(phone.page.get_by_role("alert")).to_contain_text("¥117.00")
    phone.page.get_by_label(re.compile("^金额")).fill("17.01")
    phone.button("提交", exact=True).click()
    phone.is_at("发票详情")
    expect(held.row(phone, "−¥17.01")).to_contain_text("审核中")
    served.approve_all()
    served.work()
    phone.open(f"invoices/{invoice_id}")
    expect(phone.page.get_by_text("部分冲红").first).to_be_visible()
    held.row(phone, "−¥17.01").click()
    phone.is_at("红字发票")
    expect(phone.page.get_by_text("销售折让")).to_be_visible()
    expect(phone.page.get_by_role("link", name="查看发票 PDF")).to_be_visible()
    asked = pages.facts(served, "red_letter.asked")[-1]
    assert (asked["amount_fen"], asked["invoice_id"]) == (1_701, invoice_id)
    assert pages.facts(served, "red_letter.issued", asked["subject"])


@pytest.mark.row("INV-2", "PAY-2")
def test_a_service_given_up_after_its_invoice_has_its_red_letter_by_itself(
    phone: PhonePage, served: ServedLine
) -> None:
    order_id = _named(phone, served, 257)
    invoice_id = pages.apply(phone, order_id, "李若曦")
    served.work()
    phone.do("subscribing.ask_refund", order_id=order_id)
    served.work()
    phone.open(f"invoices/{invoice_id}")
    expect(held.row(phone, "−¥78.00")).to_contain_text("服务终止")
    assert pages.status(served, invoice_id) == "partly_reversed"
    assert pages.facts(served, "red_letter.asked")[-1]["asked_by"] == "refund"
