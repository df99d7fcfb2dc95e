"""The questions behind the process map; their SQL stands in the files beside this one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.reports import catalog
from engine.reports import filters as filtering
from engine.reports.catalog import Answer
from engine.reports.filters import Filters

_FOLDER = Path(__file__).parent
# Where a move comes from that is the first fact of its case, and where one goes that is the last so far.
BEGUN, ENDED = "", ""
# The kinds of case whose facts are kept in order.
KINDS = ("certificate_order", "service_order", "contract", "seal", "invoice", "account")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Two facts that follow each other: how often, and after how long (half of them, nine in ten)."""

    case_kind: str
    from_activity: str
    to_activity: str
    moves: int
    move_p50_h: float | None
    move_p90_h: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of case that has facts, and how many cases of it there are."""

    name: str
    cases: int


def case_kinds(copy: Any) -> tuple[Kind, ...]:
    """The kinds of case that there are, those with the most cases first."""
    found = _asked(copy, "case_kinds", {})
    return tuple(Kind(name=name, cases=cases) for name, cases in found.rows)


def moves(copy: Any, filters: Filters) -> tuple[Move, ...]:
    """Every move of the cases that the filters ask for (`kinds` are kinds of case), most frequent first."""
    answer = catalog.ask(copy, catalog.load("process_map"), filters)
    return tuple(Move(**dict(zip(answer.columns, row, strict=True))) for row in answer.rows)


def kept(found: Iterable[Move], least_percent: float) -> tuple[Move, ...]:
    """The moves at least so frequent as this share of the most frequent one.

    The most frequent way into and out of every activity that is shown stays, so that nothing hangs in the
    air.
    """
    every = sorted(found, key=_order)
    between = [move for move in every if move.from_activity and move.to_activity]
    most = max((move.moves for move in every), default=0)
    chosen = [move for move in every if move.moves * 100 >= least_percent * most]
    shown = {name for move in chosen for name in (move.from_activity, move.to_activity) if name}
    entered = {move.to_activity for move in chosen}
    left = {move.from_activity for move in chosen}
    for move in (*between, *every):
        if not {move.from_activity, move.to_activity} - {BEGUN, ENDED} <= shown:
            continue
        if (move.to_activity and move.to_activity not in entered) or (
            move.from_activity and move.from_activity not in left
        ):
            chosen.append(move)
            entered.add(move.to_activity)
            left.add(move.from_activity)
    return tuple(sorted(set(chosen), key=_order))


def _order(move: Move) -> tuple[int, str, str]:
    return -move.moves, move.from_activity, move.to_activity


def move_cases(
    copy: Any, filters: Filters, from_activity: str, to_activity: str, *, most: int = 500
) -> Answer:
    """The cases that made a move, the slowest first; of what began or ended, the newest first."""
    given = {"from_activity": from_activity, "to_activity": to_activity, "most": most}
    if not from_activity:
        return _asked(copy, "begun_cases", _parameters(filters) | given)
    if not to_activity:
        return _asked(copy, "ended_cases", _parameters(filters) | given)
    return _asked(copy, "move_cases", _parameters(filters) | given)


def variant_cases(copy: Any, filters: Filters, path: str, *, most: int = 500) -> Answer:
    """The cases of a variant as the report on variants names it, those that lasted longest first."""
    return _asked(copy, "variant_cases", _parameters(filters) | {"path": path, "most": most})


def facts(copy: Any, filters: Filters) -> int:
    """How many facts the cases under way in the span have: as many stand in an export."""
    return int(_asked(copy, "facts", _parameters(filters)).rows[0][0])


def life(copy: Any, case_kind: str, case_id: str) -> Answer:
    """The facts of one case in order, each with the hours since the one before."""
    return _asked(copy, "life", {"case_kind": case_kind, "case_id": case_id})


def _parameters(filters: Filters) -> dict[str, Any]:
    return filtering.parameters(filters)


def _asked(copy: Any, name: str, given: dict[str, Any]) -> Answer:
    sql = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    cursor = copy.cursor()
    cursor.execute(sql, {key: given[key] for key in given if f"${key}" in sql})
    columns = tuple(column[0] for column in cursor.description)
    return Answer(columns=columns, rows=tuple(tuple(row) for row in cursor.fetchall()))
