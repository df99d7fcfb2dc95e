"""The code on a contract that leads to its verification page (SGN-6), placed before the first signature.

The QR stands on a free spot of the last page, or else of the first: near a corner, where the page shows
nothing at all in the picture that a viewer would show. Where no spot is free, a page is added. Nothing on
the pages moves, and what is signed already is never touched.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pikepdf
import typst

from engine.kernel import errors
from engine.pdf import fonts, intake, pdfium, typeset

POINTS_PER_MM = 72 / 25.4
# A module of half a millimetre is read from paper by any phone.
_LEAST_SIDE_MM, _MODULE_MM = 18.0, 0.5
_LABEL_MM = 5.0
_EDGE_MM, _CLEARANCE_MM, _STEP_MM = 4.0, 1.0, 1
# How far from its corner the code may stand: beyond that it would be in the middle of things.
_REACH_MM = 70.0
_DOTS_PER_MM = 3
_PAPER = 235

_compile: Any = typst.compile


class SignedPdf(errors.Conflict):
    """This document is signed already: a code can only be placed before the first signature."""


@dataclass(frozen=True, slots=True)
class _Visible:
    """A page as it is looked at: its box in user space, and how far a viewer turns it."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height as they are seen."""
        wide, high = self.right - self.left, self.top - self.bottom
        if self.turned in (90, 270):
            wide, high = high, wide
        return wide / POINTS_PER_MM, high / POINTS_PER_MM

    def box(self, at: typeset.Placement) -> tuple[float, float, float, float]:
        """A placement in user space: left, bottom, right, top."""
        k = POINTS_PER_MM
        x, y, w, h = at.x_mm * k, at.y_mm * k, at.width_mm * k, at.height_mm * k
        return {
            0: (self.left + x, self.top - y - h, self.left + x + w, self.top - y),
            90: (self.left + y, self.bottom + x, self.left + y + h, self.bottom + x + w),
            180: (self.right - x - w, self.bottom + y, self.right - x, self.bottom + y + h),
            270: (self.right - y - h, self.top - x - w, self.right - y, self.top - x),
        }[self.turned]

    def matrix(self, at: typeset.Placement) -> tuple[float, ...]:
        """What puts a picture of the placement's size there upright."""
        left, bottom, right, top = self.box(at)
        return {
            0: (1, 0, 0, 1, left, bottom),
            90: (0, 1, -1, 0, right, bottom),
            180: (-1, 0, 0, -1, right, top),
            270: (0, -1, 1, 0, left, top),
        }[self.turned]


def _visible(page: pikepdf.Page) -> _Visible:
    node: Any = page.obj
    turned = 0
    for _ in range(32):
        if "/Rotate" in node:
            turned = int(node.Rotate) % 360
            break
        if "/Parent" not in node:
            break
        node = node.Parent
    media, crop = ([float(n) for n in box] for box in (page.mediabox, page.cropbox))
    # What a viewer shows is the crop box within the sheet.
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return _Visible(left, bottom, right, top, turned if turned % 90 == 0 else 0)


def side_mm(text: str) -> float:
    """The side of the code of `text`, so that its modules can be read from paper."""
    modules = int(typeset.qr_svg(text).split('viewBox="0 0 ')[1].split()[0])
    return max(_LEAST_SIDE_MM, modules * _MODULE_MM)


def _crowded(document: bytes, index: int) -> np.ndarray[Any, Any]:
    """How many dots that are not plain paper lie above and left of each dot, edges included."""
    with pdfium.opened(document) as pdf:
        shown = pdf[index].render(scale=_DOTS_PER_MM / POINTS_PER_MM, grayscale=True)
        dots = np.asarray(shown.to_numpy())
    dark = (dots.reshape(dots.shape[0], dots.shape[1], -1).min(axis=2) < _PAPER).astype(np.int64)
    return np.pad(dark.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def _corners(
    wide: float, high: float, box: tuple[float, float]
) -> Iterator[tuple[float, float, float]]:
    """Cost and place (millimetres from the visible top left corner) of everywhere it may stand."""
    far_x, far_y = wide - _EDGE_MM - box[0], high - _EDGE_MM - box[1]
    if far_x < _EDGE_MM or far_y < _EDGE_MM:
        return
    for rank, (right, low) in enumerate(((1, 1), (0, 1), (1, 0), (0, 0))):
        for dx in range(0, int(min(_REACH_MM, far_x - _EDGE_MM)) + 1, _STEP_MM):
            for dy in range(0, int(min(_REACH_MM, far_y - _EDGE_MM)) + 1, _STEP_MM):
                x = far_x - dx if right else _EDGE_MM + dx
                y = far_y - dy if low else _EDGE_MM + dy
                # Along an edge costs less than away from it.
                yield rank * 12 + min(dx, dy) * 3 + max(dx, dy), x, y


def _meets(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _free_spot(
    document: bytes,
    pdf: pikepdf.Pdf,
    index: int,
    size: tuple[float, float],
    avoid: Sequence[typeset.Placement],
) -> typeset.Placement | None:
    page = pdf.pages[index]
    seen = _visible(page)
    taken = [seen.box(one) for one in avoid if one.page in (index + 1, index - len(pdf.pages))]
    for annotation in page.get("/Annots", []):
        if "/Rect" in annotation:
            a, b, c, d = (float(n) for n in annotation.Rect)
            taken.append((min(a, c), min(b, d), max(a, c), max(b, d)))
    sums = _crowded(document, index)
    rows, columns = sums.shape[0] - 1, sums.shape[1] - 1
    for _, x, y in sorted(_corners(*seen.size_mm, size)):
        left, top = (int((n - _CLEARANCE_MM) * _DOTS_PER_MM) for n in (x, y))
        right = min(columns, int((x + size[0] + _CLEARANCE_MM) * _DOTS_PER_MM) + 1)
        low = min(rows, int((y + size[1] + _CLEARANCE_MM) * _DOTS_PER_MM) + 1)
        if sums[low, right] - sums[top, right] - sums[low, left] + sums[top, left]:
            continue
        at = typeset.Placement(page=index + 1, x_mm=x, y_mm=y, width_mm=size[0], height_mm=size[1])
        if not any(_meets(seen.box(at), other) for other in taken):
            return at
    return None


def free_spot(
    document: bytes, *, width_mm: float, height_mm: float, avoid: Sequence[typeset.Placement] = ()
) -> typeset.Placement | None:
    """An empty place of this size near a corner of the last page, or of the first; None without one.

    `avoid` are places that are meant for something, such as seals to come.
    """
    with pikepdf.open(io.BytesIO(document)) as pdf:
        for index in dict.fromkeys((len(pdf.pages) - 1, 0)):
            found = _free_spot(document, pdf, index, (width_mm, height_mm), avoid)
            if found is not None:
                return found
    return None


_STAMP = """#let told = json(bytes(sys.inputs.told))
#set page(width: told.width * 1mm, height: told.height * 1mm, margin: 0mm, fill: white)
#set text(font: ("Noto Sans SC"), size: told.letters * 1pt, lang: told.lang, hyphenate: false)
#set par(leading: 0.35em, justify: false)
#align(center + if told.middle { horizon } else { top }, stack(
  spacing: told.letters * 0.18mm,
  image(bytes(told.qr), format: "svg", width: told.side * 1mm),
  box(width: 94%, told.label),
))
"""


def _picture(
    text: str, label: str, *, side: float, size: tuple[float, float], letters: float
) -> bytes:
    told = {
        "qr": typeset.qr_svg(text),
        "label": label,
        "lang": "en" if label.isascii() else "zh",
        "side": side,
        "width": size[0],
        "height": size[1],
        "letters": letters,
        "middle": size[1] > 2 * side,
    }
    return bytes(
        _compile(
            _STAMP.encode(),
            format="pdf",
            font_paths=[str(fonts.folder())],
            ignore_system_fonts=True,
            sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
            timestamp=0,
            pdf_tags=False,
        )
    )


def _lay(pdf: pikepdf.Pdf, at: typeset.Placement, picture: bytes) -> None:
    """Put the picture on its page, as what belongs to no text (an artifact of a tagged document)."""
    page = pdf.pages[at.page - 1]
    with pikepdf.open(io.BytesIO(picture)) as made:
        form = pdf.copy_foreign(made.pages[0].as_form_xobject())
    # A name of our own: a chosen one would come from chance.
    name = page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.YinxinVerification)
    numbers = " ".join(f"{n:.4f}".rstrip("0").rstrip(".") for n in _visible(page).matrix(at))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ\n/Artifact BMC\nq {numbers} cm {name} Do Q\nEMC\n".encode())


def _add_page(pdf: pikepdf.Pdf, text: str, label: str, side: float) -> None:
    """A page as large as the last one, with the code alone in its middle."""
    wide, high = _visible(pdf.pages[-1]).size_mm
    side = min(max(side, 40.0), wide - 2 * _EDGE_MM, high - 2 * _EDGE_MM - 12)
    picture = _picture(text, label, side=side, size=(wide, high), letters=11)
    with pikepdf.open(io.BytesIO(picture)) as made:
        pdf.pages.append(made.pages[0])


def add_verification_code(
    document: bytes, *, text: str, label: str, avoid: Sequence[typeset.Placement] = ()
) -> bytes:
    """The document with the QR of `text` and a short `label` below it, on paper that was empty before.

    `avoid` are places where seals will stand. Equal input gives equal bytes. Source: SGN-6.
    Raises: SignedPdf, CharacterNotDrawable, and the refusals of `intake`.
    """
    if intake.inspect(document).has_signatures:
        raise SignedPdf
    fonts.require_drawable(label)
    side = side_mm(text)
    size = (side + 2, side + _LABEL_MM + 1)
    at = free_spot(document, width_mm=size[0], height_mm=size[1], avoid=avoid)
    with pikepdf.open(io.BytesIO(document)) as pdf:
        if at is None:
            _add_page(pdf, text, label, side)
        else:
            _lay(pdf, at, _picture(text, label, side=side, size=size, letters=5.5))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()
