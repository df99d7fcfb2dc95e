"""What an act would stop."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import notes

# So many are listed by kind; the rest are counted.
LISTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Of one kind (`works.binding`): how many would stop working, and the first of them."""

    kind: str
    count: int
    listed: tuple[notes.Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Radius:
    """What an act would stop, by kind, the most numerous first; or why it would be refused (a code)."""

    act: str
    subject: str
    at: int
    count: int = 0
    stops: tuple[Stopped, ...] = ()
    refusal: str = ""
