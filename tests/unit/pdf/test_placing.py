"""Where seals go: pages, words on turned and cropped pages, slices across the edges."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
import typst
from PIL import Image, ImageOps

from engine.pdf import placing
from engine.pdf.appearance import PlacementOutsidePage

PLAIN = b"#set page(width: 210mm, height: 297mm)\n"


def made(text: str) -> bytes:
    return bytes(typst.compile(PLAIN + text.encode(), format="pdf"))


def pages(count: int) -> bytes:
    return made("#pagebreak()\n".join(f"page {n + 1}\n" for n in range(count)))


def place(document: bytes, **what: object) -> list[placing.Mark]:
    return placing.marks(document, [placing.parse(what)], 42, 42)


@pytest.mark.row("SGN-3")
@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [("all", [1, 2, 3, 4, 5]), ("last", [5]), ("1-3,5", [1, 2, 3, 5]), ("4,2,2", [2, 4])],
)
def test_page_lists(wanted: str, numbers: list[int]) -> None:
    found = place(pages(5), kind="page", pages=wanted, x_mm=20, y_mm=30)
    assert [one.placement.page for one in found] == numbers
    assert {(one.placement.x_mm, one.placement.y_mm) for one in found} == {(20, 30)}


@pytest.mark.parametrize("wanted", ["6", "0", "3-2", "1-6", "99999"])
def test_pages_that_are_not_there_are_named(wanted: str) -> None:
    with pytest.raises(placing.PagesUnknown) as refused:
        place(pages(5), kind="page", pages=wanted)
    assert refused.value.params == {"pages": wanted, "count": 5}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": "stamp"},
        {"kind": "page", "pages": "1;2"},
        {"kind": "page", "pages": "1-"},
        {"kind": "page", "x_mm": 1.5},
        {"kind": "page", "x_mm": True},
        {"kind": "page", "x_mm": -1},
        {"kind": "page", "keyword": "x"},
        {"kind": "keyword"},
        {"kind": "keyword", "keyword": "  "},
        {"kind": "keyword", "keyword": "字" * 61},
        {"kind": "page", "colour": "red"},
        {"kind": "page", "pages": None},
    ],
)
def test_what_says_nothing_clear_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(placing.PlacingMalformed):
        placing.parse(given)


def test_a_seal_that_would_hang_over_the_edge_is_refused() -> None:
    for x, y in ((169, 10), (10, 256)):
        with pytest.raises(PlacementOutsidePage) as refused:
            place(pages(2), kind="page", pages="2", x_mm=x, y_mm=y)
        assert refused.value.params["page"] == 2


def test_keywords_are_counted_from_either_end() -> None:
    document = made("seal here #v(60mm) seal here #pagebreak() #v(100mm) seal here")
    tops = {
        nth: [(m.placement.page, round(m.placement.y_mm)) for m in found]
        for nth in (1, 2, 3, -1, 0)
        for found in [place(document, kind="keyword", keyword="seal here", nth=nth)]
    }
    assert len(tops[0]) == 3
    assert [tops[1], tops[2], tops[3]] == [[one] for one in tops[0]]
    assert tops[-1] == tops[3]
    assert [page for page, _ in tops[0]] == [1, 1, 2]
    only_second = place(document, kind="keyword", keyword="seal here", pages="2")
    assert only_second[0].placement.page == 2
    for what in ({"keyword": "seal there"}, {"keyword": "seal here", "nth": 4}):
        with pytest.raises(placing.KeywordNotFound):
            place(document, kind="keyword", **what)


def middle_of_ink(document: bytes) -> tuple[float, float]:
    """The middle of what is dark on the first page as it is seen, in millimetres."""
    pdf = pypdfium2.PdfDocument(document)
    picture: Image.Image = pdf[0].render(scale=4).to_pil()
    box = ImageOps.invert(picture.convert("L")).getbbox()
    assert box is not None
    per_mm = picture.width / (pdf[0].get_width() / 72 * 25.4)
    return (box[0] + box[2]) / 2 / per_mm, (box[1] + box[3]) / 2 / per_mm


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_words_are_found_where_they_are_seen(turned: int, cropped: bool) -> None:
    with pikepdf.open(io.BytesIO(made("#v(90mm)#h(60mm)甲方盖章"))) as pdf:
        page = pdf.pages[0]
        if cropped:
            page.CropBox = [60, 100, 540, 760]
        page.Rotate = turned
        out = io.BytesIO()
        pdf.save(out)
    (found,) = place(out.getvalue(), kind="keyword", keyword="甲方盖章")
    box = found.placement
    x, y = middle_of_ink(out.getvalue())
    assert abs(box.x_mm + 21 - x) < 1.5
    assert abs(box.y_mm + 21 - y) < 1.5


def test_words_at_the_edge_keep_the_whole_seal_on_the_page() -> None:
    document = made("#place(top + left, dx: -20mm, dy: -20mm)[corner]")
    (found,) = place(document, kind="keyword", keyword="corner")
    assert (found.placement.x_mm, found.placement.y_mm) == (0, 0)


def test_slices_are_equal_and_lie_at_the_edge() -> None:
    whole = placing.Placing(kind="page", pages="last", x_mm=10, y_mm=10)
    found = placing.marks(pages(7), [placing.Placing(kind="seam", y_mm=90), whole], 42, 30)
    assert found[0].part is None
    slices = found[1:]
    assert [one.part for one in slices] == [placing.Slice(number=n, count=7) for n in range(7)]
    assert {round(one.placement.width_mm, 6) for one in slices} == {6}
    assert {round(one.placement.x_mm + one.placement.width_mm, 3) for one in slices} == {210}
    assert [one.placement.page for one in slices] == list(range(1, 8))


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(2, [2]), (60, [60]), (61, [31, 30]), (121, [41, 40, 40]), (500, [56] * 5 + [55] * 4)],
)
def test_long_documents_are_bound_in_equal_sheaves(count: int, sizes: list[int]) -> None:
    bound = placing.sheaves(range(1, count + 1))
    assert [len(one) for one in bound] == sizes
    assert [page for one in bound for page in one] == list(range(1, count + 1))


def test_a_seam_needs_two_pages_and_a_whole_seal_beside_it() -> None:
    whole = placing.Placing(kind="page", pages="1")
    with pytest.raises(placing.SeamNeedsPages):
        placing.marks(pages(1), [whole, placing.Placing(kind="seam")], 42, 42)
    with pytest.raises(placing.SeamNeedsPages):
        placing.marks(pages(3), [whole, placing.Placing(kind="seam", pages="2")], 42, 42)
    with pytest.raises(placing.SeamAlone):
        placing.marks(pages(3), [placing.Placing(kind="seam")], 42, 42)
    found = placing.resolve(pages(3), placing.Placing(kind="seam", y_mm=5), 42, 42)
    assert [one.page for one in found] == [1, 2, 3]


def test_a_document_without_readable_pages_is_refused() -> None:
    for broken in (b"", b"%PDF-1.7\n%%EOF", b"not a pdf"):
        with pytest.raises(placing.DocumentUnreadable):
            place(broken, kind="page")
