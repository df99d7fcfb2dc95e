"""Kinds of seal by their names, and how a regulated size is read.

What a kind is stands in the setting `seal_kind`; a further kind is a further setting. The names here are
those that rules of the law and of the guide speak of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.kernel.catalog import Text
from engine.policies import model as policies


class SealKind:
    """The kinds that the rules of this stage name."""

    COMPANY: Final = "company"
    REPRESENTATIVE: Final = "representative"
    SIGNATURE: Final = "signature"
    CONTRACT: Final = "contract"
    FINANCE: Final = "finance"
    INVOICE: Final = "invoice"
    PERSONNEL: Final = "personnel"
    CUSTOM: Final = "custom"
    PERSONAL: Final = "personal"


# These come with the enterprise's approval, in this order (ENT-1).
FIRST: Final = (SealKind.COMPANY, SealKind.REPRESENTATIVE, SealKind.SIGNATURE)
# Which change of the enterprise's particulars ends a seal, by whose name it bears.
MADE_ANEW_AFTER: Final = {"enterprise": "name", "representative": "legal_representative"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A regulated size: the shape that it makes, and both sides in millimetres."""

    shape: policies.SealShape
    width_mm: int
    height_mm: int


def size_of(rule: policies.SealKindRule, size: str) -> Size:
    """What a size of a kind means: one number is the kind's own shape, two are a square or an oval."""
    width, _, height = size.partition("x")
    if not height:
        return Size(shape=rule.shape, width_mm=int(width), height_mm=int(width))
    shape = rule.shape
    if shape in ("round", "square") or (shape == "oval" and width == height):
        shape = "square" if width == height else "oval"
    return Size(shape=shape, width_mm=int(width), height_mm=int(height))


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOffered:
    """A kind as somebody is shown it before they apply: what can be chosen, and why not, where not.

    `why_not` is a code: `first_seals`, `exists`, `under_way`, `most_reached`, `administrator_only`,
    `no_certificate`, `not_real_named`; empty where the kind can be applied for now.
    """

    kind: str
    label: Text
    route: policies.SealRoute
    shape: policies.SealShape
    sizes_mm: tuple[str, ...]
    colours: tuple[str, ...]
    line: str
    usual_name: str
    named: bool
    at_most: int
    present: int
    why_not: str
