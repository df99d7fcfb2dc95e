"""The SQL of review cases."""

from engine.reviewing.store.cases import counts, decided, of_subject, open_cases
from engine.reviewing.store.queue import by_ids
from engine.reviewing.store.sheets import kept_sheet, newest_decided

UNLOGGED: dict[str, str] = {}

__all__ = [
    "UNLOGGED",
    "by_ids",
    "counts",
    "decided",
    "kept_sheet",
    "newest_decided",
    "of_subject",
    "open_cases",
]
