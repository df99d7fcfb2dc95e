"""A document looked at without a viewer: a page as a picture, sizes, and where seals would lie.

Every look is a child of its own (`sandbox`): a document that nothing can draw ends the child alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from engine.kernel import errors, turns
from engine.pdf import placing, typeset
from engine.uploads import refusals, sandbox

# Widths of the picture in pixels: beside the page in hand, and the page in hand.
SMALL, LARGE = 220, 1_240
# Several pages are asked for at once: they wait for each other, not for those who upload.
_LOOKS = turns.Turns(3, patience_s=20)
# The child names a refusal by its code; to know the code is to have imported where it is declared.
_DECLARED = (placing, refusals)


def _asked(task: dict[str, object], content: bytes) -> sandbox.Answer:
    try:
        with _LOOKS.one():
            told, made = sandbox.VIEWS.run(task, content)
    except sandbox.Killed as killed:
        raise refusals.TooHeavy() from killed
    if "refused" in told:
        raise errors.type_of_code[told["refused"]](**told["params"])
    return told, made


def page_picture(document: bytes, page: int, *, width: int = LARGE) -> bytes:
    """A page, counted from 1, as PNG.

    Raises: refusals.NoSuchPage, refusals.TooHeavy, placing.DocumentUnreadable, turns.TooBusy.
    """
    return _asked({"wanted": "page", "page": page, "width": width}, document)[1]


def page_sizes(document: bytes) -> list[tuple[float, float]]:
    """Width and height in millimetres of every page as it is seen.

    Raises: refusals.TooHeavy, placing.DocumentUnreadable, turns.TooBusy.
    """
    told, _ = _asked({"wanted": "sizes"}, document)
    return [(float(width), float(height)) for width, height in told["sizes"]]


def marks(
    document: bytes, placings: Sequence[placing.Placing], width_mm: float, height_mm: float
) -> list[placing.Mark]:
    """Every box in which a seal of this size would be shown.

    Raises: what `placing.marks` refuses, refusals.TooHeavy, turns.TooBusy.
    """
    task: dict[str, object] = {
        "wanted": "marks",
        "placings": [asdict(one) for one in placings],
        "width_mm": width_mm,
        "height_mm": height_mm,
    }
    told, _ = _asked(task, document)
    return [_mark(one) for one in told["marks"]]


def _mark(told: dict[str, Any]) -> placing.Mark:
    part = told["part"]
    return placing.Mark(
        placement=typeset.Placement(**told["placement"]),
        part=None if part is None else placing.Slice(**part),
    )
