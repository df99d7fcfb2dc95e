"""How many certificates of one kind are in one state."""

from __future__ import annotations

from dataclasses import dataclass

from engine.issuing.model.certificate import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """Certificates of an agency's generation of keys, by usage, in a state that people see."""

    agency_id: str
    generation: int
    usage: Usage
    state: str
    count: int
