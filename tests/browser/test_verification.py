"""SGN-6 in a browser: a contract's public page, any PDF in three depths, both languages, phone and PC."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.boot import tables
from engine.signing import queries as contracts
from tests.support import worlds
from tests.support.served import ServedLine


@dataclass
class Signed:
    address: str
    document: Path
    changed: Path
    contract_id: str
    platform_id: str
    login: str
    password: str


@pytest.fixture(scope="module")
def signed(served: ServedLine, tmp_path_factory: pytest.TempPathFactory, server: str) -> Signed:
    """A contract that both parties have signed, its file, and a copy that somebody changed."""
    purchaser, supplier = served.person(0), served.person(1)
    for one in (purchaser, supplier):
        served.bound(one)
    contract_id = served.contract(purchaser, supplier)
    content = served.world.engine.ask(contracts.document, tables.INSIDE, contract_id)
    folder = tmp_path_factory.mktemp("files")
    document, changed = folder / "contract.pdf", folder / "changed.pdf"
    document.write_bytes(content)
    changed.write_bytes(content + b"\n% more\n")
    [row] = worlds.rows(served.world, "SELECT token FROM contract_page WHERE id = ?", contract_id)
    return Signed(
        address=f"{server}/w/demo/v/{row['token']}",
        document=document,
        changed=changed,
        contract_id=contract_id,
        platform_id=purchaser.platform_id,
        login=purchaser.mall_login(),
        password=purchaser.identity.password,
    )


def keep(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants them."""
    if folder := os.environ.get("YINXIN_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def hand_in(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(str(path))


@pytest.mark.row("SGN-6")
def test_a_contracts_page_compares_the_file_in_hand(page: Page, signed: Signed) -> None:
    page.goto(signed.address)
    expect(page.get_by_role("heading", name="办公用品采购合同")).to_be_visible()
    expect(page.get_by_text("乌鲁木齐光正商贸有限公司")).to_be_visible()
    keep(page, "contract-zh-1440")
    hand_in(page, signed.document)
    expect(page.get_by_role("heading", name="有效且未改动")).to_be_visible()
    expect(page.get_by_text("此文件与本合同的最新文件逐字节一致。")).to_be_visible()
    keep(page, "simple-zh-1440")
    page.get_by_role("tab", name="详细").click()
    expect(page.get_by_role("img", name="1. 文件正文")).to_be_visible()
    expect(page.get_by_text("由时间戳证明").first).to_be_visible()
    keep(page, "detailed-zh-1440")
    page.get_by_role("tab", name="技术").click()
    expect(page.get_by_text("ByteRange").first).to_be_visible()
    expect(page.get_by_text("制章机构签名").first).to_be_visible()
    keep(page, "technical-zh-1440")
    hand_in(page, signed.changed)
    expect(page.get_by_role("heading", name="无效或已被改动")).to_be_visible()
    expect(page.get_by_text("此文件不是本合同的文件。")).to_be_visible()
    keep(page, "changed-zh-1440")


@pytest.mark.row("SGN-6")
def test_any_file_is_verified_on_a_phone_in_english(
    phone_page: Page, signed: Signed, server: str, tmp_path: Path
) -> None:
    phone_page.goto(f"{server}/w/demo/verify")
    phone_page.get_by_role("button", name="English").click()
    expect(phone_page.get_by_role("heading", name="Verify a document")).to_be_visible()
    keep(phone_page, "empty-en-390")
    hand_in(phone_page, signed.document)
    expect(phone_page.get_by_role("heading", name="Valid and unchanged")).to_be_visible()
    phone_page.get_by_role("tab", name="Detailed").click()
    expect(phone_page.get_by_text("Not revoked").first).to_be_visible()
    keep(phone_page, "detailed-en-390")
    wide = phone_page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    other = tmp_path / "letter.pdf"
    other.write_bytes(b"no document at all")
    hand_in(phone_page, other)
    expect(phone_page.get_by_role("heading", name="Not a readable PDF")).to_be_visible()
    expect(phone_page.get_by_text("The file is no PDF.")).to_be_visible()
    keep(phone_page, "unreadable-en-390")
    phone_page.goto(f"{server}/w/demo/v/nobody")
    expect(phone_page.get_by_text("No contract has this code.")).to_be_visible()
    keep(phone_page, "missing-en-390")


@pytest.mark.row("AUD-2", "SGN-6")
def test_a_party_takes_report_and_evidence_from_the_contracts_page(
    page: Page, signed: Signed, server: str
) -> None:
    base = f"{server}/w/demo/mall/{signed.platform_id}"
    answer = page.request.post(
        f"{base}/do",
        data={
            "name": "mall.sign_in",
            "arguments": {"login": signed.login, "password": signed.password},
        },
        headers={"origin": server, "idempotency-key": "sign-in-for-papers"},
    )
    assert answer.ok, answer.text()
    page.goto(f"{base}#/contracts/{signed.contract_id}")
    card = page.get_by_role("region", name="报告与证据")
    expect(card).to_be_visible()
    card.scroll_into_view_if_needed()
    keep(page, "papers-zh-1440")
    for button, ending in (
        ("签署报告", "signing-report-HT-001.pdf"),
        ("签署报告（内附合同原件）", "signing-report-HT-001.pdf"),
        ("证据包", f"evidence-{signed.contract_id}.zip"),
    ):
        with page.expect_download() as waiting:
            card.get_by_role("button", name=button, exact=True).click()
        assert waiting.value.suggested_filename == ending
    place = card.get_by_role("link", name="合同的公开验证页面").get_attribute("href")
    assert place is not None
    assert signed.address.endswith(place)


@pytest.mark.row("SGN-6")
def test_the_console_draws_the_verdict(page: Page, signed: Signed, server: str) -> None:
    page.goto(f"{server}/login")
    page.click("button[value=auditor]")
    page.goto(f"{server}/verify")
    page.locator("input[type=file]").first.set_input_files(str(signed.document))
    expect(page.get_by_text("签名有效，文件未被改动")).to_be_visible()
    page.get_by_role("tab", name="详细").click()
    expect(page.get_by_text("按时间先后")).to_be_visible()
    expect(page.locator(".verdict-bar span").first).to_be_visible()
    keep(page, "console-zh-1440")
