"""合同签署 at the PC with the phone: two companies, each with a browser, from form to verified file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from engine.pdf import verification
from tests.support import contract_pages, worlds
from tests.support.contract_pages import Desk
from tests.support.phone_pages import somebody
from tests.support.served import ServedLine


@pytest.fixture(scope="module")
def purchaser(chromium: Browser, server: str, served: ServedLine) -> Iterator[Desk]:
    """The company that makes contracts."""
    with contract_pages.company(chromium, server, served, somebody(41), "purchaser") as found:
        yield found


@pytest.fixture(scope="module")
def supplier(chromium: Browser, server: str, served: ServedLine) -> Iterator[Desk]:
    """The company on the other side."""
    with contract_pages.company(chromium, server, served, somebody(42), "supplier") as found:
        yield found


@pytest.mark.row("SGN-1", "SGN-2", "SGN-3", "SGN-5")
@pytest.mark.guide("G-scansign-1", "G-scansign-4", "G-scansign-8")
def test_two_companies_sign_one_contract_in_turn_and_it_passes(
    purchaser: Desk, supplier: Desk, served: ServedLine, server: str, tmp_path: Path
) -> None:
    order = contract_pages.ordered(purchaser, supplier)
    pc = purchaser.pc
    purchaser.open("/workbench")
    pc.locator("[data-entry=contracts]").click()
    expect(pc.get_by_role("heading", name="合同签署")).to_be_visible()
    pc.get_by_role("link", name="发起合同").first.click()
    pc.get_by_role("link", name=re.compile(order["number"])).click()
    for section in ("合同信息", "附件信息"):
        expect(pc.get_by_role("heading", name=section)).to_be_visible()
    for label in ("手动上传", "模版制作"):
        expect(pc.get_by_role("radio", name=label)).to_be_visible()
    contract_pages.fill_in(pc, "HT-2026-041")
    pc.get_by_role("radio", name="依次签署").click()
    # Nothing that was typed is lost by a refresh.
    pc.reload()
    expect(pc.get_by_label("合同编号", exact=True)).to_have_value("HT-2026-041")
    purchaser.button("保存合同").click()
    expect(pc.get_by_role("heading", name="修改合同签署")).to_be_visible()
    contract = contract_pages.contract_id(pc)
    for section in ("合同信息", "附件信息", "处理历史"):
        expect(pc.get_by_role("heading", name=section)).to_be_visible()
    submit = purchaser.button("提交")
    expect(submit).to_be_disabled()
    expect(pc.get_by_text("文件上还没有贵方的印章。")).to_be_visible()
    expect(pc.get_by_text("[未签署]").first).to_be_visible()
    # Who comes later cannot seal yet, and is told why.
    supplier.open(f"/contracts/{contract}/edit")
    expect(supplier.pc.get_by_text("请等待前面的签署方签章。")).to_be_visible()
    contract_pages.seal(purchaser, contract)
    expect(pc.locator("[data-party=purchaser]")).to_contain_text("已签章")
    expect(submit).to_be_disabled()
    # The other PC is not loaded again: it is that party's turn now.
    expect(supplier.pc.locator("[data-party=supplier]")).to_contain_text("待签章")
    contract_pages.seal(supplier, contract)
    expect(submit).to_be_enabled()
    submit.click()
    pc.get_by_role("dialog").get_by_role("button", name="提交").click()
    expect(pc.get_by_text("审核中", exact=True).first).to_be_visible()
    served.approve_all()
    expect(pc.get_by_text("通过", exact=True).first).to_be_visible()
    expect(pc.locator("[data-level]")).to_have_attribute("data-level", "B-LT")
    with pc.expect_download() as download:
        pc.get_by_role("link", name="重新下载").click()
    download.value.save_as(tmp_path / "contract.pdf")
    document = (tmp_path / "contract.pdf").read_bytes()
    now = served.world.engine.now()
    judged = verification.verify(document, roots=served.world.roots, at_ms=now)
    assert judged.verdict in ("valid", "valid_extended")
    assert len(judged.signatures) == 2
    kinds = contract_pages.facts(served, contract)
    way = ("contract.created", "signature.signed", "contract.submitted", "contract.passed")
    assert [kinds.index(kind) for kind in way] == sorted(kinds.index(kind) for kind in way)
    assert kinds.count("signature.completed") == 2
    for desk in (purchaser, supplier):
        desk.open("/contracts?tab=passed")
        row = desk.pc.locator(f"[data-contract={contract}]")
        for said in ("HT-2026-041", order["number"], purchaser.who.enterprise, "查看", "操作"):
            expect(row).to_contain_text(said)


@pytest.mark.row("SGN-3")
@pytest.mark.guide("G-scansign-5", "G-scansign-6", "G-scansign-7")
def test_the_document_needs_no_driver_and_a_code_that_ran_out_is_refreshed(
    purchaser: Desk, supplier: Desk, served: ServedLine
) -> None:
    order = contract_pages.ordered(purchaser, supplier)
    contract = contract_pages.made(purchaser, order, "HT-2026-042")
    pc = purchaser.pc
    expect(pc.get_by_text("无需安装合同查看驱动")).to_be_visible()
    page = pc.locator("[data-document] .paper-large img")
    page.scroll_into_view_if_needed()
    expect(page).to_have_js_property("complete", True)
    assert page.evaluate("one => one.naturalWidth") > 1_000
    dialog = contract_pages.open_sealing(purchaser, contract)
    contract_pages.show_code(purchaser, dialog)
    ours = dialog.get_by_role("tab", name="新点标证通 APP 二维码")
    expect(ours).to_have_attribute("aria-selected", "true")
    expect(dialog.get_by_text(contract_pages.RULE)).to_be_visible()
    seconds = dialog.locator(".qr-left")
    expect(seconds).to_have_text(re.compile(r"^1[5-8]\d$"))
    # The other code would open nothing with this certificate, and says so.
    dialog.get_by_role("tab", name="全国 CA 互认二维码").click()
    expect(dialog.get_by_text("所选证书对应另一个二维码")).to_be_visible()
    dialog.get_by_role("button", name="显示该二维码").click()
    expect(seconds).to_have_text(re.compile(r"^1[5-8]\d$"))
    before = worlds.kinds(served.world).count("ticket.opened")
    served.pass_time(181)
    expect(dialog.locator("[data-status=expired]")).to_be_visible()
    dialog.get_by_role("button", name="刷新二维码").click()
    expect(dialog.locator("[data-status=created]")).to_be_visible()
    assert worlds.kinds(served.world).count("ticket.opened") == before + 1


@pytest.mark.row("SGN-3")
def test_several_contracts_are_sealed_with_one_code_and_one_pin(
    purchaser: Desk, supplier: Desk, served: ServedLine
) -> None:
    order = contract_pages.ordered(purchaser, supplier)
    both = [contract_pages.made(purchaser, order, f"HT-2026-05{n}") for n in range(2)]
    purchaser.open("/contracts?text=HT-2026-05")
    pc = purchaser.pc
    for contract in both:
        pc.locator(f"[data-contract={contract}]").get_by_role("checkbox").click()
    expect(pc.get_by_text("已选 2 份，最多 50 份")).to_be_visible()
    purchaser.button("批量签章").click()
    dialog = pc.get_by_role("dialog", name="批量签章：2 份合同")
    contract_pages.show_code(purchaser, dialog)
    contract_pages.scan(purchaser)
    phone = purchaser.phone.page
    expect(phone.get_by_text("共 2 份合同，合计 ¥2,733.00")).to_be_visible()
    phone.locator(".row", has_text="HT-2026-051").click()
    paper = phone.get_by_role("dialog")
    expect(paper.locator("[data-page='1'] img")).to_have_js_property("complete", True)
    contract_pages.no_wider_than_the_screen(phone)
    paper.get_by_role("button", name="关闭").click()
    contract_pages.enter_pin(purchaser)
    expect(phone.get_by_role("heading", name="签章成功")).to_be_visible()
    expect(dialog.get_by_text("签章完成")).to_be_visible()
    for contract in both:
        assert contract_pages.facts(served, contract).count("signature.completed") == 1
    assert worlds.kinds(served.world).count("batch.requested") == 1


@pytest.mark.row("SGN-3")
def test_by_password_the_contract_goes_to_the_phone_that_holds_the_certificate(
    purchaser: Desk, supplier: Desk, served: ServedLine
) -> None:
    order = contract_pages.ordered(purchaser, supplier)
    contract = contract_pages.made(purchaser, order, "HT-2026-061")
    dialog = contract_pages.open_sealing(purchaser, contract)
    purchaser.phone.open("home")
    contract_pages.show_code(purchaser, dialog)
    dialog.get_by_role("tab", name="密码登录").click()
    dialog.get_by_label("密码", exact=True).fill("not the password")
    dialog.get_by_role("button", name="发送到手机").click()
    expect(dialog.get_by_role("alert").first).to_be_visible()
    dialog.get_by_label("密码", exact=True).fill(purchaser.who.password)
    dialog.get_by_role("button", name="发送到手机").click()
    expect(dialog.get_by_text("已发送到持有证书的手机")).to_be_visible()
    number = dialog.locator(".qr-number b")
    expect(number).to_have_text(re.compile(r"^\d\d$"))
    # The phone is not loaded again: what was sent stands on its home screen.
    purchaser.phone.button(re.compile("合同待签署")).click()
    purchaser.phone.is_at("扫码签章")
    expect(purchaser.phone.page.get_by_text("HT-2026-061")).to_be_visible()
    contract_pages.enter_pin(purchaser, number.inner_text())
    expect(purchaser.phone.page.get_by_role("heading", name="签章成功")).to_be_visible()
    expect(dialog.get_by_text("签章完成")).to_be_visible()
    kinds = contract_pages.facts(served, contract)
    assert kinds.count("signature.completed") == 1
    assert "ticket.sent" in worlds.kinds(served.world)


@pytest.mark.row("SGN-3")
def test_the_seal_goes_where_it_was_put_and_across_the_edges(
    purchaser: Desk, supplier: Desk, served: ServedLine
) -> None:
    order = contract_pages.ordered(purchaser, supplier)
    contract = contract_pages.made(purchaser, order, "HT-2026-071")
    dialog = contract_pages.open_sealing(purchaser, contract)
    dialog.get_by_role("radio", name="按关键字").click()
    words = dialog.get_by_label("文件中的文字")
    words.fill("火星基地")
    expect(dialog.get_by_role("alert")).to_be_visible()
    words.fill("本合同签署处")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    expect(dialog.locator(".paper-seal")).to_have_count(1)
    dialog.get_by_role("radio", name="拖动到页面").click()
    expect(dialog.get_by_role("button", name="下一步")).to_be_disabled()
    dialog.get_by_role("button", name="放到本页").click()
    seal = dialog.locator(".paper-seal.is-movable")
    before = seal.get_attribute("aria-label")
    seal.scroll_into_view_if_needed()
    box = seal.bounding_box()
    assert box is not None
    mouse = purchaser.pc.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] - 60, box["y"] - 40, steps=4)
    mouse.up()
    assert seal.get_attribute("aria-label") != before
    seal.press("Shift+ArrowUp")
    dialog.get_by_role("checkbox", name="同时加盖骑缝章").click()
    expect(dialog.locator(".paper-seal.is-slice")).to_have_count(1)
    contract_pages.show_code(purchaser, dialog)
    contract_pages.scan(purchaser)
    contract_pages.enter_pin(purchaser)
    expect(dialog.get_by_text("签章完成")).to_be_visible()
    sql = "SELECT placements FROM contract_signature WHERE contract_id = ?"
    (kept,) = worlds.rows(served.world, sql, contract)
    assert '"kind":"seam"' in kept["placements"].replace(" ", "")
    assert "signature.completed" in contract_pages.facts(served, contract)
    # Whoever signs later finds the places fixed.
    other = contract_pages.open_sealing(supplier, contract)
    expect(other.get_by_text("各方印章的位置在首次签章时已经固定。")).to_be_visible()
    expect(other.get_by_role("radio", name="拖动到页面")).to_have_count(0)


@pytest.mark.row("SGN-3", "MSG-1")
def test_a_to_do_opens_the_contract_on_the_phone(
    purchaser: Desk, supplier: Desk, served: ServedLine
) -> None:
    order = contract_pages.ordered(purchaser, supplier)
    contract = contract_pages.made(purchaser, order, "HT-2026-081")
    phone = supplier.phone.page
    supplier.phone.open("home")
    phone.locator(".row", has_text="合同").first.click()
    supplier.phone.is_at("合同")
    expect(phone.get_by_text("HT-2026-081")).to_be_visible()
    expect(phone.get_by_text(purchaser.who.enterprise)).to_be_visible()
    contract_pages.no_wider_than_the_screen(phone)
    supplier.phone.button("查看合同").click()
    drawn = phone.get_by_role("dialog").locator("[data-page='1'] img")
    expect(drawn).to_have_js_property("complete", True)
    phone.get_by_role("dialog").get_by_role("button", name="关闭").click()
    supplier.phone.button("扫一扫签章").click()
    supplier.phone.is_at("扫一扫")
    assert "party.asked" in contract_pages.facts(served, contract)
