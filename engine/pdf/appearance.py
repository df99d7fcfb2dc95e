"""The picture of a seal on a page: vector where the seal is vector, transparent, without margins.

A seal comes as SVG, PDF or PNG bytes. Typst turns it into a page of exactly its size, and that page
becomes the form XObject of a signature's widgets, centred at its true size in the field's box. Of a seal
across the page edges a widget shows one slice: the boxes side by side are one box with the seal in it.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import functools
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import typst
from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.content import AnnotAppearances
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from engine.kernel import errors
from engine.pdf import typeset

POINTS_PER_MM = 72 / 25.4

# The stubs of typst tie one kind of input to another.
_compile: Any = typst.compile


class SealPictureUnusable(errors.InvalidInput):
    """The picture of the seal cannot be drawn. Use SVG, PNG or PDF."""


class PlacementOutsidePage(errors.InvalidInput):
    """The seal does not lie within page {page}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealAppearance:
    """The picture of a seal (SVG, PNG or one-page PDF bytes) and its true size in millimetres."""

    picture: bytes
    width_mm: float
    height_mm: float


def _format(picture: bytes) -> str:
    head = picture[:512].lstrip()
    if picture.startswith(b"%PDF-"):
        return "pdf"
    if picture.startswith(b"\x89PNG\r\n"):
        return "png"
    if head.startswith((b"<svg", b"<?xml")):
        return "svg"
    raise SealPictureUnusable


@functools.lru_cache(maxsize=128)
def seal_page(seal: SealAppearance) -> bytes:
    """A one-page PDF of exactly the seal's size, without margins or background.

    Raises: SealPictureUnusable.
    """
    source = (
        f"#set page(width: {seal.width_mm}mm, height: {seal.height_mm}mm, "
        "margin: 0pt, fill: none)\n#image(bytes(json(bytes(sys.inputs.picture))), "
        f'format: "{_format(seal.picture)}", width: 100%, height: 100%)'
    )
    try:
        made = _compile(
            source.encode(),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"picture": json.dumps(list(seal.picture))},
            timestamp=0,
            pdf_tags=False,
        )
    except RuntimeError as problem:
        raise SealPictureUnusable from problem
    return bytes(made)


def _page_object(handler: Any, page: int) -> tuple[int, Any]:
    count = int(handler.root["/Pages"]["/Count"])
    index = page - 1 if page > 0 else count + page
    if not 0 <= index < count or page == 0:
        raise PlacementOutsidePage(page=page)
    return index, handler.find_page_for_modification(index)[0].get_object()


def _inherited(page: Any, key: str) -> Any:
    while page is not None:
        if key in page:
            return page[key]
        if "/Parent" not in page:
            break
        page = page["/Parent"]  # `get` would not resolve the reference
    return None


def turned(page: Any) -> int:
    """The degrees by which a viewer turns the page clockwise: 0, 90, 180 or 270."""
    return int(_inherited(page, "/Rotate") or 0) % 360


def rectangle(
    handler: Any, placement: typeset.Placement
) -> tuple[int, tuple[float, float, float, float]]:
    """The page's index and the box in PDF user space, measured from the visible top left corner.

    Raises: PlacementOutsidePage.
    """
    index, page = _page_object(handler, placement.page)
    box = [float(n) for n in (_inherited(page, "/CropBox") or _inherited(page, "/MediaBox"))]
    return index, box_of(box, turned(page), placement)


def box_of(
    page: Sequence[float], degrees: int, placement: typeset.Placement
) -> tuple[float, float, float, float]:
    """A placement in user space, on a page whose visible box is this and which viewers turn so far.

    Raises: PlacementOutsidePage.
    """
    # Any two opposite corners make a rectangle (ISO 32000-1, 7.9.5).
    (left, right), (bottom, top) = sorted(page[::2]), sorted(page[1::2])
    k = POINTS_PER_MM
    x, y, w, h = (
        placement.x_mm * k,
        placement.y_mm * k,
        placement.width_mm * k,
        placement.height_mm * k,
    )
    made = {
        0: (left + x, top - y - h, left + x + w, top - y),
        90: (left + y, bottom + x, left + y + h, bottom + x + w),
        180: (right - x - w, bottom + y, right - x, bottom + y + h),
        270: (right - y - h, top - x - w, right - y, top - x),
    }[degrees]
    slack = 1.0
    if (
        min(w, h) <= 0
        or made[0] < left - slack
        or made[1] < bottom - slack
        or made[2] > right + slack
        or made[3] > top + slack
    ):
        raise PlacementOutsidePage(page=placement.page)
    return round(made[0], 2), round(made[1], 2), round(made[2], 2), round(made[3], 2)


def shown(
    seal: SealAppearance, width: float, height: float, part: tuple[int, int] = (0, 1)
) -> bytes:
    """The content that draws `/Seal` centred in a box (points), or one slice of it in a row of boxes."""
    number, count = part
    w, h = seal.width_mm * POINTS_PER_MM, seal.height_mm * POINTS_PER_MM
    scale = min(1.0, width * count / w, height / h)
    return b"q %.4f 0 0 %.4f %.3f %.3f cm /Seal Do Q" % (
        scale,
        scale,
        (width * count - w * scale) / 2 - width * number,
        (height - h * scale) / 2,
    )


def matrix(degrees: int) -> list[int]:
    """The turn that makes the seal stand upright on a page that viewers turn clockwise."""
    return {0: [1, 0, 0, 1], 90: [0, 1, -1, 0], 180: [-1, 0, 0, -1], 270: [0, -1, 1, 0]}[degrees]


class Drawing:
    """A seal in one document: its picture is there once, however many widgets show it.

    `private` is what every form carries beside it as its maker's own data: `/PieceInfo`, and since when
    (ISO 32000-1, 14.5).
    """

    def __init__(
        self,
        writer: BasePdfFileWriter,
        seal: SealAppearance | None,
        private: generic.DictionaryObject | None = None,
    ) -> None:
        self._writer = writer
        self._seal = seal
        self._private = private or generic.DictionaryObject()
        self._picture: Any = None

    def form(
        self, width: float, height: float, degrees: int, part: tuple[int, int] | None = None
    ) -> Any:
        """The form XObject of a box of this size (points), on a page that viewers turn so far.

        `part` is a slice's number and how many there are side by side.
        """
        if degrees in (90, 270):
            width, height = height, width
        number, count = part or (0, 1)
        content, resources = b"", generic.DictionaryObject()
        if self._seal is not None:
            if self._picture is None:
                reader = PdfFileReader(io.BytesIO(seal_page(self._seal)))
                self._picture = self._writer.import_page_as_xobject(reader)
            content = shown(self._seal, width, height, (number, count))
            resources[pdf_name("/XObject")] = generic.DictionaryObject(
                {pdf_name("/Seal"): self._picture}
            )
        form = generic.StreamObject(stream_data=content)
        form.update(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): generic.ArrayObject(
                    [generic.FloatObject(round(n, 3)) for n in (0, 0, width, height)]
                ),
                pdf_name("/Matrix"): generic.ArrayObject(
                    [generic.NumberObject(n) for n in (*matrix(degrees), 0, 0)]
                ),
                pdf_name("/Resources"): resources,
            }
        )
        form.update(self._private)
        return self._writer.add_object(form)


def put(annotation: Any, form: Any) -> None:
    """Let a widget show a form."""
    annotation["/AP"] = AnnotAppearances(normal=form).as_pdf_object()


class _Stamp(BaseStamp):
    """What pyHanko asks of a stamp: put an appearance on the widget."""

    def __init__(self, form: Any) -> None:
        # Not the base's own: it lays out a background and borders, which a seal has not.
        self._form = form

    def apply_appearance(self, annotation: Any) -> None:
        put(annotation, self._form)


@dataclass(frozen=True)
class SealStyle(BaseStampStyle):
    """pyHanko's style of a signature's appearance: the seal alone, or nothing."""

    drawing: Drawing | None = None
    degrees: int = 0

    def create_stamp(
        self, writer: BasePdfFileWriter, box: layout.BoxConstraints, text_params: dict[str, Any]
    ) -> _Stamp:
        """The form XObject that shows the seal centred in `box`, at true size where it fits."""
        drawing = self.drawing or Drawing(writer, None)
        return _Stamp(drawing.form(float(box.width), float(box.height), self.degrees))
