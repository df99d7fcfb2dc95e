"""Steps of the guide about certificates that are promises and preconditions, at phone and PC."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support import mall_pages, worlds
from tests.support import phone_certificates as held
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


@pytest.fixture
def pc(chromium: Browser) -> Iterator[Page]:
    """A PC beside the phone."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def _service(phone: PhonePage, name: str) -> Locator:
    return phone.page.locator(".service").filter(has_text=re.compile(f"^{name}$"))


def _steps(phone: PhonePage) -> Locator:
    """The lines of 办理进度."""
    return phone.page.locator(".card", has_text="办理进度").locator("li")


def _fills_in(pc: Page, login: str, password: str) -> None:
    pc.get_by_label("登录名").fill(login)
    pc.get_by_label("密码", exact=True).fill(password)
    pc.locator("form").get_by_role("button", name="登录").click()


@pytest.mark.row("CRT-5")
@pytest.mark.guide("G-notice-3")
def test_who_applies_early_sees_at_any_time_how_far_it_is(
    phone: PhonePage, pc: Page, server: str, served: ServedLine
) -> None:
    mall_pages.open_mall(pc, server, "/notice")
    expect(pc.get_by_text("尽早办理", exact=True)).to_be_visible()
    who = somebody(81)
    order_id = held.order(phone, held.onboarded(phone, served, who))
    held.pay(phone, served, order_id)
    held.attach(phone, order_id)
    phone.open("account")
    held.row(phone, "我的订单").click()
    phone.is_at("我的订单")
    phone.page.locator(".card", has_text="审核中").click()
    phone.is_at("订单详情")
    expect(_steps(phone)).to_have_text(
        [re.compile("提交订单"), re.compile("支付"), re.compile("上传附件")]
    )
    expect(phone.page.get_by_text("审核中（交易平台）")).to_be_visible()
    expect(phone.page.get_by_text("预计完成")).to_be_visible()
    # Nobody loads anything again: the phone follows what the two reviewers do.
    served.approve_all()
    expect(_steps(phone)).to_have_count(5)
    expect(_steps(phone).nth(3)).to_contain_text("平台审核通过")
    expect(_steps(phone).nth(4)).to_contain_text("CA 审核通过")
    expect(phone.button("下载证书")).to_be_visible()
    assert "order.approved_by_agency" in worlds.kinds(served.world)


@pytest.mark.row("LOG-1")
@pytest.mark.guide("G-service-5")
def test_the_home_screen_offers_the_sign_in_by_scan_and_says_what_it_needs(
    phone: PhonePage, pc: Page, server: str, served: ServedLine
) -> None:
    who = somebody(82)
    enterprise_id = held.onboarded(phone, served, who)
    phone.open("home")
    with worlds.unchanged(served.world, without=("handset_session",)):
        _service(phone, "扫码登录").click()
        sheet = phone.page.get_by_role("dialog", name="扫码登录")
        expect(sheet).to_contain_text("请先申请并下载数字证书")
    sheet.get_by_role("button", name="去办理").click()
    phone.is_at("证书管理")
    order_id = held.order(phone, enterprise_id)
    held.pay(phone, served, order_id)
    held.attach(phone, order_id)
    served.approve_all()
    held.taken(phone, served, order_id, who.pin)
    mall_pages.open_mall(pc, server, "/sign-in")
    _fills_in(pc, f"su{who.uscc[9:17]}", who.password)
    expect(pc.get_by_role("heading", name="工作台")).to_be_visible()
    mall_pages.open_mall(pc, server, "/binding")
    held.bind(phone, pc, who.pin)
    pc.get_by_role("dialog", name="绑定成功").get_by_role("button", name="关闭").last.click()
    mall_pages.sign_out(pc)
    mall_pages.open_mall(pc, server, "/sign-in?way=scan")
    phone.open("home")
    _service(phone, "扫码登录").click()
    held.read(phone, mall_pages.qr_text(pc))
    phone.is_at("扫码登录")
    phone.button("输入证书密码确认").click()
    phone.press(who.pin)
    expect(phone.page.get_by_role("heading", name="电脑端登录成功")).to_be_visible()
    expect(pc.get_by_role("heading", name="工作台")).to_be_visible()
    facts = worlds.rows(
        served.world, "SELECT body FROM event WHERE kind = 'mall_account.signed_in'"
    )
    assert '"way":"scan"' in facts[-1]["body"]


@pytest.mark.row("BND-1")
@pytest.mark.guide("G-binding-2")
def test_who_has_no_account_at_the_mall_is_led_to_onboarding_and_binds_then(
    phone: PhonePage, pc: Page, server: str, served: ServedLine
) -> None:
    who = somebody(83)
    held.claimed(phone, served, who)
    opened = worlds.kinds(served.world).count("ticket.opened")
    mall_pages.open_mall(pc, server, "/binding")
    expect(pc.get_by_text("请先登录，登录后自动打开所需页面。")).to_be_visible()
    expect(pc.locator("img[data-yx-qr]")).to_have_count(0)
    _fills_in(pc, "nobody-here", who.password)
    expect(pc.get_by_role("alert")).to_be_visible()
    assert worlds.kinds(served.world).count("ticket.opened") == opened
    pc.get_by_text("还没有账号？").get_by_role("link", name="入驻").click()
    expect(pc.get_by_role("heading", name=re.compile("入驻"))).to_be_visible()
    pc.get_by_role("radio", name="供应商").click()
    pc.get_by_label("企业名称").fill(who.enterprise)
    pc.get_by_label("统一社会信用代码").fill(who.uscc)
    pc.get_by_label("手机号码").fill(who.phone)
    pc.get_by_role("checkbox", name="同意协议").click()
    pc.get_by_role("button", name="发送验证码").click()
    expect(pc.get_by_role("button", name="秒后可重发")).to_be_visible()
    pc.get_by_label("验证码").fill(served.newest_code(who.phone))
    login = f"su{who.uscc[9:17]}"
    pc.get_by_label("登录名").fill(login)
    pc.get_by_label("密码", exact=True).fill(who.password)
    pc.locator("form").get_by_role("button", name="入驻").click()
    expect(pc.get_by_text("入驻成功")).to_be_visible()
    # The account is there; so is the way to a certificate, and with one the way to the binding.
    order_id = held.order(phone, str(phone.ask("registration.me")["enterprises"][0]["id"]))
    held.pay(phone, served, order_id)
    held.attach(phone, order_id)
    served.approve_all()
    held.taken(phone, served, order_id, who.pin)
    mall_pages.open_mall(pc, server, "/binding")
    _fills_in(pc, login, who.password)
    held.bind(phone, pc, who.pin)
    kinds = worlds.kinds(served.world)
    assert kinds.index("mall_account.opened") < kinds.index("binding.bound")


@pytest.mark.row("CRT-1")
@pytest.mark.guide("G-certificate-2")
def test_an_enterprise_with_a_certificate_at_a_platform_gets_no_second_one_there(
    phone: PhonePage, served: ServedLine
) -> None:
    who = somebody(84)
    held.certified(phone, served, who)
    phone.open("certificates")
    phone.button("新增证书").click()
    phone.button(re.compile("^企业证书")).click()
    phone.page.get_by_label("搜索交易平台").fill("光正")
    phone.page.get_by_role("radio", name=re.compile("新疆光正")).click()
    phone.button("下一步").click()
    expect(phone.page.get_by_role("radio", name=re.compile("东方电子认证"))).to_be_visible()
    with worlds.unchanged(served.world, without=("handset_session",)):
        phone.button("下一步").click()
        expect(phone.page.get_by_role("alert")).to_contain_text("已有有效证书")
    phone.button("我的证书").click()
    phone.is_at("证书管理")
    # At a platform where it has none the very same way goes through.
    phone.do(
        "mall.onboard",
        platform_id="yangguang",
        enterprise_id=phone.ask("registration.me")["enterprises"][0]["id"],
        role="supplier",
        login="su-elsewhere",
        password=who.password,
    )
    placed = worlds.kinds(served.world).count("order.placed")
    phone.button("新增证书").click()
    phone.button(re.compile("^企业证书")).click()
    phone.page.get_by_label("搜索交易平台").fill("阳光采购平台")
    phone.page.get_by_role("radio", name=re.compile("阳光采购平台")).click()
    phone.button("下一步").click()
    expect(phone.page.get_by_role("radio", name=re.compile("华夏电子认证"))).to_be_visible()
    phone.button("下一步").dblclick()
    phone.is_at("订单详情")
    assert worlds.kinds(served.world).count("order.placed") == placed + 1
