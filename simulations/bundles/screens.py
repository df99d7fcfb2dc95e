"""The picture of a screen: its boxes and our own words; whatever else stood there is a grey block.

The browser tells where text stands and what it says; only what is one of our catalogue's messages, word
for word, is drawn as text. A name, a number, a table's cell, anything that came out of the database, is a
block of its size, so that the picture shows what the person saw and nobody's values.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.kernel import texts

_MOST = 2_000
_LARGEST = 8_000.0
_TALLEST_TEXT = 96.0


@dataclass(frozen=True, slots=True)
class Box:
    """Something on a screen: where it is, and the text in it, if it is text."""

    x: float
    y: float
    width: float
    height: float
    text: str = ""


def box(told: Sequence[Any]) -> Box:
    """A box as a browser tells it: left, top, width, height, text."""
    x, y, width, height = (float(side) for side in told[:4])
    return Box(x, y, width, height, str(told[4]))


def drawn(width: float, height: float, boxes: Iterable[Box], language: str) -> bytes:
    """The screen as an SVG."""
    known = _ours(language)
    wide, high = (min(max(side, 1.0), _LARGEST) for side in (width, height))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for one in list(boxes)[:_MOST]:
        parts.append(_box(one, known))
    return ("\n".join([*parts, "</svg>"]) + "\n").encode()


def _ours(language: str) -> frozenset[str]:
    told = texts.messages(language)
    # A message with a place for a value could be that value.
    return frozenset(text.strip() for text in told.values() if text and "{" not in text)


def _box(box: Box, known: frozenset[str]) -> str:
    x, y, wide, high = (
        min(max(side, -_LARGEST), _LARGEST) for side in (box.x, box.y, box.width, box.height)
    )
    place = f'x="{x:.0f}" y="{y:.0f}" width="{max(wide, 0):.0f}" height="{max(high, 0):.0f}"'
    if not box.text:
        return f'<rect {place} fill="none" stroke="#ccc"/>'
    if box.text.strip() not in known:
        return f'<rect {place} fill="#ddd"/>'
    size = min(max(high * 0.72, 8.0), _TALLEST_TEXT)
    said = html.escape(box.text.strip())
    return f'<text x="{x:.0f}" y="{y + high * 0.78:.0f}" font-size="{size:.0f}">{said}</text>'
