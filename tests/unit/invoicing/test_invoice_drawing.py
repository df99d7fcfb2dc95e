"""INV-2: the drawn invoice says every figure that was numbered, whatever the lines, and looks like one."""

from __future__ import annotations

import io
import re
import subprocess

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.invoicing import drawing, model
from engine.kernel import catalog, clock
from engine.pdf import fonts
from engine.policies import model as policies
from tests.support import qr_reading

SELLER = catalog.load(catalog.DATA / "policies" / "seller.toml", policies.Seller)
NUMBER, BLUE = "26652000000000000999", "26652000000000000123"
# 2026-11-28 in Shanghai, where it is another day already than in UTC.
AT = clock.start_of(clock.civil_date(1_795_852_800_000)) + clock.HOUR
BUYER = model.Details(name="新疆天山净水科技有限公司", code="91650100MA77TE5T1Y")


def line(gross_fen: int, *, quantity: int = 1, permille: int = 60, **more: object) -> model.Line:
    net, tax = model.split_tax(abs(gross_fen), permille)
    sign = -1 if gross_fen < 0 else 1
    given_: dict[str, object] = {
        "order_id": f"ord_{gross_fen}",
        "name": "*信息技术服务*数字证书服务费",
        "quantity": quantity * sign,
        "amount_fen": net * sign,
        "tax_fen": tax * sign,
        "rate_permille": permille,
        "code": "3040203000000000000",
        **more,
    }
    return model.Line(**given_)  # type: ignore[arg-type]


def face(*lines: model.Line, kind: str = "ordinary", **more: object) -> model.Face:
    net, tax, total = model.totals(lines)
    given_: dict[str, object] = {
        "invoice_id": "inv_1",
        "order_kind": "certificate",
        "kind": kind,
        "medium": "electronic",
        "title_kind": "company",
        "buyer": BUYER,
        "lines": lines,
        "amount_fen": net,
        "tax_fen": tax,
        "total_fen": total,
        "number": "",
        "issued_at": None,
        "reverses": None,
        "reverses_number": "",
        "reason": "",
        "asked_by": "",
        **more,
    }
    return model.Face(**given_)  # type: ignore[arg-type]


def drawn(told: model.Face) -> bytes:
    return drawing.draw(told, SELLER, NUMBER, AT)


def read(pdf: bytes) -> list[str]:
    """The text of each page as `pdftotext` has it, each line's blanks joined."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    pages = done.stdout.decode().split("\f")[:-1]
    return ["\n".join(" ".join(row.split()) for row in page.splitlines()) for page in pages]


def rows(pages: list[str]) -> list[tuple[str, str, str, str]]:
    """Quantity, price, net and tax of every line, as they are read back."""
    found = []
    for page in pages:
        pattern = r"年 (-?\d+) ([\d.]+) (-?[\d.]+) [\d.]+% (-?[\d.]+)$"
        found += re.findall(pattern, page, re.MULTILINE)
    return found


@pytest.mark.row("INV-2")
def test_everything_on_the_face_is_read_back():
    (page,) = read(drawn(face(line(10_000), line(12_345, quantity=3))))
    for text in (
        "电子发票（普通发票）",
        f"发票号码：{NUMBER}",
        "开票日期：2026 年 11 月 28 日",
        BUYER.name,
        BUYER.code,
        SELLER.name,
        SELLER.code,
        "项目名称 规格型号 单位 数量 单价 金额 税率/征收率 税额",
        f"开票人：{SELLER.drawer}",
        "模拟票样",
        "¥210.80",
        "¥12.65",
        "（小写）¥223.45",
        "⊗贰佰贰拾叁圆肆角伍分",
    ):
        assert text.replace(" ", "") in page.replace(" ", ""), text
    assert rows([page]) == [
        ("1", "94.34", "94.34", "5.66"),
        ("3", "38.82", "116.46", "6.99"),
    ]


@pytest.mark.row("INV-2")
@pytest.mark.parametrize(("count", "pages"), [(1, 1), (8, 1), (9, 1), (10, 2), (60, 5), (200, 13)])
def test_as_many_pages_as_the_lines_need_and_every_line_once(count, pages):
    lines = [line(10_000 + 977 * n, quantity=1 + n % 3) for n in range(count)]
    told = face(*lines)
    found = read(drawn(told))
    assert len(found) == pages
    assert rows(found) == [
        (
            str(one.quantity),
            model.unit_price(one),
            model.yuan(one.amount_fen),
            model.yuan(one.tax_fen),
        )
        for one in lines
    ]
    sums = [re.findall(r"小 ?计 ¥(-?[\d.]+) ¥(-?[\d.]+)", page) for page in found]
    if pages > 1:
        nets = [round(float(one[0][0]) * 100) for one in sums]
        taxes = [round(float(one[0][1]) * 100) for one in sums]
        assert (sum(nets), sum(taxes)) == (told.amount_fen, told.tax_fen)
        assert f"共{pages}页第{pages}页" in found[-1].replace(" ", "")
    for page in found[:-1]:
        assert "价税合计" not in page
    assert f"¥{model.yuan(told.total_fen)}" in found[-1]
    assert drawing.words(told.total_fen) in found[-1]


@pytest.mark.row("INV-2")
def test_a_red_letter_has_negative_figures_and_names_the_blue_one():
    told = face(
        line(-20_000, quantity=2),
        line(-5_000, quantity=0, unit=""),
        kind="special",
        reverses="inv_0",
        reverses_number=BLUE,
        reason="03",
    )
    (page,) = read(drawn(told))
    assert "电子发票（增值税专用发票）" in page
    assert rows([page]) == [("-2", "94.34", "-188.68", "-11.32")]
    assert "-47.17 6% -2.83" in page
    assert "¥-235.85 ¥-14.15" in page
    assert "（负数）贰佰伍拾圆整" in page
    assert "（小写）¥-250.00" in page
    assert f"被红冲蓝字数电发票号码：{BLUE}" in page
    assert "红冲原因：服务终止" in page


@pytest.mark.row("INV-2")
def test_a_special_one_says_addresses_and_banks_and_what_was_asked_for():
    buyer = model.Details(
        name=BUYER.name,
        code=BUYER.code,
        address="乌鲁木齐市天山区新华北路 165 号",
        phone="0991-2300000",
        bank="模拟银行新华北路支行",
        bank_account="3002010109022222222",
        remarks="合同号 XM-2026-0017",
    )
    (page,) = read(drawn(face(line(10_000), kind="special", buyer=buyer)))
    for text in (buyer.address, buyer.phone, buyer.bank, buyer.bank_account, buyer.remarks):
        assert text in page
    assert SELLER.bank.split()[-1] in page


@pytest.mark.row("INV-2")
def test_a_person_is_named_without_a_number():
    buyer = model.Details(name="古丽努尔·买买提")
    (page,) = read(drawn(face(line(10_000), buyer=buyer, title_kind="personal")))
    assert buyer.name in page
    buyer_s, seller_s = re.findall(r"纳税人识别号：(\w*)", page.replace("统一", " 统一"))
    assert (buyer_s, seller_s) == ("", SELLER.code)


@pytest.mark.row("INV-2")
def test_long_names_and_long_remarks_stay_on_the_page_and_whole():
    name = (
        "内蒙古自治区锡林郭勒盟西乌珠穆沁旗草原生态保护与可持续发展综合服务有限责任公司第一分公司"
    )
    remarks = "".join(f"第{n:02d}项目标段；" for n in range(25))
    item = "*信息技术服务*" + "数字证书与电子印章综合服务（含年检、换证与补办）" * 3
    told = face(
        line(99_999_999_999, name=item),
        line(12_345, permille=130, quantity=7),
        buyer=model.Details(name=name, code=BUYER.code, remarks=remarks),
    )
    pdf = drawn(told)
    # In the order of the drawing, where a name that runs over a line stays together.
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    text = "".join(done.stdout.decode().split())
    for wanted in (name, remarks, item, model.yuan(told.total_fen), model.yuan(told.tax_fen)):
        assert "".join(wanted.split()) in text
    assert inside(pdf)


def inside(pdf: bytes) -> bool:
    """Whether nothing on any page comes near its edge."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        width, height = page.get_size()
        for found in page.get_objects():
            left, bottom, right, top = found.get_bounds()
            if left < 8 or bottom < 5 or right > width - 8 or top > height - 5:
                return False
    return True


@pytest.mark.row("INV-2")
def test_the_code_on_the_face_says_number_total_and_date():
    told = face(line(12_345), kind="special")
    image = pypdfium2.PdfDocument(drawn(told))[0].render(scale=3).to_pil()
    kept = io.BytesIO()
    image.save(kept, "PNG")
    assert qr_reading.read(kept.getvalue()) == f"01,31,,{NUMBER},123.45,20261128,,"


@pytest.mark.row("INV-2")
def test_faces_are_embedded_and_equal_data_gives_equal_bytes():
    told = face(line(10_000))
    assert drawn(told) == drawn(told)
    done = subprocess.run(["pdffonts", "-"], input=drawn(told), capture_output=True, check=True)
    found = done.stdout.decode().splitlines()[2:]
    assert found
    assert all(re.search(r"yes yes yes", row) for row in found), found
    assert b"pdfaid:part" in drawn(told)


@pytest.mark.row("INV-2")
def test_a_character_that_no_face_has_is_refused_and_never_an_empty_box():
    buyer = model.Details(name="公司\U00030edd", code=BUYER.code)
    with pytest.raises(fonts.CharacterNotDrawable):
        drawn(face(line(10_000), buyer=buyer))


@pytest.mark.row("INV-2")
@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(min_value=1, max_value=99_999_999),
            st.integers(min_value=1, max_value=999),
            st.sampled_from([130, 90, 60, 50, 30, 15, 10, 0]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.booleans(),
)
def test_whatever_the_amounts_the_figures_read_back_add_up(found, red):
    lines = [
        line(-gross if red else gross, quantity=quantity, permille=permille)
        for gross, quantity, permille in found
    ]
    more = {"reverses": "inv_0", "reverses_number": BLUE, "reason": "02"} if red else {}
    told = face(*lines, **more)
    pages = read(drawn(told))
    back = rows(pages)
    assert [(one[2], one[3]) for one in back] == [
        (model.yuan(one.amount_fen), model.yuan(one.tax_fen)) for one in lines
    ]
    assert sum(round(float(one[2]) * 100) for one in back) == told.amount_fen
    assert f"¥{model.yuan(told.total_fen)}" in pages[-1]
    assert drawing.words(told.total_fen) in pages[-1]
