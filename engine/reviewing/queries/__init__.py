"""The queue and the case, as an entitled reviewer may see them."""

from engine.reviewing.queries.cases import (
    case,
    counts,
    first_opened_at,
    happened,
    of_subject,
    office_open,
    reasons_for,
    recently_decided,
)
from engine.reviewing.queries.queue import (
    QueueRow,
    kinds_seen,
    possible_actions,
    queue,
    row,
    sees,
)
from engine.reviewing.queries.sheets import paper, still_holds

__all__ = [
    "QueueRow",
    "case",
    "counts",
    "first_opened_at",
    "happened",
    "kinds_seen",
    "of_subject",
    "office_open",
    "paper",
    "possible_actions",
    "queue",
    "reasons_for",
    "recently_decided",
    "row",
    "sees",
    "still_holds",
]
