"""Invoices and red letters as finance lists them: how many stand where, and those of some states."""

from __future__ import annotations

from dataclasses import dataclass

from engine.invoicing import model
from engine.invoicing.queries import invoices
from engine.invoicing.store import listing as store
from engine.kernel import paging
from engine.kernel.reader import Reader
from engine.staffing import queries as staffing
from engine.staffing.model import Right

LISTED_MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many invoices, or red letters, stand somewhere, and since when the oldest of them."""

    status: model.InvoiceStatus
    red: bool
    count: int
    oldest_at: int


def standing(q: Reader) -> list[Standing]:
    """How many invoices and red letters stand where, of those that a member of finance looks after.

    Raises: MayNot.
    """
    staff = staffing.require(q, Right.FINANCE, anywhere=True)
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for row in store.counts(q):
        scope = {"platform_id": row["platform_id"], "agency_id": row["agency_id"]}
        if staffing.has(staff, Right.FINANCE, **scope):
            key = (row["status"], row["red"])
            count, oldest = found.get(key, (0, row["oldest"]))
            found[key] = (count + row["n"], min(oldest, row["oldest"]))
    return [
        Standing(status=model.InvoiceStatus(status), red=bool(red), count=count, oldest_at=oldest)
        for (status, red), (count, oldest) in sorted(found.items())
    ]


def listed(
    q: Reader,
    states: tuple[model.InvoiceStatus, ...] = (),
    text: str = "",
    *,
    window: paging.Window | None = None,
) -> list[model.InvoiceShown]:
    """Invoices and red letters in some states (in any, where none is named), the newest first.

    `text` is a number of 20 digits, or how a company's name begins. Raises: MayNot.
    """
    return _in_states(q, states, window, text=text.strip())


def waiting(
    q: Reader, states: tuple[model.InvoiceStatus, ...], *, window: paging.Window | None = None
) -> list[model.InvoiceShown]:
    """Invoices and red letters in some states, those that were applied for first before the others.

    Raises: MayNot.
    """
    return _in_states(q, states, window, newest_first=False)


def _in_states(
    q: Reader,
    states: tuple[model.InvoiceStatus, ...],
    window: paging.Window | None,
    *,
    text: str = "",
    newest_first: bool = True,
) -> list[model.InvoiceShown]:
    staff = staffing.require(q, Right.FINANCE, anywhere=True)
    wanted = [one.value for one in states or tuple(model.InvoiceStatus)]
    seen = staffing.within(staff, Right.FINANCE)
    window = window or paging.Window(limit=LISTED_MOST)
    found = store.in_states(q, wanted, seen, window, text=text, newest_first=newest_first)
    return [invoices.shown(q, one) for one in found]
