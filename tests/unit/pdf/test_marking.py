"""SGN-6: the code that leads to the verification page stands on empty paper, and can be read from it."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from engine.pdf import intake, marking, typeset
from tests import support_pdf as support
from tests.unit.pdf.judging import judge

ADDRESS = "http://127.0.0.1:8501/w/demo/v/q3Jm0c9sV4mT0a1PpXr5Uw"
LABEL = "扫码验证本合同"


def picture(document: bytes, index: int, scale: float = 3.0) -> Image.Image:
    with pypdfium2.PdfDocument(document) as pdf:
        return pdf[index].render(scale=scale).to_pil().convert("RGB")


def read_code(document: bytes, index: int) -> str:
    """The code on a page; the reader takes a finder pattern for a tiny code of its own now and then."""
    found = zxingcpp.read_barcodes(picture(document, index).convert("L"))
    return next(one.text for one in found if len(one.text) > 9)


def changed_box(before: bytes, after: bytes, index: int) -> tuple[float, float, float, float]:
    """What changed on a page, in millimetres from the visible top left corner."""
    one, other = (np.asarray(picture(d, index), dtype=int) for d in (before, after))
    rows, columns = np.nonzero(np.abs(one - other).max(axis=2))
    mm = 25.4 / 72 / 3
    return columns.min() * mm, rows.min() * mm, columns.max() * mm, rows.max() * mm


def reshaped(document: bytes, *, rotate: int = 0, crop: tuple[int, ...] = ()) -> bytes:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        for page in pdf.pages:
            if rotate:
                page.Rotate = rotate
            if crop:
                page.CropBox = pikepdf.Array(crop)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def blackened(document: bytes) -> bytes:
    """Every page covered with text to its edges."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        for page in pdf.pages:
            wide, high = (float(n) for n in page.mediabox[2:])
            drawn = b"".join(
                b"%d %d 4 4 re f " % (x, y)
                for x in range(0, int(wide), 20)
                for y in range(0, int(high), 20)
            )
            page.contents_add(b"q " + drawn + b"Q")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.row("SGN-6")
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [(), (30, 40, 560, 800)])
def test_the_code_is_read_from_the_page_and_covers_nothing(
    contract: bytes, rotate: int, crop: tuple[int, ...]
) -> None:
    document = reshaped(contract, rotate=rotate, crop=crop)
    marked = marking.add_verification_code(document, text=ADDRESS, label=LABEL)
    last = intake.inspect(marked).pages - 1
    assert intake.inspect(document).pages - 1 == last
    assert read_code(marked, last) == ADDRESS
    at = marking.free_spot(
        document, width_mm=marking.side_mm(ADDRESS) + 2, height_mm=marking.side_mm(ADDRESS) + 6
    )
    assert at is not None
    left, top, right, low = changed_box(document, marked, last)
    assert at.x_mm - 0.5 <= left
    assert right <= at.x_mm + at.width_mm + 0.5
    assert at.y_mm - 0.5 <= top
    assert low <= at.y_mm + at.height_mm + 0.5
    # It was empty: nothing but paper below it.
    before = np.asarray(picture(document, last).convert("L"))
    dots = 3 * 72 / 25.4
    under = before[
        int(at.y_mm * dots) : int((at.y_mm + at.height_mm) * dots),
        int(at.x_mm * dots) : int((at.x_mm + at.width_mm) * dots),
    ]
    assert under.min() > 230


@pytest.mark.row("SGN-6")
def test_without_a_free_spot_a_page_is_added_and_the_others_stay(contract: bytes) -> None:
    document = blackened(contract)
    marked = marking.add_verification_code(document, text=ADDRESS, label=LABEL)
    pages = intake.inspect(document).pages
    assert intake.inspect(marked).pages == pages + 1
    assert marked == marking.add_verification_code(document, text=ADDRESS, label=LABEL)
    assert read_code(marked, pages) == ADDRESS
    for index in range(pages):
        assert picture(document, index).tobytes() == picture(marked, index).tobytes()


@pytest.mark.row("SGN-6")
def test_it_keeps_away_from_where_seals_will_stand(contract: bytes) -> None:
    wanted = marking.free_spot(contract, width_mm=20, height_mm=24)
    assert wanted is not None
    seal = typeset.Placement(
        page=-1, x_mm=wanted.x_mm - 5, y_mm=wanted.y_mm - 5, width_mm=42, height_mm=30
    )
    moved = marking.free_spot(contract, width_mm=20, height_mm=24, avoid=(seal,))
    assert moved is not None
    apart = (
        moved.x_mm + 20 <= seal.x_mm
        or moved.x_mm >= seal.x_mm + 42
        or moved.y_mm + 24 <= seal.y_mm
        or moved.y_mm >= seal.y_mm + 30
    )
    assert apart


@pytest.mark.row("SGN-6")
def test_a_marked_contract_is_signed_by_both_and_valid(
    world: support.World, contract: bytes
) -> None:
    marked = marking.add_verification_code(contract, text=ADDRESS, label=LABEL)
    assert marked == marking.add_verification_code(contract, text=ADDRESS, label=LABEL)
    signed = support.both_signed(world, marked)
    assert judge(world, signed) == "valid"
    with pytest.raises(marking.SignedPdf):
        marking.add_verification_code(signed, text=ADDRESS, label=LABEL)


def test_a_long_address_gets_a_larger_code(contract: bytes) -> None:
    text = "https://" + "a-very-long-name." * 6 + "example/w/demo/v/q3Jm0c9sV4mT0a1PpXr5Uw"
    assert marking.side_mm(text) > marking.side_mm(ADDRESS)
    marked = marking.add_verification_code(contract, text=text, label="Scan to verify")
    assert read_code(marked, intake.inspect(marked).pages - 1) == text
