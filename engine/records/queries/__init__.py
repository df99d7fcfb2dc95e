"""What can be asked about records: found, listed, shown whole, followed through their history."""

from __future__ import annotations

from engine.records.queries.belonging import belongs
from engine.records.queries.finding import NothingToFind, find
from engine.records.queries.histories import history
from engine.records.queries.listing import CannotFilter, filters, listed, views
from engine.records.queries.showing import held, held_of, record, reveals

__all__ = [
    "CannotFilter",
    "NothingToFind",
    "belongs",
    "filters",
    "find",
    "held",
    "held_of",
    "history",
    "listed",
    "record",
    "reveals",
    "views",
]
