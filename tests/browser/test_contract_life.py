"""What becomes of a contract besides being signed: every act says what changes; files as uploaded."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.reviewing.model import Wanted
from simulations.people import Person
from tests.support import contract_pages, mall_pages, worlds
from tests.support.desk_pages import DeskPage
from tests.support.served import ServedLine

Both = tuple[Person, Person]


@pytest.fixture(scope="module")
def both(served: ServedLine) -> Both:
    """A purchaser and a supplier with their certificates bound."""
    made = served.somebody(0), served.somebody(1)
    for one in made:
        served.bound(one)
    return made


@pytest.fixture
def there(chromium: Browser) -> Iterator[Page]:
    """The other party's browser."""
    context = contract_pages.context(chromium, 1440)
    yield context.new_page()
    context.close()


def _drafted(both: Both, number: str) -> str:
    purchaser, supplier = both
    order = purchaser.place_purchase_order(supplier.mall_account_id, contract_pages.LINES)
    return str(purchaser.create_contract(order, number=number, date="2026-12-01")["id"])


def _open(page: Page, server: str, person: Person, contract: str) -> None:
    mall_pages.sign_in(page, server, person)
    mall_pages.open_mall(page, server, f"/contracts/{contract}/edit")
    expect(page.get_by_role("heading", name="修改合同签署")).to_be_visible()


def _does(page: Page, button: str, verb: str, text: str = "") -> None:
    page.get_by_role("region", name="可办理的操作").get_by_role(
        "button", name=button, exact=True
    ).click()
    sheet = page.get_by_role("dialog")
    expect(sheet.locator("li").first).to_be_visible()
    if text:
        sheet.get_by_role("textbox").fill(text)
    sheet.get_by_role("button", name=verb, exact=True).click()
    expect(sheet).to_have_count(0)


@pytest.mark.row("SGN-5")
def test_a_declined_contract_says_why_and_becomes_a_new_version(
    page: Page, there: Page, server: str, served: ServedLine, both: Both
) -> None:
    contract = _drafted(both, "HT-2026-101")
    _open(there, server, both[1], contract)
    region = there.get_by_role("region", name="可办理的操作")
    region.get_by_role("button", name="拒签").click()
    there.get_by_role("dialog").get_by_role("button", name="拒签").click()
    expect(there.get_by_role("dialog").get_by_role("alert")).to_have_text(
        "请简要填写，其他各方会看到。"
    )
    there.get_by_role("dialog").get_by_role("textbox").fill("单价与约定不符，请核对")
    there.get_by_role("dialog").get_by_role("button", name="拒签").click()
    expect(there.locator("[data-party=supplier]")).to_contain_text("已拒签")
    assert "contract.declined" in contract_pages.facts(served, contract)
    _open(page, server, both[0], contract)
    expect(page.locator("[data-party=supplier]")).to_contain_text("单价与约定不符，请核对")
    page.get_by_label("付款条件", exact=True).fill("货到付款")
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.locator("[data-party=supplier]")).to_contain_text("待签章")
    assert "contract.revised" in contract_pages.facts(served, contract)


@pytest.mark.row("SGN-5")
def test_a_purchaser_reminds_extends_and_withdraws(
    page: Page, server: str, served: ServedLine, both: Both
) -> None:
    contract = _drafted(both, "HT-2026-102")
    _open(page, server, both[0], contract)
    _does(page, "催办", "发送催办")
    expect(page.get_by_text("催办已发送。")).to_be_visible()
    _does(page, "延期", "确认延期")
    expect(page.get_by_text(re.compile("请各方在 .* 前完成签章"))).to_be_visible()
    _does(page, "撤回", "确认撤回", "条款有误")
    expect(page.get_by_text("已撤回", exact=True).first).to_be_visible()
    kinds = contract_pages.facts(served, contract)
    assert kinds.index("contract.extended") < kinds.index("contract.withdrawn")
    # What ended has a tab of its own.
    mall_pages.open_mall(page, server, "/contracts?tab=ended")
    expect(page.locator(f"[data-contract={contract}]")).to_be_visible()


@pytest.mark.row("SGN-5")
def test_a_passed_contract_is_voided_once_the_other_party_agrees(
    page: Page, there: Page, server: str, served: ServedLine, both: Both
) -> None:
    contract = _drafted(both, "HT-2026-103")
    for one in both:
        served.sign(one, contract)
    both[0].submit(contract)
    served.approve_all()
    _open(page, server, both[0], contract)
    _does(page, "作废", "发起作废", "双方另行签订新合同")
    expect(page.get_by_text("采购人申请作废本合同。")).to_be_visible()
    _open(there, server, both[1], contract)
    expect(there.get_by_text("双方另行签订新合同").first).to_be_visible()
    _does(there, "同意作废", "同意")
    expect(page.get_by_text("已作废", exact=True).first).to_be_visible()
    assert "contract.voided" in contract_pages.facts(served, contract)


@pytest.mark.row("SGN-5")
def test_a_returned_contract_opens_its_form_with_the_reasons(
    page: Page, server: str, served: ServedLine, both: Both
) -> None:
    contract = _drafted(both, "HT-2026-104")
    for one in both:
        served.sign(one, contract)
    both[0].submit(contract)
    staff = served.reviewer(0)
    engine = served.world.engine
    (row,) = [
        one
        for one in engine.ask(cases.page, staff, Wanted(state="claimable"), limit=200).rows
        if one.case.subject_id == contract
    ]
    engine.perform(reviewing.claim, {"case_id": row.case.id}, actor=staff)
    code, reason = next(iter(engine.ask(cases.reasons_for, staff, "contract").items()))
    engine.perform(
        reviewing.reject, {"case_id": row.case.id, "reasons": (code,), "note": ""}, actor=staff
    )
    _open(page, server, both[0], contract)
    expect(page.get_by_text("合同已退回。")).to_be_visible()
    expect(page.get_by_text(reason.text.zh).first).to_be_visible()
    expect(page.get_by_label("合同编号", exact=True)).to_have_value("HT-2026-104")
    page.get_by_label("签订地址", exact=True).fill("乌鲁木齐市")
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.locator("[data-party=purchaser]")).to_contain_text("待签章")
    assert "contract.revised" in contract_pages.facts(served, contract)


@pytest.mark.row("SGN-5", "OPS-1")
def test_the_desk_shows_the_pages_and_what_the_signatures_are_worth(
    page: Page, server: str, served: ServedLine, both: Both
) -> None:
    contract = _drafted(both, "HT-2026-106")
    for one in both:
        served.sign(one, contract)
    both[0].submit(contract)
    sql = "SELECT id FROM review_case WHERE subject_id = ?"
    (case,) = worlds.rows(served.world, sql, contract)
    DeskPage(page, server).open("lead", f"/desk?case={case['id']}")
    drawn = page.locator(".desk-stage img.desk-page")
    expect(drawn.first).to_be_visible()
    expect(drawn.first).to_have_js_property("complete", True)
    assert drawn.first.evaluate("one => one.naturalWidth") > 1_000
    expect(page.locator("[data-verdict=valid]")).to_be_visible()
    judged = page.locator("[data-verdict=valid] + ul li")
    expect(judged).to_have_count(2)
    for one in both:
        expect(page.locator("[data-verdict=valid] + ul")).to_contain_text(one.identity.enterprise)
    assert "contract.submitted" in contract_pages.facts(served, contract)


def _with_link() -> bytes:
    """An ordinary document with a link, which cannot stay in what is signed."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[50, 50, 200, 80],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.com"),
    )
    page.Annots = pikepdf.Array([pdf.make_indirect(link)])
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.row("SGN-2")
def test_an_uploaded_file_is_looked_at_as_it_will_be_kept_and_agreed_to(
    page: Page, server: str, served: ServedLine, both: Both
) -> None:
    order = both[0].place_purchase_order(both[1].mall_account_id, contract_pages.LINES)
    mall_pages.sign_in(page, server, both[0])
    mall_pages.open_mall(page, server, f"/contracts/new?order={order['id']}")
    contract_pages.fill_in(page, "HT-2026-105")
    page.get_by_role("radio", name="手动上传").click()
    page.get_by_role("button", name="保存合同").click()
    expect(page.get_by_text("请选择合同文件，或改为模版制作。")).to_be_visible()
    chosen = page.get_by_label("选择合同文件")
    broken: FilePayload = {"name": "说明.txt", "mimeType": "text/plain", "buffer": b"x"}
    chosen.set_input_files(files=[broken])
    expect(page.get_by_text("请选择 PDF 或 Word 文档（DOCX）。")).to_be_visible()
    file: FilePayload = {
        "name": "合同.pdf",
        "mimeType": "application/pdf",
        "buffer": _with_link(),
    }
    chosen.set_input_files(files=[file])
    expect(page.get_by_text("合同.pdf").first).to_be_visible()
    page.reload()
    # A refresh loses neither what was typed nor the file.
    expect(page.get_by_text("合同.pdf").first).to_be_visible()
    expect(page.get_by_label("合同编号", exact=True)).to_have_value("HT-2026-105")
    page.get_by_role("button", name="保存合同").click()
    sheet = page.get_by_role("dialog", name="合同文件预览（未保存）")
    expect(sheet.get_by_text("已移除超链接：1 处")).to_be_visible()
    expect(sheet.locator("img")).to_have_count(1)
    sheet.get_by_role("button", name="确认并保存").click()
    expect(page.get_by_role("heading", name="修改合同签署")).to_be_visible()
    contract = contract_pages.contract_id(page)
    (row,) = worlds.rows(served.world, "SELECT origin FROM contract WHERE id = ?", contract)
    assert row["origin"] == "uploaded"
    assert "contract.created" in contract_pages.facts(served, contract)


NAME = "新疆维吾尔自治区重点项目净水与机电设备及其配套安装调试服务采购合同" * 3
_WIDE = """() => [...document.querySelectorAll('.mall, .mall *')].filter((one) => one.offsetParent
  && one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest('.table-frame, .paper-small, .paper-large, .unseen')).map((one) => one.className)"""


@pytest.mark.row("SGN-1", "SGN-2")
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_long_names_fit_the_list_the_form_and_the_dialog(
    chromium: Browser, server: str, served: ServedLine, both: Both, width: int, locale: str
) -> None:
    number = f"HT-{locale}-{width}-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789"
    purchaser, supplier = both
    order = purchaser.place_purchase_order(supplier.mall_account_id, contract_pages.LINES)
    terms = {
        "name": NAME[:100],
        "number": number,
        "signing_date": "2026-12-01",
        "effective_date": "2026-12-01",
        "payment_terms": "货到验收合格后三十日内付清" * 30,
        "place": "新疆维吾尔自治区乌鲁木齐市天山区",
    }
    given = {"purchase_order_id": order["id"], "terms": terms}
    made = purchaser.browser.perform("signing.create_contract", given, key=number)
    context = contract_pages.context(chromium, 1440)
    page = context.new_page()
    mall_pages.sign_in(page, server, purchaser)
    page.set_viewport_size({"width": width, "height": 844})
    if locale == "en-US":
        page.get_by_role("button", name="English").click()
    for path in (
        "/contracts",
        f"/contracts/new?order={order['id']}",
        f"/contracts/{made['id']}/edit",
    ):
        mall_pages.open_mall(page, server, path)
        expect(page.locator(".loading")).to_have_count(0)
        assert page.evaluate(_WIDE) == [], path
    page.locator(".table.is-attachments button").first.click()
    page.locator(".signing .paper-large").scroll_into_view_if_needed()
    expect(page.locator(".signing .paper-large .paper-page > img")).to_have_js_property(
        "complete", True
    )
    assert page.evaluate(_WIDE) == []
    assert worlds.kinds(served.world).count("contract.created") > 0
    context.close()
