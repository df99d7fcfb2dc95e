"""The SQL of the queue: kind by kind as they were opened, and the few with an order of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.kernel.reader import Reader
from engine.reviewing.model import Case

# Each is the condition of a partial index, letter for letter.
Part = Literal["steady", "resumed", "held", "in_hand"]
_PARTS: dict[Part, str] = {
    "steady": "status IN ('waiting', 'claimed') AND held_ms = 0",
    "resumed": "status IN ('waiting', 'claimed') AND held_ms > 0",
    "held": "status = 'held'",
    "in_hand": "status = 'claimed'",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of SQL with its parameters; conditions are joined by `+`."""

    sql: str = ""
    parameters: tuple[Any, ...] = ()

    def __add__(self, other: Condition) -> Condition:
        return Condition(self.sql + other.sql, self.parameters + other.parameters)


def among(column: str, values: Sequence[str]) -> Condition:
    """A column has one of these values."""
    if not values:
        return Condition(" AND 1 = 0")
    return Condition(f" AND {column} IN ({', '.join('?' for _ in values)})", tuple(values))


def of_kinds(each: Mapping[str, Condition]) -> Iterator[Condition]:
    """Each kind under its condition, kinds under the same one together."""
    alike: dict[Condition, list[str]] = {}
    for kind, where in each.items():
        alike.setdefault(where, []).append(kind)
    for where, kinds in alike.items():
        yield among("kind", kinds) + where


def free(now: int) -> Condition:
    """Nobody has the case under a living lease."""
    return Condition(" AND (status = 'waiting' OR lease_until <= ?)", (now,))


def taken_by(text: str, now: int) -> Condition:
    """This member of staff has the case under a living lease."""
    return Condition(" AND assignee = ? AND lease_until > ?", (text, now))


def taken_by_others(text: str, now: int) -> Condition:
    """Somebody else has the case under a living lease."""
    return Condition(" AND assignee <> ? AND lease_until > ?", (text, now))


def assigned_to(text: str) -> Condition:
    """This member of staff has the case, on hold or not."""
    return Condition(" AND assignee = ?", (text,))


def not_of(text: str) -> Condition:
    """Four eyes: this member of staff neither made the case nor took part in it."""
    approved = Condition(" AND approved_by NOT LIKE ? ESCAPE '!'", (_listed(text),))
    return not_about(text) + approved


def not_about(text: str) -> Condition:
    """Somebody neither made the case nor is kept from it as one of its parties."""
    return Condition(" AND maker <> ? AND excluded NOT LIKE ? ESCAPE '!'", (text, _listed(text)))


def _listed(text: str) -> str:
    # The id stands between quotes in a list; `_` is a wildcard of LIKE and has to be said as itself.
    return '%"' + text.replace("_", "!_") + '"%'


def titled(text: str) -> Condition:
    """The title contains a text."""
    plain = text.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return Condition(" AND LOWER(title) LIKE ? ESCAPE '!'", (f"%{plain}%",))


def opened(from_ms: int | None, to_ms: int | None) -> Condition:
    """Opened at or after one instant and before another."""
    found = Condition()
    if from_ms is not None:
        found += Condition(" AND opened_at >= ?", (from_ms,))
    if to_ms is not None:
        found += Condition(" AND opened_at < ?", (to_ms,))
    return found


def untouched_before(decision: int, touch: int) -> Condition:
    """Opened before one instant, or before another and still untouched: late, by thresholds."""
    sql = " AND (opened_at < ? OR (opened_at < ? AND first_touched_at IS NULL))"
    return Condition(sql, (decision, touch))


def touched_or_after(touch: int) -> Condition:
    """Touched, or opened at or after an instant: not late for want of a first look."""
    return Condition(" AND (first_touched_at IS NOT NULL OR opened_at >= ?)", (touch,))


def brought_before(
    leads: Condition, lead: tuple[int, int], who: str, own: tuple[int, int]
) -> Condition:
    """Old enough to be brought before who leads there, or before who has it."""
    old = "(opened_at < ? OR (opened_at < ? AND first_touched_at IS NULL))"
    return Condition(
        f" AND (({old}{leads.sql}) OR (assignee = ? AND {old}))",
        (*lead, *leads.parameters, who, *own),
    )


CORRECTED = Condition(" AND corrects IS NOT NULL")
TOUCHED = Condition(" AND first_touched_at IS NOT NULL")
UNTOUCHED = Condition(" AND first_touched_at IS NULL")
URGED = Condition(" AND urged_at IS NOT NULL")


def steady(
    q: Reader, kind: str, where: Condition, *, from_ms: int, after: tuple[int, str], limit: int
) -> list[tuple[int, str]]:
    """(Opened, id) of cases of a kind that were never on hold, in that order."""
    sql = (
        f"SELECT opened_at, id FROM review_case WHERE kind = ? AND {_PARTS['steady']}"  # noqa: S608
        f"{where.sql} AND opened_at >= ? AND (opened_at, id) > (?, ?)"
        # As a parameter it would have SQLite prepare the statement anew each time.
        f" ORDER BY opened_at, id LIMIT {limit:d}"
    )
    found = q.rows(sql, (kind, *where.parameters, max(from_ms, after[0]), *after))
    return [(row["opened_at"], row["id"]) for row in found]


def count_steady(q: Reader, kind: str, where: Condition, *, limit: int) -> int:
    """How many cases of a kind were never on hold, counted up to `limit`."""
    sql = (
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM review_case"  # noqa: S608
        f" WHERE kind = ? AND {_PARTS['steady']}{where.sql} LIMIT ?) AS found"
    )
    row = q.row(sql, (kind, *where.parameters, limit))
    return int(row["n"]) if row else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What says where a case stands in the order, and no more."""

    id: str
    kind: str
    opened_at: int
    held_ms: int
    paused: int


def few(q: Reader, part: Part, where: Condition) -> list[Bearing]:
    """The cases of a part that is small by nature: held, resumed after a hold, in somebody's hand."""
    sql = (
        "SELECT id, kind, opened_at, held_ms,"  # noqa: S608
        " CASE WHEN status = 'held' AND paused_at IS NOT NULL THEN 1 ELSE 0 END AS paused"
        f" FROM review_case WHERE {_PARTS[part]}{where.sql}"
    )
    return q.all(Bearing, sql, where.parameters)


def by_ids(q: Reader, ids: Sequence[str]) -> dict[str, Case]:
    """Cases by id."""
    if not ids:
        return {}
    marks = ", ".join("?" for _ in ids)
    found = q.all(Case, f"SELECT * FROM review_case WHERE id IN ({marks})", tuple(ids))  # noqa: S608
    return {case.id: case for case in found}
