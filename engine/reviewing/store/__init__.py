"""The SQL of review cases."""

from engine.reviewing.store.approvals import agreement, approvals, approved, difference, differences
from engine.reviewing.store.cases import decided, has_look, in_hand, looks_at, of_subject, running
from engine.reviewing.store.desk import UNLOGGED
from engine.reviewing.store.queue import by_ids
from engine.reviewing.store.sheets import kept_sheet, newest_decided

__all__ = [
    "UNLOGGED",
    "agreement",
    "approvals",
    "approved",
    "by_ids",
    "decided",
    "difference",
    "differences",
    "has_look",
    "in_hand",
    "kept_sheet",
    "looks_at",
    "newest_decided",
    "of_subject",
    "running",
]
