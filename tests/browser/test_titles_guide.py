"""常用发票抬头 on the phone, step by step as the guide has it, and what it does not say."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support import invoice_pages as pages
from tests.support import phone_certificates as held
from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


def _added(phone: PhonePage, name: str, **other: object) -> str:
    given = {"kind": "personal", "name": name} | other
    return str(phone.do("invoicing.add_title", **given)["id"])


@pytest.mark.row("INV-3")
@pytest.mark.guide("G-titles-1", "G-titles-3", "G-titles-4")
def test_the_list_of_titles_is_reached_over_mine_and_the_invoices(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(231)
    held.claimed(phone, served, who)
    pages.own_row(phone, "发票管理")
    phone.is_at("发票管理")
    held.row(phone, "常用发票抬头").click()
    phone.is_at("常用发票抬头")
    own = held.row(phone, who.enterprise)
    expect(own).to_contain_text("本单位")
    expect(own).to_contain_text(who.uscc)
    # It is there by itself, from the fact that the enterprise was approved.
    assert pages.facts(served, "claim.approved")


@pytest.mark.row("INV-3")
@pytest.mark.guide("G-titles-2", "G-titles-5")
def test_a_title_is_added_at_any_time_and_stands_in_the_list(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.sign_in(somebody(232))
    # The guide has an application come first; here there was none.
    assert phone.ask("invoicing.mine") == []
    phone.open("titles")
    phone.button("添加常用发票抬头").click()
    phone.is_at("添加常用发票抬头")
    pages.choice(phone, "单位").click()
    phone.page.get_by_label("单位名称").fill(pages.OTHER_COMPANY)
    phone.page.get_by_label("纳税人识别号").fill(pages.OTHER_CODE)
    phone.page.reload()
    expect(phone.page.get_by_label("单位名称")).to_have_value(pages.OTHER_COMPANY)
    phone.button("确定", exact=True).dblclick()
    phone.is_at("常用发票抬头")
    expect(held.row(phone, pages.OTHER_COMPANY)).to_contain_text(pages.OTHER_CODE)
    (kept,) = phone.ask("invoicing.titles")
    assert len(pages.facts(served, "title.added", kept["id"])) == 1
    phone.button("添加常用发票抬头").click()
    pages.choice(phone, "个人").click()
    phone.page.get_by_label("抬头名称").fill("古丽娜尔·阿不都热合曼")
    phone.button("确定", exact=True).click()
    expect(held.row(phone, "古丽娜尔·阿不都热合曼")).to_contain_text("个人")


@pytest.mark.row("INV-3")
def test_a_companys_code_that_does_not_hold_is_refused_at_its_field(
    phone: PhonePage, served: ServedLine
) -> None:
    phone.sign_in(somebody(233))
    phone.open("titles/new")
    phone.page.get_by_label("单位名称").fill(pages.OTHER_COMPANY)
    phone.page.get_by_label("纳税人识别号").fill(pages.OTHER_CODE[:-1] + "A")
    with worlds.unchanged(served.world, without=("handset_session",)):
        phone.button("确定", exact=True).click()
        expect(phone.page.get_by_label("纳税人识别号")).to_have_attribute("aria-invalid", "true")
    phone.is_at("添加常用发票抬头")


@pytest.mark.row("INV-3")
@pytest.mark.guide("G-titles-6")
def test_several_titles_are_deleted_with_one_question_and_the_own_one_stays(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(234)
    held.claimed(phone, served, who)
    first, second, third = (_added(phone, name) for name in ("赵一", "钱二", "孙三"))
    phone.open("titles")
    phone.button("删除抬头").click()
    own = phone.page.get_by_role("checkbox", name=who.enterprise)
    expect(own).to_be_disabled()
    expect(held.row(phone, who.enterprise)).to_contain_text("系统自动生成的本单位抬头，不能删除")
    expect(phone.button("删除抬头")).to_be_disabled()
    for name in ("赵一", "孙三"):
        phone.page.get_by_role("checkbox", name=name).click()
    phone.button("删除抬头").click()
    box = phone.page.get_by_role("dialog", name="删除抬头")
    expect(box).to_contain_text("确定要删除选中的抬头吗？")
    # Who thinks better of it has lost nothing.
    box.get_by_role("button", name="取消").click()
    assert len(phone.ask("invoicing.titles")) == 4
    phone.button("删除抬头").click()
    box.get_by_role("button", name="确认").click()
    expect(held.row(phone, "赵一")).to_have_count(0)
    for name in ("钱二", who.enterprise):
        expect(held.row(phone, name)).to_be_visible()
    deleted = {one["subject"] for one in pages.facts(served, "title.deleted")}
    assert {first, third} <= deleted
    assert second not in deleted


@pytest.mark.row("INV-3")
@pytest.mark.guide("G-titles-7")
def test_the_switch_makes_a_title_the_default_and_it_is_taken_for_an_invoice_without_asking(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(235)
    phone.sign_in(who)
    phone.prove_name(who)
    order_id = pages.service(phone, served)
    before = _added(phone, "赵一", is_default=True)
    wanted = _added(phone, "钱二")
    phone.open("titles")
    held.row(phone, "钱二").click()
    phone.is_at("编辑抬头")
    phone.page.get_by_role("switch", name="设为默认抬头").click()
    phone.button("确定", exact=True).click()
    phone.is_at("常用发票抬头")
    expect(held.row(phone, "钱二")).to_contain_text("默认")
    expect(held.row(phone, "赵一")).not_to_contain_text("默认")
    assert pages.facts(served, "title.changed", wanted)[-1]["is_default"] is True
    assert pages.facts(served, "title.changed", before)[-1]["is_default"] is False
    phone.open("invoices/information")
    pages.tick_all_and_go_on(phone)
    expect(phone.button(re.compile("发票抬头"))).to_contain_text("钱二")
    pages.confirm_twice(phone)
    phone.is_at("发票详情")
    expect(phone.page.get_by_text("钱二")).to_be_visible()
    assert pages.facts(served, "invoice.applied_for", pages.invoice_over(served, order_id))


@pytest.mark.row("INV-3")
def test_the_own_title_keeps_name_and_code_and_takes_the_bank(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(236)
    held.claimed(phone, served, who)
    phone.open("titles")
    held.row(phone, who.enterprise).click()
    phone.is_at("编辑抬头")
    expect(phone.page.get_by_label("单位名称")).to_have_count(0)
    phone.page.get_by_label(re.compile("^开户银行")).fill("中国银行乌鲁木齐市分行")
    phone.page.get_by_label(re.compile("^银行账号")).fill("6217003200000012345")
    phone.button("确定", exact=True).click()
    phone.is_at("常用发票抬头")
    (own,) = phone.ask("invoicing.titles")
    assert (own["name"], own["bank_account"]) == (who.enterprise, "6217003200000012345")
