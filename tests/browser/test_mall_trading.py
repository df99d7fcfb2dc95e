"""The mall at the PC: onboarding by a code to the phone, the password, purchase orders by hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from simulations.people import Person
from tests.support import mall_pages, worlds
from tests.support.served import ServedLine


@pytest.fixture(scope="module")
def purchaser(served: ServedLine) -> Person:
    """A purchaser whose account has its certificate bound."""
    person = served.somebody(0)
    served.bound(person)
    return person


@pytest.fixture(scope="module")
def supplier(served: ServedLine) -> Person:
    """A person whose enterprise is approved and on no platform yet."""
    person = served.somebody(1)
    served.registered(person)
    person.claim()
    served.approve_all()
    person.know_enterprise()
    served.pass_time(61)  # a number gets one code a minute
    return person


def _fill_in(page: Page, person: Person, login: str) -> None:
    page.get_by_label("企业名称").fill(person.identity.enterprise)
    page.get_by_label("统一社会信用代码").fill(person.identity.uscc)
    page.get_by_label("手机号码").fill(person.identity.phone)
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码", exact=True).fill(person.identity.password)


@pytest.mark.row("MAL-1")
def test_a_supplier_onboards_at_the_pc_with_a_code_to_the_phone(
    page: Page, server: str, served: ServedLine, supplier: Person
) -> None:
    mall_pages.open_mall(page, server, "/join", "yangguang")
    page.get_by_role("radio", name="供应商").click()
    _fill_in(page, supplier, "1")
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("alert")).to_contain_text("同意协议")
    page.get_by_role("checkbox", name="同意协议").click()
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("button", name="秒后可重发")).to_be_visible()
    page.get_by_label("验证码").fill(served.newest_code(supplier.identity.phone))
    # A reload loses no more than what must not be kept.
    code = page.get_by_label("验证码").input_value()
    page.reload()
    expect(page.get_by_label("企业名称")).to_have_value(supplier.identity.enterprise)
    expect(page.get_by_role("radio", name="供应商")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_label("密码", exact=True)).to_have_value("")
    assert supplier.identity.password not in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_label("密码", exact=True).fill(supplier.identity.password)
    page.get_by_label("验证码").fill(code)
    page.locator("form").get_by_role("button", name="入驻").click()
    beside = page.locator(".field", has=page.get_by_label("登录名"))
    expect(beside.get_by_role("alert")).to_be_visible()
    page.get_by_label("登录名").fill("supplier-1")
    page.locator("form").get_by_role("button", name="入驻").click()
    expect(page.get_by_text("入驻成功")).to_be_visible()
    assert "mall_account.opened" in worlds.kinds(served.world)[-3:]
    page.get_by_role("main").get_by_role("link", name="登录").click()
    expect(page.get_by_label("登录名")).to_have_value("supplier-1")
    page.get_by_label("密码", exact=True).fill(supplier.identity.password)
    page.locator("form").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


@pytest.mark.row("MAL-5")
def test_a_purchase_order_is_placed_by_hand_and_found_again(
    page: Page, server: str, served: ServedLine, purchaser: Person, supplier: Person
) -> None:
    supplier.onboard()
    mall_pages.sign_in(page, server, purchaser)
    mall_pages.open_mall(page, server, "/orders/new")
    page.get_by_label("供应商").select_option(supplier.mall_account_id)
    page.get_by_label("名称").fill("净水设备采购")
    page.get_by_label("商品 1").fill("净水器滤芯")
    page.get_by_label("单位 1").fill("套")
    page.get_by_label("数量 1").fill("3")
    page.get_by_label("单价（元） 1").fill("125.50")
    expect(page.locator("[data-total]")).to_have_text("¥376.50")
    page.get_by_role("button", name="添加一行").click()
    page.get_by_role("button", name="提交订单").click()
    expect(page.get_by_role("alert")).to_have_text("请填写商品名称。")
    page.reload()
    expect(page.get_by_label("商品 1")).to_have_value("净水器滤芯")
    page.get_by_label("商品 2").fill("安装服务")
    page.get_by_label("单位 2").fill("次")
    page.get_by_label("单价（元） 2").fill("0.05")
    expect(page.locator("[data-total]")).to_have_text("¥376.55")
    page.get_by_role("button", name="删除第 2 行").click()
    page.get_by_role("button", name="提交订单").click()
    expect(page.get_by_role("heading", name="净水设备采购")).to_be_visible()
    expect(page.locator("tfoot")).to_contain_text("¥376.50")
    assert worlds.kinds(served.world).count("purchase_order.placed") == 1
    page.get_by_role("navigation", name="菜单").get_by_role(
        "link", name="采购订单", exact=True
    ).click()
    page.get_by_label("搜索采购订单").fill("没有这样的订单")
    expect(page.get_by_text("没有符合条件的订单")).to_be_visible()
    assert "text=" in page.url
    page.get_by_label("搜索采购订单").fill("净水设备")
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    for name in (purchaser.identity.enterprise, supplier.identity.enterprise):
        expect(row).to_contain_text(name)


@pytest.mark.row("MAL-2")
def test_the_password_is_changed_and_the_old_one_opens_nothing(
    page: Page, server: str, served: ServedLine, purchaser: Person
) -> None:
    mall_pages.sign_in(page, server, purchaser)
    mall_pages.open_mall(page, server, "/account")
    old, new = purchaser.identity.password, "欲穷千里目更上一层楼"
    page.get_by_label("当前密码").fill(old)
    page.get_by_label("新密码", exact=True).fill(new)
    page.get_by_label("确认新密码").fill(new + "！")
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("alert")).to_have_text("两次输入的新密码不一致，请重新输入。")
    page.get_by_label("确认新密码").fill(new)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_text("密码已修改")).to_be_visible()
    assert "mall_account.password_changed" in worlds.kinds(served.world)[-3:]
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("banner").get_by_role("link", name="登录").click()
    page.get_by_label("登录名").fill(purchaser.mall_login())
    page.get_by_label("密码", exact=True).fill(old)
    page.locator("form").get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("密码", exact=True).fill(new)
    page.locator("form").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def test_a_deep_link_waits_for_the_sign_in_and_goes_on_then(
    page: Page, server: str, served: ServedLine
) -> None:
    person = served.somebody(2)
    served.onboarded(person)
    mall_pages.open_mall(page, server, "/contracts")
    expect(page.get_by_text("请先登录，登录后自动打开所需页面。")).to_be_visible()
    page.get_by_label("登录名").fill(person.mall_login())
    page.get_by_label("密码", exact=True).fill(person.identity.password)
    page.locator("form").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="合同签署")).to_be_visible()
    for tab in ("全部 (0)", "待提交 (0)", "审核中 (0)", "通过 (0)", "退回 (0)"):
        expect(page.get_by_role("tab", name=tab)).to_be_visible()


@pytest.mark.row("MAL-5")
def test_without_a_bound_certificate_the_form_says_what_comes_first(
    page: Page, server: str, served: ServedLine
) -> None:
    person = served.somebody(4)
    served.onboarded(person)
    mall_pages.sign_in(page, server, person)
    mall_pages.open_mall(page, server, "/orders/new")
    expect(page.get_by_text("绑定已激活的证书后，即可使用合同签署与采购功能。")).to_be_visible()
    expect(page.get_by_label("商品 1")).to_have_count(0)
    page.get_by_role("link", name="查看还缺哪一步").click()
    expect(page.get_by_role("heading", name="开通进度")).to_be_visible()


@pytest.mark.parametrize("platform", ["guangzheng", "yangguang"])
def test_the_front_page_is_readable_on_a_narrow_screen_in_both_languages(
    phone_page: Page, server: str, platform: str
) -> None:
    mall_pages.open_mall(phone_page, server, "/", platform)
    for switch, notice in (("English", "办理须知"), ("中文", "Before you apply")):
        expect(phone_page.get_by_role("heading", name=notice)).to_be_visible()
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
        phone_page.get_by_role("button", name=switch).click()
    expect(phone_page.get_by_role("heading", name="办理须知")).to_be_visible()


@pytest.mark.row("MAL-5")
def test_a_session_that_lapses_loses_nothing_that_was_typed(
    page: Page, server: str, served: ServedLine
) -> None:
    person = served.somebody(6)
    served.onboarded(person)
    mall_pages.sign_in(page, server, person)
    mall_pages.open_mall(page, server, "/orders")
    page.get_by_label("搜索采购订单").fill("净水设备")
    expect(page).to_have_url(re.compile("text="))
    served.pass_time(25 * 3600)
    expect(page.get_by_text("请先登录，登录后自动打开所需页面。")).to_be_visible()
    page.get_by_label("登录名").fill(person.mall_login())
    page.get_by_label("密码", exact=True).fill(person.identity.password)
    page.locator("form").get_by_role("button", name="登录").click()
    expect(page.get_by_label("搜索采购订单")).to_have_value("净水设备")
