"""Process mining over the copy: what follows what, the cases behind it, and one case's life."""

from engine.reports.mining.lives import (
    BEGUN,
    ENDED,
    KINDS,
    Kind,
    Move,
    case_kinds,
    facts,
    kept,
    life,
    move_cases,
    moves,
    variant_cases,
)

__all__ = [
    "BEGUN",
    "ENDED",
    "KINDS",
    "Kind",
    "Move",
    "case_kinds",
    "facts",
    "kept",
    "life",
    "move_cases",
    "moves",
    "variant_cases",
]
