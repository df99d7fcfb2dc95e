"""Faces of the people in a story: drawn from a seed, nobody's photograph."""

from __future__ import annotations

import base64
import hashlib

_SKIN = ("#F3D2B3", "#E8BE98", "#D9A77C", "#F7DFC8")
_HAIR = ("#1F1A17", "#3A2A20", "#4A4A4F", "#5A3A2A")
_COAT = ("#2F4B66", "#5B6B4A", "#7A4B4B", "#4E4470", "#37706B", "#8A6A3A")
_GROUND = ("#E9EEF3", "#F1ECE4", "#EAF0E8", "#F2E9EC")
_FACE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="96" height="96">'
    '<circle cx="50" cy="50" r="50" fill="{ground}"/>'
    '<path d="M14 100c2-22 16-30 36-30s34 8 36 30z" fill="{coat}"/>'
    '<path d="M42 62h16v12c0 5-16 5-16 0z" fill="{skin}"/>'
    '<ellipse cx="50" cy="46" rx="20" ry="23" fill="{skin}"/><path d="{crown}" fill="{hair}"/>'
    '<circle cx="42" cy="47" r="2" fill="#2a2522"/><circle cx="58" cy="47" r="2" fill="#2a2522"/>'
    '<path d="M44 57c4 3 8 3 12 0" stroke="#7a4a3a" stroke-width="2" fill="none"'
    ' stroke-linecap="round"/></svg>'
)


def _crown(number: int) -> str:
    """One of three ways to wear one's hair."""
    short = "M29 44c-2-20 10-27 21-27s23 7 21 27c-3-9-8-13-21-13s-18 4-21 13z"
    parted = "M28 45c-1-20 9-29 24-29 14 0 22 9 20 29-4-6-6-12-10-15-9 4-22 3-29 1-2 4-4 8-5 14z"
    long = "M27 66c-4-30 4-50 23-50s27 20 23 50h-7c2-14 2-26-3-33-8 3-20 3-26 0-5 7-5 19-3 33z"
    return (short, parted, long)[number % 3]


def address(seed: str) -> str:
    """The picture of whoever this seed is, as an address that needs no file."""
    drawn = hashlib.sha256(seed.encode()).digest()
    hair = _HAIR[drawn[1] % len(_HAIR)]
    picture = _FACE.format(
        ground=_GROUND[drawn[0] % len(_GROUND)],
        coat=_COAT[drawn[2] % len(_COAT)],
        skin=_SKIN[drawn[3] % len(_SKIN)],
        crown=_crown(drawn[4]),
        hair=hair,
    )
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()
