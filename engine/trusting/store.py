"""The SQL of mutual recognition."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.trusting import model


def newest(q: Reader) -> model.AdoptedList | None:
    """The list with the highest number; older ones are kept as the proof of what was decided by."""
    return q.first(model.AdoptedList, "SELECT * FROM trust_list ORDER BY sequence DESC LIMIT 1", ())


def lists(q: Reader) -> list[model.AdoptedList]:
    """Every list, newest first."""
    return q.all(model.AdoptedList, "SELECT * FROM trust_list ORDER BY sequence DESC", ())
