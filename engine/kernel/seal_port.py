"""What the engine asks of those who make seals and of the register that seals are filed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRequest:
    """What a seal maker is asked for.

    `name` is the seal's name in the signed object. What is drawn: `shape` (round, oval, square, free) of
    the regulated size in `colour`, with the enterprise's name and `line`, or `person`, whose name a
    personal seal bears; an oval one with `tax_number`. In place of a drawing: `impression`, the picture
    (PNG, transparent) that was cut out of the stamped form; `specimen`, the picture that a signature is
    made of; `strokes`, what was written on the pad, with `pen_um` (as `draw_signature` takes them).
    """

    seal_id: str
    kind: str
    line: str
    name: str
    enterprise: str
    code: str
    certificates: tuple[bytes, ...]
    created_at: int
    valid_from: int
    valid_to: int
    person: str = ""
    specimen: bytes = b""
    shape: str = ""
    width_mm: int = 0
    height_mm: int = 0
    colour: str = "red"
    tax_number: str = ""
    impression: bytes = b""
    strokes: tuple[tuple[tuple[int, ...], ...], ...] = ()
    pen_um: int = 0
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSeal:
    """A finished seal: the signed object (GB/T 38540 SESeal, DER) and its picture."""

    ses: bytes
    svg: str
    png: bytes
    width_mm: int
    height_mm: int


class SealMaker(Protocol):
    """A seal agency: draws a seal to rule and signs it as its maker."""

    def make(self, request: SealRequest) -> MadeSeal:
        """The seal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFiling:
    """What the public security register is told of a seal: `matter` is making, change or cancellation.

    `replaces` is the filing number of the seal whose place it takes, `number` the seal's own once it has
    one.
    """

    filing_id: str
    matter: str
    code: str
    name: str
    kind: str
    enterprise: str
    uscc: str
    width_mm: int
    height_mm: int
    number: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingAnswer:
    """The register's answer: the number under which it has the seal, or its reason (a code)."""

    number: str = ""
    reason: str = ""


class SealRegister(Protocol):
    """The public security authorities' register of seals (备案)."""

    def file(self, filing: SealFiling, *, idempotency_key: str) -> FilingAnswer:
        """File a making, a change or a cancellation. Asking twice gives the same."""
