"""The SQL of what is done to many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.bulk import model
from engine.kernel import database, paging
from engine.kernel.reader import Reader

# So many ids in one question.
_AT_ONCE = 500
# Where things that are acted upon say how they are called, and where they belong.
_CALLED = {"case": ("review_case", "title"), "certificate": ("certificate", "serial_hex")}


def bulks(q: Reader, window: paging.Window) -> list[model.Bulk]:
    """Those of everybody, newest first."""
    part, values = paging.clause(window, ("id",))
    return q.all(model.Bulk, f"SELECT * FROM bulk_act WHERE 1 = 1{part}", values)  # noqa: S608


def listed(q: Reader, bulk_id: str) -> list[str]:
    """The frozen list: ids in their order."""
    return str(q.value("bulk_list", bulk_id, "items")).split("\n")


def part(q: Reader, bulk_id: str, first: int, limit: int) -> list[model.Item]:
    """Items from a position on, in order."""
    sql = "SELECT * FROM bulk_item WHERE bulk_id = ? AND position >= ? ORDER BY position LIMIT ?"
    return q.all(model.Item, sql, (bulk_id, first, limit))


def open_part(q: Reader, bulk_id: str, limit: int) -> list[model.Item]:
    """The first items without a result."""
    sql = "SELECT * FROM bulk_item WHERE bulk_id = ? AND outcome IS NULL ORDER BY position LIMIT ?"
    return q.all(model.Item, sql, (bulk_id, limit))


def rehearsed(q: Reader, bulk_id: str) -> list[model.Item]:
    """Every item with what was foreseen of it, in order."""
    return q.all(
        model.Item, "SELECT * FROM bulk_item WHERE bulk_id = ? ORDER BY position", (bulk_id,)
    )


def refused(q: Reader, bulk_id: str) -> list[str]:
    """The ids of what was refused, in order."""
    sql = (
        "SELECT item_id FROM bulk_item WHERE bulk_id = ? AND outcome IS NOT NULL AND outcome <> ?"
        " ORDER BY position"
    )
    return [row["item_id"] for row in q.rows(sql, (bulk_id, model.DONE))]


def counts(q: Reader, bulk_id: str) -> list[model.Count]:
    """How many items were foreseen to end so, and ended so."""
    sql = (
        "SELECT foreseen, COALESCE(outcome, '') AS outcome, COUNT(*) AS n FROM bulk_item"
        " WHERE bulk_id = ? GROUP BY foreseen, outcome ORDER BY foreseen, outcome"
    )
    return q.all(model.Count, sql, (bulk_id,))


def lately(q: Reader, bulk_id: str, since: int) -> int:
    """How many items got their result since an instant."""
    sql = "SELECT COUNT(*) AS n FROM bulk_item WHERE bulk_id = ? AND done_at >= ?"
    return int(q.rows(sql, (bulk_id, since))[0]["n"])


def shown(
    q: Reader, bulk_id: str, *, foreseen: str, outcome: str, otherwise: bool, after: int, limit: int
) -> list[model.Item]:
    """Items behind a position, of a foreseen end and of an end where these are given."""
    sql = "SELECT * FROM bulk_item WHERE bulk_id = ? AND position > ?"
    given: list[object] = [bulk_id, after]
    for column, value in (("foreseen", foreseen), ("outcome", outcome)):
        if value == "open":
            sql += f" AND {column} IS NULL"
        elif value == "refused":
            sql += f" AND {column} <> ?"
            given.append(model.DONE)
        elif value:
            sql += f" AND {column} = ?"
            given.append(value)
    if otherwise:
        sql += " AND outcome <> foreseen"
    return q.all(model.Item, f"{sql} ORDER BY position LIMIT ?", (*given, limit))


def places(q: Reader, target: str, items: Sequence[str]) -> set[tuple[str, str | None, str | None]]:
    """The kinds, platforms and authorities of things; ("", None, None) of what belongs to none."""
    if target not in _CALLED:
        return {("", None, None)}
    return {
        (row["kind"], row["platform_id"], row["agency_id"])
        for row in _rows(q, _CALLED[target][0], "kind, platform_id, agency_id", items)
    }


def titles(q: Reader, target: str, items: Sequence[str]) -> dict[str, str]:
    """How things are called: a case by its title, a certificate by its serial number; others not."""
    if target not in _CALLED:
        return {}
    table, column = _CALLED[target]
    return {row["id"]: str(row["told"]) for row in _rows(q, table, f"id, {column} AS told", items)}


def makers(q: Reader, case_ids: Sequence[str]) -> dict[str, str]:
    """Who made cases."""
    return {row["id"]: row["maker"] for row in _rows(q, "review_case", "id, maker", case_ids)}


def _rows(q: Reader, table: str, columns: str, items: Sequence[str]) -> Iterator[database.Row]:
    for first in range(0, len(items), _AT_ONCE):
        some = tuple(items[first : first + _AT_ONCE])
        marks = ", ".join("?" for _ in some)
        yield from q.rows(f"SELECT {columns} FROM {table} WHERE id IN ({marks})", some)  # noqa: S608
