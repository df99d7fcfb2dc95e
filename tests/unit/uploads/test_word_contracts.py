"""Contracts that come as DOCX: numbers become text, links lose their ends, pages are numbered anew."""

from __future__ import annotations

import pypdfium2
import pytest

from engine import uploads
from engine.uploads import refusals, word_numbering, word_reading
from tests.unit.uploads.test_word_letters import W, word

R = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def level(at, form, text, *, start=1, legal=False):
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'{"<w:isLgl/>" if legal else ""}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels, more=""):
    return (
        "word/numbering.xml",
        (
            f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
            f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}</w:numbering>'
        ).encode(),
    )


def numbered(text, at=0, number=1):
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def taken(content):
    return uploads.contract(content, field="upload")


def lines(found):
    document = pypdfium2.PdfDocument(found.content)
    return [
        line
        for page in document
        for line in page.get_textpage().get_text_range().splitlines()
        if not line.startswith("第 ")
    ]


def codes(found):
    return {one.code: one.count for one in found.findings}


@pytest.mark.row("SGN-2")
def test_the_numbers_of_articles_and_paragraphs_become_text():
    body = "".join(
        (
            numbered("标的"),
            numbered("货物", 1),
            numbered("服务", 1),
            numbered("价款"),
            numbered("付款", 1),
        )
    )
    found = taken(
        word(
            body,
            numbering(
                level(0, "chineseCounting", "第%1条"), level(1, "decimal", "%1.%2", legal=True)
            ),
        )
    )
    assert lines(found) == ["第一条 标的", "1.1 货物", "1.2 服务", "第二条 价款", "2.1 付款"]
    assert codes(found) == {"word": 1, "numbers": 5}


def test_a_list_that_starts_anew_does_so_and_bullets_are_drawn():
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = numbered("甲") + numbered("乙") + numbered("丙", 0, 2) + numbered("点", 1, 2)
    found = taken(
        word(
            body,
            numbering(
                level(0, "lowerLetter", "(%1)", start=3), level(1, "bullet", "\uf0b7"), more=again
            ),
        )
    )
    assert lines(found) == ["(c) 甲", "(d) 乙", "(a) 丙", "• 点"]


def test_a_format_that_is_not_known_is_refused_by_name():
    with pytest.raises(word_reading.WordNotShown) as refused:
        taken(word(numbered("甲"), numbering(level(0, "hebrew1", "%1"))))
    assert refused.value.params["feature"] == "automatic numbering"
    with pytest.raises(word_reading.WordNotShown):
        taken(word(numbered("甲", 0, 9), numbering(level(0, "decimal", "%1"))))


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCounting", "十"),
        (12, "japaneseCounting", "十二"),
        (20, "chineseCounting", "二十"),
        (103, "chineseCountingThousand", "一百零三"),
        (110, "chineseCounting", "一百一十"),
        (4, "lowerRoman", "iv"),
        (9, "upperRoman", "IX"),
        (28, "upperLetter", "BB"),
        (3, "decimalEnclosedCircle", "③"),
        (7, "decimalZero", "07"),
    ],
)
def test_numbers_as_word_writes_them(number, form, text):
    assert word_numbering.written(number, form) == text


def test_the_text_of_a_link_stays_and_where_it_leads_is_gone():
    relation = (
        f'<Relationships {R}><Relationship Id="rId7" TargetMode="External" Type="http://schemas.'
        'openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://example.invalid"/>'
        "</Relationships>"
    )
    body = (
        "<w:p><w:r><w:t>联系 </w:t></w:r><w:hyperlink r:id='rId7'><w:r><w:t>我们</w:t></w:r>"
        "</w:hyperlink></w:p>"
    )
    content = word(body, ("word/_rels/document.xml.rels", relation.encode()))
    found = taken(content)
    assert lines(found) == ["联系 我们"]
    assert codes(found) == {"word": 1, "links": 1}
    assert b"example.invalid" not in found.content
    # A letter may still not have any.
    with pytest.raises(refusals.ActiveWord):
        uploads.letter(content, field="authorization")


def footer(text):
    return (
        "word/footer1.xml",
        f"<w:ftr {W}><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:ftr>".encode(),
    )


BODY = "<w:p><w:r><w:t>合同</w:t></w:r></w:p><w:sectPr><w:footerReference r:id='rId1'/></w:sectPr>"


@pytest.mark.parametrize("text", ["第 1 页 共 3 页", "- 1 -", "Page 1 of 3", "1/3"])
def test_page_numbers_give_way_to_our_own(text):
    found = taken(word(BODY, footer(text)))
    assert codes(found) == {"word": 1, "page_numbers": 1}


def test_a_footer_that_says_something_is_refused():
    with pytest.raises(word_reading.WordNotShown) as refused:
        taken(word(BODY, footer("机密 第 1 页")))
    assert refused.value.params["feature"] == "headers and footers"
