"""The days of the tax service as finance sees them (PAY-1)."""

from __future__ import annotations

import datetime

from engine.kernel import clock, paging
from engine.kernel.reader import Reader
from engine.ordering import model as ordering
from engine.reconciling import model, store
from engine.staffing import queries as staffing
from engine.staffing.model import Right

INVARIANTS = store.INVARIANTS
_DAYS = 60
_KINDS = tuple(sorted(one.value for one in ordering.ABOUT_INVOICES))


def tax_days(q: Reader, *, window: paging.Window | None = None) -> list[model.TaxDayShown]:
    """The business dates, newest first: what the tax service lists beside what we issued.

    Raises: MayNot.
    """
    staffing.require(q, Right.FINANCE)
    counts = store.case_counts(q, _KINDS)
    return [
        _shown(q, listed, counts) for listed in store.lists(q, window or paging.Window(limit=_DAYS))
    ]


def _shown(
    q: Reader, listed: model.TaxList, counts: dict[str, tuple[int, int]]
) -> model.TaxDayShown:
    day = datetime.date.fromisoformat(listed.business_date)
    until = clock.start_of(day + datetime.timedelta(days=1))
    here = store.numbered_between(q, clock.start_of(day), until)
    still, n = counts.get(listed.business_date, (0, 0))
    return model.TaxDayShown(
        listed=listed,
        here_count=len(here),
        here_total_fen=sum(one.total_fen for one in here),
        here_tax_fen=sum(one.tax_fen for one in here),
        open_cases=still,
        cases=n,
    )


def tax_lines(q: Reader, business_date: str) -> list[model.TaxListLine]:
    """The lines of a day's list, each with how it compared.

    Raises: MayNot.
    """
    staffing.require(q, Right.FINANCE)
    listed = store.list_of(q, business_date)
    return store.lines(q, listed.id) if listed else []
