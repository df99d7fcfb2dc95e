from __future__ import annotations

import concurrent.futures
import io
import re

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from engine.pdf import fonts, typeset
from tests import support_pdf

LONG = (
    "中华人民共和国某某省某某自治州特别长名称信息技术服务"
    "与电子认证设备制造集团股份有限公司乌鲁木齐第二分公司"
)
RARE = "㐀𠮷龘鱻骉堃旻喆䶮赟燊彧"


def invoice_data(**changes: object) -> dict[str, object]:
    made: dict[str, object] = {
        "issued_at": support_pdf.NOW,
        "kind": "普通发票",
        "number": "26652000000123456789",
        "issued_on": "2026年11月24日",
        "buyer": {"name": LONG, "code": "91440300MA5D00002Y"},
        "seller": {"name": "新疆数字证书认证中心（有限公司）", "code": "91650100715555555R"},
        "lines": [
            {
                "name": "*信息技术服务*企业数字证书服务费",
                "spec": "一年期",
                "unit": "张",
                "quantity": "1",
                "price": "188.679245283019",
                "net_fen": 18_868,
                "rate": "6%",
                "tax_fen": 1_132,
            }
        ],
        "net_fen": 18_868,
        "tax_fen": 1_132,
        "total_fen": 20_000,
        "total_words": "贰佰圆整",
        "remarks": ["订单号：DD20261124000017"],
        "drawer": "张慧",
        "notice": "模拟票样 TEST",
        "qr_text": "01,32,,26652000000123456789,200.00,20261124,,A1B2",
    }
    return {**made, **changes}


def application_data() -> dict[str, object]:
    return {
        "issued_at": support_pdf.NOW,
        "number": "YZ-2026-000045",
        "enterprise": LONG,
        "uscc": "91440300MA5D00002Y",
        "seal_kind": "合同专用章",
        "seal_name": "合同专用章（1）",
        "applicant": "李雯",
        "phone": "13800000000",
        "reason": "用于签署电子合同",
        "applied_on": "2026年11月24日",
    }


def authorization_data() -> dict[str, object]:
    return {
        "issued_at": support_pdf.NOW,
        "number": "SQ-2026-000045",
        "enterprise": LONG,
        "uscc": "91440300MA5D00002Y",
        "legal_representative": "李雯",
        "representative_id": "4403**********1234",
        "agent": "张慧",
        "agent_id": "6501**********4321",
        "agent_phone": "13800000000",
        "platform": "阳光采购平台",
        "matters": ["申请企业数字证书", "申请电子印章"],
        "valid_from": "2026年11月24日",
        "valid_until": "2027年11月23日",
        "signed_on": "2026年11月24日",
    }


ALL = {
    "contract": support_pdf.contract_data,
    "invoice": invoice_data,
    "seal_application": application_data,
    "letter_of_authorization": authorization_data,
}


def text_of(document: bytes) -> str:
    pages = pypdfium2.PdfDocument(document)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("template", ALL)
def test_equal_data_gives_equal_bytes_and_pdf_a(template: str) -> None:
    data = ALL[template]()
    document = typeset.render(template, data)
    assert typeset.render(template, {**data, "number": "X"}) != document
    assert typeset.render(template, data) == document
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert pdf.docinfo["/CreationDate"] == "D:20261124060000Z"


@pytest.mark.parametrize("template", ALL)
def test_every_face_is_embedded(template: str) -> None:
    with pikepdf.open(io.BytesIO(typeset.render(template, ALL[template]()))) as pdf:
        faces = [o for o in pdf.objects if "/FontDescriptor" in _keys(o)]
        assert faces
        assert all(
            any(k.startswith("/FontFile") for k in list(f.FontDescriptor.keys())) for f in faces
        )
        # Never the compiler's own faces: what they would draw is what ours lack.
        assert all(re.search("Noto(Sans|Serif)SC", str(f.FontDescriptor.FontName)) for f in faces)


def _keys(thing: object) -> list[str]:
    return list(thing.keys()) if isinstance(thing, pikepdf.Dictionary) else []


def test_the_contract_says_figures_and_words_of_one_amount() -> None:
    text = text_of(typeset.render("contract", support_pdf.contract_data()))
    assert "人民币贰万肆仟肆佰伍拾元整（小写：￥24,450.00）" in text
    assert "第1页共" in text


def test_fifty_characters_of_a_name_stay_whole() -> None:
    assert len(LONG) > 50
    party = {"name": LONG, "uscc": "91440300MA5D00002Y"}
    for template, data in (
        ("contract", support_pdf.contract_data(supplier=party)),
        ("invoice", invoice_data()),
        ("seal_application", application_data()),
        ("letter_of_authorization", authorization_data()),
    ):
        assert LONG in text_of(typeset.render(template, data))


def test_rare_characters_are_drawn_or_named() -> None:
    drawn = "".join(c for c in RARE if c not in fonts.undrawable(RARE))
    assert {"龘", "鱻", "骉", "堃", "喆", "赟", "燊"} <= set(drawn)
    text = text_of(typeset.render("invoice", invoice_data(drawer=drawn)))
    assert drawn in text


def test_a_character_without_a_shape_is_an_error_that_names_it() -> None:
    name = "张\U00030000"
    assert fonts.undrawable(name) == ("\U00030000",)
    with pytest.raises(fonts.CharacterNotDrawable) as caught:
        typeset.render("invoice", invoice_data(buyer={"name": name}))
    assert "\U00030000" in caught.value.message()
    assert "U+30000" in caught.value.message()
    assert caught.value.code == "pdf.character_not_drawable"


def test_a_control_character_is_refused_by_its_number() -> None:
    with pytest.raises(fonts.CharacterNotDrawable) as caught:
        fonts.require_drawable("张\u202e三")
    assert "U+202E" in caught.value.message()


def test_markup_in_data_stays_text() -> None:
    hostile = '#panic("x") $ *粗* @a <b> \\'
    text = text_of(typeset.render("invoice", invoice_data(remarks=[hostile])))
    assert re.sub(r"\s", "", hostile) in text


def test_a_missing_value_and_a_missing_template_are_refused() -> None:
    with pytest.raises(typeset.TemplateDataWrong):
        typeset.render("invoice", {"issued_at": support_pdf.NOW})
    with pytest.raises(typeset.TemplateDataWrong):
        typeset.render("invoice", {})
    with pytest.raises(typeset.UnknownTemplate):
        typeset.render("../contract", {"issued_at": support_pdf.NOW})


def test_the_code_on_the_invoice_can_be_read() -> None:
    page = pypdfium2.PdfDocument(typeset.render("invoice", invoice_data()))[0]
    found = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    assert [code.text for code in found] == [invoice_data()["qr_text"]]


def test_threads_share_a_template() -> None:
    data = [invoice_data(number=f"2665200000012345{n:04d}") for n in range(6)]
    alone = [typeset.render("invoice", item) for item in data]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda item: typeset.render("invoice", item), data)) == alone


def test_room_for_the_seals_is_where_the_constants_say() -> None:
    for clauses in (0, 5, 9, 14):
        data = support_pdf.contract_data(
            clauses=[{"title": "条款", "text": "双方约定。" * 40}] * clauses
        )
        pages = pypdfium2.PdfDocument(typeset.render("contract", data))
        page = pages[len(pages) - 1]
        for place in (typeset.CONTRACT_PARTY_A, typeset.CONTRACT_PARTY_B):
            k = 72 / 25.4
            text = page.get_textpage().get_text_bounded(
                left=(place.x_mm - 22) * k,
                right=(place.x_mm + place.width_mm) * k,
                top=page.get_height() - place.y_mm * k,
                bottom=page.get_height() - (place.y_mm + place.height_mm) * k,
            )
            assert "（盖章）" in text


def test_the_dashed_box_is_where_the_constant_says() -> None:
    page = pypdfium2.PdfDocument(typeset.render("seal_application", application_data()))[0]
    image = page.render(scale=25.4 / 72 * 10).to_pil().convert("RGB")
    place = typeset.APPLICATION_STAMP
    # The dashes are grey; everything else near the box is black or white.
    dashes = [
        (x, y)
        for x in range(660, 1440)
        for y in range(1640, 2378)
        if 90 < image.getpixel((x, y))[0] < 150
    ]
    xs, ys = [x / 10 for x, _ in dashes], [y / 10 for _, y in dashes]
    found = (min(xs), min(ys), max(xs), max(ys))
    right, bottom = place.x_mm + place.width_mm, place.y_mm + place.height_mm
    assert found == pytest.approx((place.x_mm, place.y_mm, right, bottom), abs=0.6)
