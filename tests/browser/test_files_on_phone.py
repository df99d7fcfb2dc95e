"""A phone signs a file that its PC makes, and opens it there again, with either kind of key (ENC-2…4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from simulations.people import Identity
from tests.support import mall_pages, worlds
from tests.support import phone_certificates as held
from tests.support.encryption_kinds import set_kind
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

CONTENT = "投标报价明细\r\n".encode() * 1_000
NAME = "投标文件.docx"


@pytest.fixture(params=["rsa", "curve"])
def kind(request: pytest.FixtureRequest, served: ServedLine) -> Iterator[str]:
    """The kind of encryption keys that the CA has set."""
    set_kind(served, request.param)
    yield request.param
    set_kind(served, "rsa")


@pytest.fixture
def pc(chromium: Browser) -> Iterator[Page]:
    """The PC's browser."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def signed_in(pc: Page, server: str, who: Identity) -> None:
    """Somebody's PC, at the page of files."""
    mall_pages.open_mall(pc, server, "/sign-in")
    pc.get_by_label("登录名").fill(f"su{who.uscc[9:17]}")
    pc.get_by_label("密码", exact=True).fill(who.password)
    pc.locator("form").get_by_role("button", name="登录").click()
    expect(pc.get_by_role("heading", name="工作台")).to_be_visible()


def at_tab(pc: Page, name: str) -> None:
    """A tab of the page of files."""
    pc.locator(".menu").get_by_role("link", name="文件加解密").click()
    pc.get_by_role("tab", name=name, exact=True).click()


def scans(phone: PhonePage, pc: Page) -> None:
    """The phone reads the code on the PC."""
    phone.open("home")
    phone.button("扫一扫").first.click()
    phone.button("输入二维码内容").click()
    phone.page.get_by_label("二维码内容").fill(mall_pages.qr_text(pc))
    phone.button("识别").click()
    expect(pc.get_by_text("已扫码，请在手机上输入证书密码确认。")).to_be_visible()


def confirms(phone: PhonePage, who: Identity) -> None:
    """The certificate's PIN."""
    phone.button("输入证书密码确认").click()
    expect(phone.page.get_by_role("dialog", name="证书密码")).to_be_visible()
    phone.press(who.pin)


def saved(pc: Page, name: str) -> bytes:
    """What the page gives out."""
    with pc.expect_download() as found:
        pc.get_by_role("button", name=f"保存 {name}", exact=True).click()
    return Path(found.value.path()).read_bytes()


@pytest.mark.row("ENC-2", "ENC-3", "ENC-4")
@pytest.mark.guide("G-service-7", "G-service-8")
def test_the_phone_signs_a_file_opens_it_and_names_it_before_its_key_is_given_up(
    phone: PhonePage, pc: Page, server: str, served: ServedLine, kind: str
) -> None:
    who = somebody(431 + (kind == "curve"))
    certificate_id = held.certified(phone, served, who)
    phone.open(f"certificates/{certificate_id}")
    phone.button("领取加密密钥").click()
    phone.press(who.pin)
    expect(phone.button("打开加密文件")).to_be_visible()
    signed_in(pc, server, who)
    at_tab(pc, "扫码生成文件")
    pc.get_by_label("选择文件").set_input_files(
        {"name": NAME, "mimeType": "application/octet-stream", "buffer": CONTENT}
    )
    pc.get_by_role("checkbox", name=who.enterprise).click()
    pc.get_by_role("button", name="下一步").click()
    scans(phone, pc)
    phone.is_at("扫码生成文件")
    expect(phone.page.get_by_text(NAME)).to_be_visible()
    confirms(phone, who)
    expect(pc.get_by_text("文件已签名并加密")).to_be_visible()
    sealed = saved(pc, f"{NAME}.p7m")
    at_tab(pc, "扫码解密")
    choice = {"name": f"{NAME}.p7m", "mimeType": "application/pkcs7-mime", "buffer": sealed}
    pc.get_by_label("选择加密文件").set_input_files(choice)
    scans(phone, pc)
    phone.is_at("扫码解密")
    expect(phone.page.get_by_text("制作单位")).to_be_visible()
    confirms(phone, who)
    expect(phone.page.get_by_text("已在电脑上打开")).to_be_visible()
    expect(pc.locator("[data-verdict=trusted]")).to_be_visible()
    assert saved(pc, NAME) == CONTENT
    assert {"file.made", "file_opening.read"} <= set(worlds.kinds(served.world))
    # Before its key is given up, the phone says which file that leaves unreadable.
    phone.open(f"certificates/{certificate_id}")
    phone.button("吊销").last.click()
    expect(phone.page.get_by_text(re.compile("有 1 个文件只能用本证书的密钥打开"))).to_be_visible()
    expect(phone.page.get_by_role("dialog").get_by_text(NAME)).to_be_visible()
