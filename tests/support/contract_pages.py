"""Contracts in a test's browser: two companies with a PC and a phone each, and the steps of the guide."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from simulations.people import Identity
from tests.support import mall_pages, phone_certificates, worlds
from tests.support.phone_pages import PhonePage
from tests.support.served import ServedLine

PLATFORM = "guangzheng"
RULE = "二维码有效期仅为3分钟，过期后请刷新二维码"
LINES = [
    {"name": "净水器滤芯", "unit": "套", "quantity": 3, "unit_price_fen": 12_550},
    {"name": "安装服务", "unit": "次", "quantity": 1, "unit_price_fen": 99_000},
]
_CALL = """async ([path, name, given, key]) => {
  const answer = await fetch(`/w/demo/mall/guangzheng/${path}`, {
    method: "POST",
    headers: {"content-type": "application/json", "idempotency-key": key},
    body: JSON.stringify({name, arguments: given})});
  return [answer.status, await answer.json()];
}"""


def context(chromium: Browser, width: int, *, locale: str = "zh-CN") -> BrowserContext:
    """A browser of its own: somebody's PC, or their phone."""
    height = 844 if width < 600 else 900
    made = chromium.new_context(viewport={"width": width, "height": height}, locale=locale)
    made.set_default_timeout(30_000)
    return made


@dataclass
class Desk:
    """A company: its person's PC at the platform, and the phone that holds its certificate."""

    who: Identity
    role: str
    pc: Page
    phone: PhonePage
    server: str
    certificate_id: str = ""
    acts: int = 0

    @property
    def login(self) -> str:
        """The login name at the platform."""
        return f"{self.role[:2]}{self.who.uscc[9:17]}"

    def call(self, path: str, name: str, **given: Any) -> Any:
        """An act or a question at the PC, without its screens."""
        self.acts += 1
        asked = [path, name, given, f"{id(self)}-{self.acts:06d}"]
        status, told = self.pc.evaluate(_CALL, asked)
        assert status == 200, told
        return told

    def open(self, path: str) -> None:
        """Open a screen of the platform afresh."""
        self.pc.goto("about:blank")
        self.pc.goto(mall_pages.address(self.server, path))
        expect(self.pc.locator(".mall h1").first).to_be_visible()

    def sign_in(self) -> None:
        """Sign the PC in by password."""
        self.open("/sign-in")
        self.pc.get_by_label("登录名").fill(self.login)
        self.pc.get_by_label("密码", exact=True).fill(self.who.password)
        self.pc.locator("form").get_by_role("button", name="登录").click()
        expect(self.pc.get_by_role("heading", name="工作台")).to_be_visible()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """A button of the PC's page."""
        return self.pc.get_by_role("button", name=name, exact=isinstance(name, str))


def equipped(served: ServedLine, desk: Desk) -> Desk:
    """Up to a bound certificate, by the phone's own keys; the PC is at its workbench."""
    phone, who = desk.phone, desk.who
    phone_certificates.claimed(phone, served, who)
    enterprise_id = str(phone.ask("registration.me")["enterprises"][0]["id"])
    given = {"platform_id": PLATFORM, "enterprise_id": enterprise_id, "role": desk.role}
    phone.do("mall.onboard", **given, login=desk.login, password=who.password)
    order_id = phone_certificates.order(phone, enterprise_id)
    phone_certificates.pay(phone, served, order_id)
    phone_certificates.attach(phone, order_id)
    served.approve_all()
    desk.certificate_id = phone_certificates.taken(phone, served, order_id, who.pin)
    desk.sign_in()
    desk.open("/binding")
    phone_certificates.bind(phone, desk.pc, who.pin)
    return desk


@contextlib.contextmanager
def company(
    chromium: Browser, server: str, served: ServedLine, who: Identity, role: str, width: int = 1440
) -> Iterator[Desk]:
    """A company that can sign; its browsers are closed again, for a server waits for open streams."""
    both = [context(chromium, one) for one in (width, 390)]
    pc, phone = (one.new_page() for one in both)
    try:
        yield equipped(served, Desk(who, role, pc, PhonePage(phone, server), server))
    finally:
        for one in both:
            one.close()


def ordered(purchaser: Desk, supplier: Desk, title: str = "净水设备采购") -> dict[str, Any]:
    """A purchase order between the two."""
    (found,) = [
        one
        for one in purchaser.call("ask", "mall.suppliers_here")
        if one["uscc"] == supplier.who.uscc
    ]
    given = {"supplier_id": found["id"], "title": title, "awardee": "", "lines": LINES}
    placed: dict[str, Any] = purchaser.call("do", "mall.place_purchase_order", **given)
    return placed


def fill_in(pc: Page, number: str, *, name: str = "净水设备采购合同") -> None:
    """03 合同信息, every field."""
    for label, value in (
        ("合同编号", number),
        ("合同名称", name),
        ("签订日期", "2026-12-01"),
        ("生效日期", "2026-12-02"),
        ("签订地址", "新疆乌鲁木齐市天山区"),
        ("付款条件", "货到验收合格后三十日内付清"),
    ):
        pc.get_by_label(label, exact=True).fill(value)


def made(purchaser: Desk, order: dict[str, Any], number: str) -> str:
    """A contract from the template, by the form; its id."""
    purchaser.open(f"/contracts/new?order={order['id']}")
    fill_in(purchaser.pc, number)
    purchaser.button("保存合同").click()
    expect(purchaser.pc.get_by_role("heading", name="修改合同签署")).to_be_visible()
    return contract_id(purchaser.pc)


def contract_id(pc: Page) -> str:
    """The contract whose page is open."""
    found = re.search(r"#/contracts/(con_\w+)", pc.url)
    assert found, pc.url
    return found[1]


def open_sealing(desk: Desk, contract: str) -> Locator:
    """操作 → 签章: the dialog with certificate, seal and place."""
    desk.open(f"/contracts/{contract}/edit")
    desk.pc.get_by_role("table").get_by_role("button", name="签章").click()
    dialog = desk.pc.get_by_role("dialog", name="签章")
    expect(dialog.get_by_role("radio", name=re.compile("企业公章"))).to_be_visible()
    return dialog


def show_code(desk: Desk, dialog: Locator) -> None:
    """On to 扫码签章: the code stands there, with its three minutes."""
    dialog.get_by_role("button", name="下一步").click()
    expect(dialog.get_by_role("tab", name="扫码签章")).to_have_attribute("aria-selected", "true")
    expect(desk.pc.locator("img[data-yx-qr='']")).to_be_visible()


def scan(desk: Desk) -> None:
    """The company's phone reads the code on its PC."""
    desk.phone.open("scan")
    phone_certificates.read(desk.phone, mall_pages.qr_text(desk.pc))
    desk.phone.is_at("扫码签章")


def enter_pin(desk: Desk, digits: str = "") -> None:
    """证书密码 on the phone's own keypad."""
    desk.phone.button("输入证书密码确认").click()
    if digits:
        desk.phone.page.get_by_label("两位数字", exact=True).press_sequentially(digits)
    expect(desk.phone.page.get_by_role("dialog", name="证书密码")).to_be_visible()
    desk.phone.press(desk.who.pin)


def seal(desk: Desk, contract: str) -> None:
    """The whole of 扫码签章, from the page to the seal on it."""
    dialog = open_sealing(desk, contract)
    show_code(desk, dialog)
    scan(desk)
    enter_pin(desk)
    expect(desk.phone.page.get_by_role("heading", name="签章成功")).to_be_visible()
    expect(dialog.get_by_text("签章完成")).to_be_visible()
    dialog.get_by_role("button", name="关闭").last.click()


def no_wider_than_the_screen(page: Page) -> None:
    """Nothing sticks out at the side."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def facts(served: ServedLine, contract: str) -> list[str]:
    """The kinds of facts about a contract and its signatures, oldest first."""
    sql = "SELECT kind FROM event WHERE subject = ? OR body LIKE '%' || ? || '%' ORDER BY seq"
    return [str(row["kind"]) for row in worlds.rows(served.world, sql, contract, contract)]
