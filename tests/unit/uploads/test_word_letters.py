"""Letters that come as DOCX: set anew as a PDF from a subset, everything else refused by name."""

from __future__ import annotations

import base64
import io
import zipfile

import pypdfium2
import pytest
from PIL import Image

from engine import uploads
from engine.kernel import files
from engine.pdf import fonts
from engine.uploads import refusals, word_reading
from simulations import papers
from tests.support import hostile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SPACES = (
    f"{W}"
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
LETTER = (
    '<w:p><w:pPr><w:pStyle w:val="Title"/><w:jc w:val="center"/></w:pPr>'
    "<w:r><w:t>企业授权书</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>兹授权</w:t></w:r><w:r><w:rPr><w:b/><w:u w:val='single'/></w:rPr>"
    "<w:t>李晓东</w:t></w:r>"
    "<w:r><w:t>办理证书。</w:t><w:br/><w:t>有效期一年</w:t></w:r></w:p>"
)
TABLE = (
    "<w:tbl><w:tblPr/><w:tr><w:tc><w:p><w:r><w:t>授权单位</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>江苏东方科技有限公司</w:t></w:r></w:p></w:tc></w:tr>"
    "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
    "<w:p><w:r><w:t>盖章处</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


MERGED = "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>"


def word(body, *more):
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    text = f"{head}<w:document {SPACES}><w:body>{body}</w:body></w:document>"
    return hostile.word(*more, document=text.encode())


def kept(content):
    return uploads.letter(content, field="authorization")


def pages(found):
    document = pypdfium2.PdfDocument(found.content)
    return [page.get_textpage().get_text_range().splitlines() for page in document]


@pytest.mark.row("S-UPL-2")
def test_a_letter_is_set_anew_with_all_that_it_says():
    found = kept(
        word(LETTER + TABLE + "<w:p><w:r><w:br w:type='page'/><w:t>附件</w:t></w:r></w:p>")
    )
    assert found.media_type == files.PDF
    first, second = pages(found)
    assert first[:3] == ["企业授权书", "兹授权李晓东办理证书。", "有效期一年"]
    assert "江苏东方科技有限公司" in first[3]
    assert "盖章处" in first
    assert second[0] == "附件"
    assert found.facts.pages == 2


def test_equal_letters_are_kept_as_equal_bytes():
    assert kept(word(LETTER)).content == kept(word(LETTER)).content


def test_a_text_is_never_the_language_of_the_page():
    said = '#import "x": * $x$ *b* _i_ @ref &lt;l> [c] \\u{41} `raw` // no'
    found = kept(word(f"<w:p><w:r><w:t>{said}</w:t></w:r></w:p>"))
    assert pages(found)[0][0] == said.replace("&lt;", "<")


def test_a_picture_in_the_line_is_shown():
    stamp = io.BytesIO()
    Image.new("RGB", (200, 200), (200, 20, 40)).save(stamp, "PNG")
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId9" Type="image" Target="media/image1.png"/></Relationships>'
    )
    drawing = (
        "<w:p><w:r><w:drawing><wp:inline><wp:extent cx='1440000' cy='1440000'/><a:graphic><a:graphicData>"
        "<a:blip r:embed='rId9'/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    found = kept(
        word(
            LETTER + drawing,
            ("word/_rels/document.xml.rels", relation.encode()),
            ("word/media/image1.png", stamp.getvalue()),
        )
    )
    page = pypdfium2.PdfDocument(found.content)[0].render(scale=1).to_pil().convert("RGB")
    red = sum(1 for r, g, b in page.getdata() if r > 150 and g < 80 and b < 90)
    assert red > 5_000
    with pytest.raises(refusals.BrokenWord):
        kept(word(LETTER + drawing))


def run(inside):
    return f"<w:p><w:r>{inside}</w:r></w:p>"


@pytest.mark.row("S-UPL-2")
@pytest.mark.parametrize(
    ("body", "feature"),
    [
        ("<w:p><w:ins w:id='1'><w:r><w:t>x</w:t></w:r></w:ins></w:p>", "tracked changes"),
        ("<w:p><w:del w:id='1'><w:r><w:delText>x</w:delText></w:r></w:del></w:p>", "tracked changes"),
        (run("<w:commentReference w:id='1'/>"), "comments"),
        (run("<w:footnoteReference w:id='1'/>"), "footnotes"),
        (run("<w:fldChar w:fldCharType='begin'/>"), "fields"),
        ("<w:p><w:hyperlink w:anchor='a'><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p>", "links"),
        ("<w:sdt><w:sdtContent><w:p/></w:sdtContent></w:sdt>", "form controls"),
        (run("<w:pict/>"), "drawings"),
        (run("<mc:AlternateContent/>"), "drawings"),
        (run("<w:drawing><wp:anchor/></w:drawing>"), "floating pictures"),
        ("<w:p><m:oMath/></w:p>", "formulas"),
        (run("<w:sym w:char='F0FE'/>"), "symbol fonts"),
        ("<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:p>", "automatic numbering"),
        (MERGED, "cells over several rows"),
        ("<w:sectPr><w:headerReference r:id='rId1'/></w:sectPr>", "headers and footers"),
        (run("<w:rPr><w:vanish/></w:rPr><w:t>x</w:t>"), "hidden text"),
        ("<w:sectPr><w:cols w:num='2'/></w:sectPr>", "columns"),
        (run("<w:ruby/>"), "ruby"),
        (run("<w:dayLong/>"), "dayLong"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_exactly_is_refused_by_its_name(body, feature):
    with pytest.raises(word_reading.WordNotShown) as refused:
        kept(word(LETTER + body))
    assert refused.value.params == {"feature": feature}
    assert refused.value.field == "authorization"


def test_what_a_style_hides_or_numbers_is_refused_where_the_style_is_used():
    styles = (
        f"<w:styles {W}><w:style w:styleId='Quiet'><w:basedOn w:val='Under'/></w:style>"
        "<w:style w:styleId='Under'><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"
    ).encode()
    part = ("word/styles.xml", styles)
    used = "<w:p><w:r><w:rPr><w:rStyle w:val='Quiet'/></w:rPr><w:t>并授权转让</w:t></w:r></w:p>"
    with pytest.raises(word_reading.WordNotShown) as refused:
        kept(word(LETTER + used, part))
    assert refused.value.params == {"feature": "hidden text"}
    assert pages(kept(word(LETTER, part)))[0][0] == "企业授权书"


def test_what_says_that_nothing_is_numbered_hidden_or_in_columns_is_taken():
    body = (
        "<w:p><w:pPr><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr>"
        "<w:t>可见</w:t></w:r></w:p><w:sectPr><w:cols w:space='720'/></w:sectPr>"
    )
    assert pages(kept(word(body)))[0][0] == "可见"


def test_a_character_that_no_face_can_draw_is_named():
    with pytest.raises(fonts.CharacterNotDrawable) as refused:
        kept(word("<w:p><w:r><w:t>\U0001f600</w:t></w:r></w:p>"))
    assert refused.value.field == "authorization"


def test_pdf_and_pictures_are_taken_as_before_and_an_empty_zip_is_not():
    assert kept(papers.picture("letter")).media_type == files.PNG
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as packed:
        packed.writestr("hello.txt", base64.b64encode(b"hello"))
    with pytest.raises((refusals.BrokenWord, refusals.ActiveWord)):
        kept(broken.getvalue())
