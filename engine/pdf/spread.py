"""One signature that shows its seal in several places: by pages, by words, across the page edges (骑缝章).

A signature field has one widget (ISO 32000-1, 12.7.4.5), so each place is a field of its own, made with
all the others before the first signature. Their value is one and the same signature dictionary, filled in
one revision: one digest, approved once with one PIN. Had each its own signature, the digest of the second
would depend on the value of the first, and could not be approved before that is made. No page's content
is touched. The names say what belongs together: `supplier`, `supplier-2`, and `supplier-3-1of5` for the
first of five slices.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign import fields
from pyhanko.sign.fields import SigFieldSpec

from engine.pdf import appearance, placing, typeset

_MORE = re.compile(r"-([0-9]{1,4})(?:-([0-9]{1,3})of([0-9]{1,3}))?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """A signature field that the first signature creates; without a placement it is invisible."""

    name: str
    placement: typeset.Placement | None = None


def names(field: str, marks: Sequence[placing.Mark]) -> list[str]:
    """The names of the fields of a signature, in the order of its marks; the first is `field` itself."""
    made = []
    for number, mark in enumerate(marks, start=1):
        name = field if number == 1 else f"{field}-{number}"
        if mark.part is not None:
            name += f"-{mark.part.number + 1}of{mark.part.count}"
        made.append(name)
    return made


def fields_of(name: str, marks: Sequence[placing.Mark]) -> list[FieldSpec]:
    """The fields of one signature that shows its seal in these places, its own first."""
    return [
        FieldSpec(name=one, placement=mark.placement)
        for one, mark in zip(names(name, marks), marks, strict=True)
    ]


def belongs(name: str, field: str) -> bool:
    """Whether a field is a further place of the signature in `field`."""
    return name.startswith(field) and bool(_MORE.match(name[len(field) :]))


def part(name: str, field: str) -> tuple[int, int] | None:
    found = _MORE.match(name[len(field) :])
    if found is None or found[2] is None:
        return None
    number, count = int(found[2]) - 1, int(found[3])
    return (number, count) if 0 <= number < count else None


def further(handler: Any, field: str) -> Iterator[tuple[str, Any]]:
    """The names and references of the further empty fields of a signature."""
    for name, value, reference in fields.enumerate_sig_fields(handler):
        if value is None and belongs(name, field):
            yield name, reference


def fill(writer: Any, field: str, value: Any, drawing: appearance.Drawing) -> None:
    """Give the further fields of a signature its value (a reference), and each its part of the seal."""
    for name, reference in list(further(writer, field)):
        widget = reference.get_object()
        widget[pdf_name("/V")] = value
        if "/Rect" in widget and "/P" in widget:
            left, bottom, right, top = (float(n) for n in widget["/Rect"])
            degrees = appearance.turned(widget["/P"])
            size = abs(right - left), abs(top - bottom)
            appearance.put(widget, drawing.form(*size, degrees, part(name, field)))
        writer.mark_update(reference)


def specified(writer: Any, spec: FieldSpec) -> SigFieldSpec:
    """A field as pyHanko makes it.

    Raises: PlacementOutsidePage.
    """
    if spec.placement is None:
        return SigFieldSpec(spec.name)
    page, box = appearance.rectangle(writer, spec.placement)
    # pyHanko declares whole points and takes others: slices of a seal are narrower than rounding allows.
    return SigFieldSpec(spec.name, on_page=page, box=box)  # type: ignore[arg-type]


def found(handler: Any, name: str) -> Any:
    """The signature field of this name, or None."""
    for one, _, reference in fields.enumerate_sig_fields(handler):
        if one == name:
            return reference.get_object()
    return None
