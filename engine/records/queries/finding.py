"""Finding anything by what it is called: a number, a code, a name, an exact phone or resident ID."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import errors, identifiers
from engine.kernel.reader import Reader
from engine.records import kinds, model, naming
from engine.staffing import queries as staffing
from engine.staffing.model import Right

# What has no record of its own leads to the one that it belongs to: its number, and the question for that.
_BESIDE = (
    "SELECT order_id AS id FROM payment WHERE number = ?",
    "SELECT order_id AS id FROM payment WHERE trade_no = ? AND trade_no <> ''",
    "SELECT subject AS id FROM shipment WHERE tracking_no = ? AND tracking_no <> ''",
)


class NothingToFind(errors.InvalidInput):
    """Enter a number, a name, a phone number or a code."""


def find(q: Reader, text: str) -> list[model.Hit]:
    """Whatever is called this and the reader may see, by kind, at most 50.

    Protected values are found by exact match through their blind index; an enterprise also by a part of its
    name. Raises: NothingToFind, staffing.MayNot.
    """
    staffing.require(q, Right.LOOK_UP, anywhere=True)
    wanted = text.strip()
    if len(wanted) < 2:
        raise NothingToFind(field="text")
    found = dict.fromkeys(_ids(q, wanted))
    hits = [hit for one in found if (hit := naming.hit(q, one)) is not None]
    order = list(kinds.KINDS)
    hits.sort(key=lambda hit: order.index(hit.kind) if hit.kind in order else len(order))
    return hits[: model.MOST_FOUND]


def _ids(q: Reader, wanted: str) -> Iterator[str]:
    if "_" in wanted:
        yield from (wanted, naming.record_of(q, wanted))
    for kind in kinds.KINDS.values():
        for index in kind.indexes:
            yield from q.find(index, _typed(index, wanted))
        for column in kind.columns:
            sql = exact(kind, column)
            yield from (row["id"] for row in q.rows(sql, (kind.normal(wanted), model.MOST_FOUND)))
        if kind.like is not None:
            yield from kind.like(q, wanted)
    for sql in _BESIDE:
        yield from (row["id"] for row in q.rows(sql, (wanted,)))


def _typed(index: str, wanted: str) -> str:
    """A number as it is kept, however it was typed: a phone's without country code and blanks."""
    if not index.endswith(".phone"):
        return wanted
    try:
        return identifiers.phone(wanted)
    except identifiers.PhoneInvalid:
        return wanted


def exact(kind: kinds.Kind, column: str) -> str:
    """The question for the records of a kind with exactly this number or code."""
    # So that an index over those that have a number is used.
    known = " AND number <> ''" if kind.table == "invoice" else ""
    return f"SELECT id FROM {kind.table} WHERE {column} = ?{known} ORDER BY id LIMIT ?"  # noqa: S608
