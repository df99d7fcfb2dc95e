"""Phone and PC in two browsers: order, two reviews, download, entity registration, binding, scan login."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from simulations.people import Identity
from tests.support import mall_pages, worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

ADDRESS = "新疆乌鲁木齐市天山区示范路 1 号"
WIDTHS = {1440: 900, 390: 844}


@pytest.fixture(params=sorted(WIDTHS))
def width(request: pytest.FixtureRequest) -> int:
    """How wide the PC's screen is."""
    return int(request.param)


def _browser(chromium: Browser, width: int) -> Page:
    context = chromium.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, locale="zh-CN"
    )
    context.set_default_timeout(30_000)
    return context.new_page()


@pytest.fixture
def pc(chromium: Browser, width: int) -> Iterator[Page]:
    """The PC's browser."""
    page = _browser(chromium, width)
    yield page
    page.context.close()


@pytest.fixture
def other_pc(chromium: Browser, width: int) -> Iterator[Page]:
    """A browser on which nobody has signed in."""
    page = _browser(chromium, width)
    yield page
    page.context.close()


def _ordered(phone: PhonePage, served: ServedLine, who: Identity) -> str:
    phone.sign_in(who)
    phone.prove_name(who)
    phone.claim(who)
    served.approve_all()
    order = phone.do(
        "ordering.place_order",
        enterprise_id=phone.onboard(who),
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
    return str(order["id"])


def _reviewed(served: ServedLine, order_id: str) -> list[str]:
    sql = (
        "SELECT kind FROM review_case WHERE subject_id = ? AND status = 'approved'"
        " AND sample_of IS NULL ORDER BY kind"
    )
    return [str(row["kind"]) for row in worlds.rows(served.world, sql, order_id)]


def _downloaded(phone: PhonePage, order_id: str, who: Identity) -> None:
    phone.open(f"orders/{order_id}")
    phone.button("下载证书").click()
    phone.press(who.pin)
    expect(phone.page.get_by_text("请再次输入证书密码。")).to_be_visible()
    phone.press(who.pin)
    expect(phone.page.get_by_text("证书下载成功")).to_be_visible()
    phone.button("完成").click()


def _opens(page: Page, server: str, path: str) -> None:
    page.goto("about:blank")
    page.goto(mall_pages.address(server, path))
    expect(page.get_by_role("banner")).to_be_visible()


def _scans(phone: PhonePage, pc: Page) -> None:
    phone.open("home")
    phone.button("扫一扫").first.click()
    phone.button("输入二维码内容").click()
    phone.page.get_by_label("二维码内容").fill(mall_pages.qr_text(pc))
    phone.button("识别").click()
    expect(pc.get_by_text("已扫码，请在手机上输入证书密码确认。")).to_be_visible()


def _said(page: Page, text: str) -> Locator:
    return page.get_by_role("heading", name=text)


def _no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _signs_in_by_password(pc: Page, server: str, who: Identity) -> None:
    _opens(pc, server, "/sign-in")
    pc.get_by_label("登录名").fill(f"su{who.uscc[9:17]}")
    pc.get_by_label("密码", exact=True).fill(who.password)
    pc.locator("form").get_by_role("button", name="登录").click()
    expect(_said(pc, "工作台")).to_be_visible()


def _confirms(phone: PhonePage, who: Identity, digits: str = "") -> None:
    phone.button("输入证书密码确认").click()
    if digits:
        expect(phone.page.get_by_role("dialog", name="请输入电脑上显示的两位数字")).to_be_visible()
        phone.page.get_by_label("两位数字", exact=True).press_sequentially(digits)
    expect(phone.page.get_by_role("dialog", name="证书密码")).to_be_visible()
    phone.press(who.pin)


@pytest.mark.row("CRT-1", "BND-1", "BND-2", "LOG-1")
@pytest.mark.guide("G-binding-1", "G-binding-5", "G-binding-7")
def test_from_an_order_over_two_reviews_to_a_scan_login_on_another_pc(
    phone: PhonePage,
    pc: Page,
    other_pc: Page,
    server: str,
    served: ServedLine,
    width: int,
) -> None:
    who = somebody(70 + (width == 390))
    order_id = _ordered(phone, served, who)
    # Platform and CA each approve; a second look at something else may come in between.
    assert served.approve_all() >= 2
    assert _reviewed(served, order_id) == ["certificate_ca", "certificate_platform"]
    _downloaded(phone, order_id, who)
    _signs_in_by_password(pc, server, who)
    _opens(pc, server, "/binding")
    _scans(phone, pc)
    phone.is_at("主体注册")
    expect(phone.page.get_by_text(who.enterprise)).to_be_visible()
    phone.page.get_by_label("联系人", exact=True).fill("阿里木")
    phone.page.get_by_label("联系地址").fill(ADDRESS)
    _no_wider_than_the_screen(phone.page)
    phone.button("下一步").click()
    phone.is_at("标证通扫码绑定")
    expect(phone.page.get_by_text("本机", exact=False).first).to_be_visible()
    _confirms(phone, who)
    # Another contact than the platform knows: staff look at it, and both screens say so.
    expect(_said(phone.page, "已提交，审核中")).to_be_visible()
    expect(pc.get_by_text("审核中", exact=True).first).to_be_visible()
    _no_wider_than_the_screen(pc)
    assert served.approve_all() >= 1
    # Neither screen is loaded again.
    expect(_said(phone.page, "绑定成功")).to_be_visible()
    pop_up = pc.get_by_role("dialog", name="绑定成功")
    expect(pop_up).to_be_visible()
    pop_up.get_by_role("button", name="关闭").last.click()
    # On a browser that is new to this person the phone asks for two digits that stand there.
    _opens(other_pc, server, "/sign-in?way=scan")
    _scans(phone, other_pc)
    phone.is_at("扫码登录")
    expect(phone.page.get_by_text("您从未在这台电脑的浏览器上登录过")).to_be_visible()
    number = other_pc.locator(".qr-number b")
    expect(number).to_have_text(re.compile(r"^\d\d$"))
    _no_wider_than_the_screen(other_pc)
    _confirms(phone, who, number.inner_text())
    expect(_said(phone.page, "电脑端登录成功")).to_be_visible()
    expect(_said(other_pc, "工作台")).to_be_visible()
    kinds = worlds.kinds(served.world)
    way = ("order.placed", "certificate.activated", "entity.submitted", "binding.bound")
    assert [kinds.index(kind) for kind in way] == sorted(kinds.index(kind) for kind in way)
    facts = worlds.rows(
        served.world, "SELECT body FROM event WHERE kind = 'mall_account.signed_in'"
    )
    assert any('"way":"scan"' in row["body"] for row in facts)


@pytest.mark.row("BND-1", "LOG-1")
@pytest.mark.guide("G-scanlogin-2")
def test_a_second_phone_a_refusal_and_who_never_bound_are_told_on_the_pc(
    phone: PhonePage, pc: Page, server: str, served: ServedLine, width: int
) -> None:
    who = somebody(72 + (width == 390))
    order_id = _ordered(phone, served, who)
    served.approve_all()
    _downloaded(phone, order_id, who)
    _opens(pc, server, "/sign-in?way=scan")
    text = mall_pages.qr_text(pc)
    _scans(phone, pc)
    second = served.somebody(1 + (width == 390))
    served.registered(second)
    with pytest.raises(Exception, match=r"Another phone|另一部手机"):
        second.handset.scan(text)
    expect(pc.get_by_text("另一部手机尝试扫描该二维码，已被拒绝。")).to_be_visible()
    expect(phone.page.get_by_text("另一部手机尝试扫描同一个二维码，已被拒绝。")).to_be_visible()
    _confirms(phone, who)
    expect(phone.page.get_by_text("请先用密码登录并完成绑定").first).to_be_visible()
    expect(pc.get_by_text("扫码人还没有证书绑定本平台账号", exact=False)).to_be_visible()
    pc.get_by_role("button", name="密码登录").click()
    expect(pc.get_by_label("登录名")).to_be_visible()
