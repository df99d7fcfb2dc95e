"""A certificate on the phone: applied for, paid, in review, downloaded under 证书密码, and used by scan."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from simulations.people import Identity
from tests.support import mall_pages, worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


def _onboarded(phone: PhonePage, served: ServedLine, who: Identity) -> str:
    phone.sign_in(who)
    phone.prove_name(who)
    phone.claim(who)
    served.approve_all()
    return phone.onboard(who)


def _in_review(phone: PhonePage, served: ServedLine, who: Identity) -> str:
    """An order that waits for the reviewers; its id."""
    enterprise_id = _onboarded(phone, served, who)
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
    expect(phone.page.locator(".tag", has_text="审核中").first).to_be_visible()
    return str(order["id"])


def _download(phone: PhonePage, pin: str) -> None:
    phone.button("下载证书").click()
    phone.press(pin)
    expect(phone.page.get_by_text("请再次输入证书密码。")).to_be_visible()
    phone.press(pin)
    expect(phone.page.get_by_text("证书下载成功")).to_be_visible()
    phone.button("完成").click()
    phone.is_at("证书管理")


@pytest.mark.row("CRT-1", "PAY-1")
@pytest.mark.guide("G-certificate-1", "G-certificate-3", "G-certificate-4")
def test_a_certificate_is_applied_for_and_paid(phone: PhonePage, served: ServedLine) -> None:
    who = somebody(51)
    _onboarded(phone, served, who)
    phone.open("certificates")
    phone.button("新增证书").click()
    phone.button(re.compile("^企业证书")).click()
    phone.page.get_by_label("搜索交易平台").fill("阳光采购平台")
    expect(phone.page.get_by_role("radio", name=re.compile("新疆光正"))).to_have_count(0)
    phone.page.get_by_label("搜索交易平台").fill("光正")
    phone.page.get_by_role("radio", name=re.compile("新疆光正")).click()
    phone.button("下一步").click()
    expect(phone.page.get_by_text("证书下载方式")).to_be_visible()
    phone.page.get_by_role("radio", name=re.compile("南方电子认证")).click()
    phone.button("下一步").click()
    phone.is_at("订单详情")
    phone.button(re.compile("去支付 ¥130.00")).click()
    phone.button("立即支付").dblclick()
    expect(phone.page.get_by_text("支付成功").first).to_be_visible()
    kinds = worlds.kinds(served.world)
    assert (kinds.count("order.placed"), kinds.count("order.paid")) == (1, 1)
    phone.button("完成").click()
    expect(phone.button("上传附件")).to_be_visible()


@pytest.mark.row("CRT-1")
@pytest.mark.guide("G-certificate-5", "G-certificate-6", "G-certificate-7")
def test_it_is_in_review_then_a_to_do_says_so_and_it_is_downloaded(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(52)
    _in_review(phone, served, who)
    phone.open("orders")
    phone.is_at("我的订单")
    expect(phone.page.locator(".tag", has_text="审核中").first).to_be_visible()
    served.approve_all()
    # The list follows by itself.
    expect(phone.page.get_by_text("待下载", exact=True)).to_be_visible()
    phone.open("home")
    phone.page.locator(".card .row", has_text="证书办理已审核通过").click()
    phone.is_at("订单详情")
    _download(phone, who.pin)
    expect(phone.page.get_by_text("使用中", exact=True)).to_be_visible()
    assert "certificate.activated" in worlds.kinds(served.world)


@pytest.mark.row("CRT-4")
def test_two_different_entries_of_the_pin_ask_again_and_make_nothing(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(53)
    order_id = _in_review(phone, served, who)
    served.approve_all()
    phone.open(f"orders/{order_id}")
    requested = worlds.kinds(served.world).count("certificate.requested")
    phone.button("下载证书").click()
    phone.press(who.pin)
    phone.press("280518")
    expect(phone.page.get_by_role("alert")).to_contain_text("两次输入的证书密码不一致")
    phone.press("111111")
    phone.press("111111")
    expect(phone.page.get_by_role("alert")).to_be_visible()
    assert worlds.kinds(served.world).count("certificate.requested") == requested
    kept = phone.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert who.pin not in kept


@pytest.fixture
def pc(chromium: Browser) -> Iterator[BrowserContext]:
    """A PC beside the phone."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield context
    context.close()


@pytest.mark.row("BND-1", "BND-2")
@pytest.mark.guide("G-binding-4", "G-binding-5")
def test_the_certificate_binds_by_scan(
    phone: PhonePage, server: str, served: ServedLine, pc: BrowserContext
) -> None:
    who = somebody(54)
    order_id = _in_review(phone, served, who)
    served.approve_all()
    phone.open(f"orders/{order_id}")
    _download(phone, who.pin)
    page = pc.new_page()
    _binds(phone, page, server, who)
    assert "binding.bound" in worlds.kinds(served.world)


@pytest.mark.row("LOG-1", "BND-1")
@pytest.mark.guide("G-scanlogin-1", "G-scanlogin-4")
def test_the_pc_is_signed_in_by_the_phone_s_scan_and_pin(
    phone: PhonePage, server: str, served: ServedLine, pc: BrowserContext
) -> None:
    who = somebody(56)
    order_id = _in_review(phone, served, who)
    served.approve_all()
    phone.open(f"orders/{order_id}")
    _download(phone, who.pin)
    page = pc.new_page()
    _binds(phone, page, server, who)
    mall_pages.sign_out(page)
    mall_pages.open_mall(page, server, "/sign-in?way=scan")
    phone.open("home")
    phone.button("扫一扫").first.click()
    _reads(phone, mall_pages.qr_text(page))
    phone.is_at("扫码登录")
    expect(phone.page.get_by_text("新疆光正电子商城", exact=True).first).to_be_visible()
    signed_in = worlds.kinds(served.world).count("mall_account.signed_in")
    phone.button("输入证书密码确认").click()
    expect(phone.page.get_by_role("dialog", name="证书密码")).to_be_visible()
    phone.press(who.pin)
    expect(phone.page.get_by_role("heading", name="电脑端登录成功")).to_be_visible()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    assert worlds.kinds(served.world).count("mall_account.signed_in") == signed_in + 1


def _binds(phone: PhonePage, page: Page, server: str, who: Identity) -> None:
    """Sign in at the PC by password and bind the certificate on the phone."""
    mall_pages.open_mall(page, server, "/sign-in")
    page.get_by_label("登录名").fill(f"su{who.uscc[9:17]}")
    page.get_by_label("密码", exact=True).fill(who.password)
    page.locator("form").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    mall_pages.open_mall(page, server, "/binding")
    _scan(phone, mall_pages.qr_text(page))
    phone.is_at("主体注册")
    phone.page.get_by_label("联系地址").fill("新疆乌鲁木齐市天山区示范路 1 号")
    phone.button("下一步").click()
    phone.is_at("标证通扫码绑定")
    expect(phone.page.get_by_text(who.enterprise)).to_be_visible()
    phone.button("输入证书密码确认").click()
    phone.press(who.pin)
    # The PC says it for a moment, the phone until it is left.
    expect(page.get_by_text("绑定成功").first).to_be_visible()
    expect(phone.page.get_by_role("heading", name="绑定成功")).to_be_visible()
    page.get_by_role("dialog", name="绑定成功").get_by_role("button", name="关闭").last.click()


def _scan(phone: PhonePage, text: str) -> None:
    phone.open("scan")
    _reads(phone, text)


def _reads(phone: PhonePage, text: str) -> None:
    phone.button("输入二维码内容").click()
    phone.page.get_by_label("二维码内容").fill(text)
    phone.button("识别").click()


@pytest.mark.row("BND-1")
def test_a_foreign_code_is_refused_and_says_so(phone: PhonePage, served: ServedLine) -> None:
    phone.sign_in(somebody(55))
    with worlds.unchanged(served.world, without=("handset_session",)):
        _scan(phone, "https://example.invalid/pay?to=me")
        expect(phone.page.get_by_role("alert")).to_be_visible()
        phone.is_at("扫一扫")
