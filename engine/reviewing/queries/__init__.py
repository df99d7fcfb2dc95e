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
from engine.reviewing.queries.paging import NoSuchPlace, count, page
from engine.reviewing.queries.queue import (
    QueueRow,
    kinds_seen,
    possible_actions,
    queue,
    row,
    sees,
)
from engine.reviewing.queries.sheets import (
    corrected,
    kept_sheet,
    masked,
    paper,
    place_of_sheet,
    reasons,
    still_holds,
)
from engine.reviewing.queries.urging import may_be_urged, waited_for

__all__ = [
    "NoSuchPlace",
    "QueueRow",
    "case",
    "corrected",
    "count",
    "counts",
    "first_opened_at",
    "happened",
    "kept_sheet",
    "kinds_seen",
    "masked",
    "may_be_urged",
    "of_subject",
    "office_open",
    "page",
    "paper",
    "place_of_sheet",
    "possible_actions",
    "queue",
    "reasons",
    "reasons_for",
    "recently_decided",
    "row",
    "sees",
    "still_holds",
    "waited_for",
]
