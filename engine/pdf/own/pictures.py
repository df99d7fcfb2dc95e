"""The picture of a seal as objects that any document can take in: made once, numbered anew in each."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pikepdf

from engine.pdf import appearance
from engine.pdf.own.revisions import Revision, stream

# A reference within what is taken in: a part of it by its place.
_Piece = bytes | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Objects as texts with gaps for each other's numbers; the first is the form that draws the seal."""

    objects: tuple[tuple[_Piece, ...], ...]


@functools.lru_cache(maxsize=128)
def of(seal: appearance.SealAppearance) -> Picture:
    """A seal's picture.

    Raises: SealPictureUnusable.
    """
    with pikepdf.open(io.BytesIO(appearance.seal_page(seal))) as pdf:
        page = pdf.pages[0]
        box = b"[%s]" % b" ".join(b"%.3f" % float(one) for one in page.mediabox)
        taken = _Taken()
        entries: list[_Piece] = [b"/Type /XObject /Subtype /Form /BBox " + box + b" /Resources "]
        entries += taken.value(page.obj.get("/Resources", pikepdf.Dictionary()))
        page.contents_coalesce()
        content = page.Contents.read_raw_bytes()
        for key in ("/Filter", "/DecodeParms"):
            if key in page.Contents:
                entries += [b" " + key.encode() + b" ", *taken.value(page.Contents[key])]
        taken.objects[0] = _as_stream(entries, content)
        return Picture(objects=tuple(tuple(one) for one in taken.finished()))


def _as_stream(entries: list[_Piece], content: bytes) -> list[_Piece]:
    tail = b" /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    return [b"<< ", *entries, tail]


class _Taken:
    """What hangs on a page, each object once."""

    def __init__(self) -> None:
        self.objects: dict[int, list[_Piece]] = {0: []}
        self._places: dict[tuple[int, int], int] = {}
        self._waiting: list[tuple[int, Any]] = []

    def value(self, found: Any) -> list[_Piece]:
        """A value as text; what is an object of its own is a gap."""
        if isinstance(found, pikepdf.Object) and found.is_indirect:
            place = self._places.get(found.objgen)
            if place is None:
                place = self._places[found.objgen] = len(self._places) + 1
                self._waiting.append((place, found))
            return [place]
        return self._direct(found)

    def _direct(self, found: Any) -> list[_Piece]:
        if isinstance(found, pikepdf.Dictionary):
            made: list[_Piece] = [b"<<"]
            for key, value in found.items():
                made += [b" " + key.encode() + b" ", *self.value(value)]
            return [*made, b" >>"]
        if isinstance(found, pikepdf.Array):
            return [b"[", *(piece for one in found for piece in (b" ", *self.value(one))), b" ]"]
        if isinstance(found, pikepdf.Object):
            return [found.unparse()]
        if isinstance(found, bool):
            return [b"true" if found else b"false"]
        if isinstance(found, int | Decimal):
            return [str(found).encode()]
        return [b"null"]

    def finished(self) -> list[list[_Piece]]:
        """Everything, by its place."""
        while self._waiting:
            place, found = self._waiting.pop()
            if isinstance(found, pikepdf.Stream):
                entries = [
                    piece
                    for key, value in found.items()
                    if key != "/Length"
                    for piece in (b" " + key.encode() + b" ", *self.value(value))
                ]
                self.objects[place] = _as_stream(entries, found.read_raw_bytes())
            else:
                self.objects[place] = self._direct(found)
        return [_joined(self.objects[place]) for place in sorted(self.objects)]


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Texts that stand side by side are one."""
    made: list[_Piece] = []
    for piece in pieces:
        if made and isinstance(piece, bytes) and isinstance(made[-1], bytes):
            made[-1] += piece
        else:
            made.append(piece)
    return made


def put(revision: Revision, picture: Picture) -> int:
    """A picture in a revision; the number of its form."""
    numbers = [revision.number() for _ in picture.objects]
    for number, pieces in zip(numbers, picture.objects, strict=True):
        revision.bodies[number] = b"".join(
            one if isinstance(one, bytes) else b"%d 0 R" % numbers[one] for one in pieces
        )
    return numbers[0]


def form(
    revision: Revision,
    seal: appearance.SealAppearance,
    drawn: int,
    rectangle: tuple[float, float, float, float],
    degrees: int,
    part: tuple[int, int],
    private: bytes,
) -> int:
    """The appearance of one widget: the seal, or its slice, in the widget's box."""
    left, bottom, right, top = rectangle
    width, height = abs(right - left), abs(top - bottom)
    if degrees in (90, 270):
        width, height = height, width
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 %.3f %.3f] /Matrix [%d %d %d %d 0 0]" % (
        width,
        height,
        *appearance.matrix(degrees),
    )
    entries += b" /Resources << /XObject << /Seal %d 0 R >> >> %s" % (drawn, private)
    return revision.add(stream(appearance.shown(seal, width, height, part), entries))
