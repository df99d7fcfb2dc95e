"""The queue and the case, as an entitled reviewer may see them."""

from engine.reviewing.queries.cases import (
    case,
    counts,
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

__all__ = [
    "QueueRow",
    "case",
    "counts",
    "happened",
    "kinds_seen",
    "of_subject",
    "office_open",
    "possible_actions",
    "queue",
    "reasons_for",
    "recently_decided",
    "row",
    "sees",
]
