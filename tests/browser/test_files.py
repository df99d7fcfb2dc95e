"""Files between companies in their browsers: made by scan, opened by scan (ENC-2, ENC-3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from playwright.sync_api import Browser, Page, expect

from engine.issuing import queries as certificates
from simulations.people import Person
from tests.support import mall_pages, worlds
from tests.support.envelopes import openssl
from tests.support.served import ServedLine
from tests.support.worlds import SYSTEM

CONTENT = "投标报价：壹佰贰拾万元整\r\n".encode() * 400_000
NAME = "新疆天山净水设备采购项目投标文件（正本）.pdf"


@pytest.fixture
def other_page(chromium: Browser) -> Iterator[Page]:
    """The other company's browser."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def ready(served: ServedLine, index: int) -> Person:
    """Somebody whose account is bound and whose pair is complete."""
    person = served.somebody(index)
    served.bound(person)
    served.work()
    assert person.complete_pair()
    return person


@pytest.fixture(scope="module")
def people(served: ServedLine) -> list[Person]:
    """A purchaser, a supplier, and another purchaser."""
    return [ready(served, index) for index in range(3)]


def at_files(page: Page, tab: str) -> None:
    """The page of files, at a tab."""
    page.get_by_role("link", name="文件加解密").first.click()
    page.get_by_role("tab", name=tab, exact=True).click()


def made(page: Page, person: Person, recipient: Person, folder: Path) -> bytes:
    """扫码生成文件 on the screens; what is saved."""
    at_files(page, "扫码生成文件")
    page.get_by_label("选择文件").set_input_files(
        {"name": NAME, "mimeType": "application/pdf", "buffer": CONTENT}
    )
    page.get_by_label("其他企业").fill(recipient.identity.uscc)
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("checkbox", name=recipient.identity.enterprise)).to_be_checked()
    page.get_by_role("button", name="下一步").click()
    ticket = person.handset.scan(mall_pages.qr_text(page))
    assert ticket["payload"]["title"] == NAME
    assert ticket["payload"]["recipients"] == recipient.identity.enterprise
    person.handset.confirm(ticket, person.certificate_id, person.identity.pin)
    expect(page.get_by_text("文件已签名并加密")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name=f"保存 {NAME}.p7m").click()
    return Path(saved.value.path()).read_bytes()


def chosen(page: Page, sealed: bytes, name: str = f"{NAME}.p7m") -> None:
    """An encrypted file is chosen at 扫码解密."""
    at_files(page, "扫码解密")
    page.get_by_label("选择加密文件").set_input_files(
        {"name": name, "mimeType": "application/pkcs7-mime", "buffer": sealed}
    )


def scanned(page: Page, person: Person) -> None:
    """The person's phone opens the key of the file whose code is on the screen."""
    ticket = person.handset.scan(mall_pages.qr_text(page))
    asked = person.handset.door.ask("scanning.asked", {"ticket_id": ticket["id"]})
    number = page.locator(".qr-number b").inner_text().strip() if asked["step_up"] else ""
    person.handset.open_at_pc(ticket, person.identity.pin, number=number)


def saved(page: Page) -> bytes:
    """What the page gives out."""
    with page.expect_download() as found:
        page.get_by_role("button", name=f"保存 {NAME}").click()
    return Path(found.value.path()).read_bytes()


@pytest.mark.row("ENC-2")
@pytest.mark.row("ENC-3")
def test_a_file_that_one_company_makes_for_another_opens_there_alone(
    page: Page,
    other_page: Page,
    server: str,
    served: ServedLine,
    people: list[Person],
    tmp_path: Path,
) -> None:
    purchaser, supplier, third = people
    mall_pages.sign_in(page, server, supplier)
    sealed = made(page, supplier, purchaser, tmp_path)
    assert CONTENT[:64] not in sealed
    mall_pages.sign_in(other_page, server, purchaser)
    chosen(other_page, sealed)
    scanned(other_page, purchaser)
    expect(other_page.get_by_text("文件已解密")).to_be_visible()
    expect(other_page.locator("[data-verdict=trusted]")).to_contain_text(
        supplier.identity.enterprise
    )
    assert saved(other_page) == CONTENT
    at_files(other_page, "文件记录")
    other_page.locator(".file-row summary").first.click()
    expect(other_page.locator(".file-row").first).to_contain_text("来自")
    kinds = worlds.kinds(served.world)
    assert {"file.made", "file_opening.read"} <= set(kinds)
    # The third company's page refuses it before any code is shown.
    mall_pages.sign_out(other_page)
    mall_pages.sign_in(other_page, server, third)
    chosen(other_page, sealed)
    expect(other_page.get_by_text("没有加密给本企业", exact=False)).to_be_visible()
    assert other_page.locator("img[data-yx-qr]").count() == 0
    opened_by_openssl(served, purchaser, sealed, tmp_path)


def opened_by_openssl(served: ServedLine, to: Person, sealed: bytes, folder: Path) -> None:
    """What the page made, with the whole key that the key centre gives to two people."""
    world = served.world
    [_, encryption] = world.engine.ask(certificates.pair, SYSTEM, to.certificate_id)
    approved_by = ("staff:a", "staff:b")
    released = world.ports.key_centre.recover(to.certificate_id, approved_by=approved_by)
    key = load_der_private_key(released.private_key, None)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "to.key").write_bytes(pem)
    (folder / "to.pem").write_bytes(_pem(encryption.der))
    (folder / "sealed").write_bytes(sealed)
    trusted = [one.public_bytes(Encoding.PEM) for one in world.roots]
    trusted.append(_pem(world.authorities.certificate("dongfang")))
    (folder / "ca.pem").write_bytes(b"".join(trusted))
    openssl(
        folder,
        *("-decrypt", "-binary", "-inform", "DER", "-in", "sealed", "-out", "signed"),
        *("-recip", "to.pem", "-inkey", "to.key"),
    )
    openssl(
        folder,
        *("-verify", "-cades", "-binary", "-inform", "DER", "-in", "signed", "-out", "plain"),
        *("-CAfile", "ca.pem", "-purpose", "any"),
        *("-attime", str(world.engine.now() // 1000)),
    )
    assert (folder / "plain").read_bytes() == CONTENT


def _pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


WAYS = {
    "in one piece": ("-aes256",),
    "as a stream": ("-aes256", "-stream"),
    "proving itself": ("-aes-256-gcm",),
}


@pytest.mark.row("ENC-3")
def test_what_openssl_encrypted_opens_at_the_page_and_what_was_changed_does_not(
    page: Page, server: str, served: ServedLine, people: list[Person], tmp_path: Path
) -> None:
    purchaser = people[0]
    [_, encryption] = served.world.engine.ask(certificates.pair, SYSTEM, purchaser.certificate_id)
    (tmp_path / "to.pem").write_bytes(_pem(encryption.der))
    (tmp_path / "plain").write_bytes(CONTENT)
    mall_pages.sign_in(page, server, purchaser)
    for way, options in WAYS.items():
        openssl(
            tmp_path,
            *("-encrypt", "-binary", "-outform", "DER", "-in", "plain", "-out", "sealed"),
            *(*options, "-recip", "to.pem"),
        )
        sealed = (tmp_path / "sealed").read_bytes()
        chosen(page, sealed)
        scanned(page, purchaser)
        expect(page.locator("[data-verdict=unsigned]")).to_be_visible()
        assert saved(page) == CONTENT, way
        page.get_by_role("button", name="再打开一个").click()
    # The tag no longer fits.
    changed = bytearray(sealed)
    changed[len(changed) // 2] ^= 1
    chosen(page, bytes(changed))
    scanned(page, purchaser)
    expect(page.get_by_text("加密之后被改动过", exact=False)).to_be_visible()
    assert page.get_by_role("button", name="保存").count() == 0
    assert worlds.kinds(served.world)[-1] == "file_opening.damaged"
