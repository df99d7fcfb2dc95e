"""A trust list that was adopted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedList:
    """A signed list (CMS, DER) with its number, and the instants from and until which it holds."""

    id: str
    sequence: int
    document: bytes
    issued_at: int
    next_update: int
    adopted_at: int


def renewed_at(found: AdoptedList) -> int:
    """When the next is taken over: at half of its time, so that weeks remain if nobody can be reached."""
    return found.issued_at + (found.next_update - found.issued_at) // 2
