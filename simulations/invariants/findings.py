"""How an invariant fared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one invariant fared: no rows means that it holds."""

    name: str
    violations: int
    ids: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The finding as the report keeps it."""
        return {"name": self.name, "violations": self.violations, "ids": list(self.ids)}


def finding(name: str, ids: Sequence[str]) -> Finding:
    """What was found of an invariant: the rows that break it."""
    return Finding(name=name, violations=len(ids), ids=tuple(ids[:SHOWN]))


def broken(findings: Iterable[Finding]) -> int:
    """How many rows break an invariant."""
    return sum(one.violations for one in findings)
