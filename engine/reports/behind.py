"""The cases behind a figure: which rows of a report's `behind` a figure counts, found by their names.

A report names the cases above its figures. A figure `paid` counts the cases whose `paid` is true, or adds
their numbers up; `paid_percent` is a share of those whose `paid` is known; `wait_p90_min` a quantile of
`wait_min`; `revenue_yuan` the sum of `revenue_fen`. Only what is shown is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.kernel import errors
from engine.reports import catalog
from engine.reports.catalog import Answer, Report
from engine.reports.filters import Filters

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_QUANTILE = re.compile(r"_p\d+(?=_)")
_BOUND = re.compile(r"_(low|high)_percent$")
# What cases have beside the columns that are counted: how they are found, and when they happened.
FOUND_BY = ("look_up", "happened_at")


class NothingBehind(errors.InvalidInput):
    """“{report}” counts nothing that is called “{figure}”. It counts: {known}."""


def figures(report: Report, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a report's answer that count something."""
    return tuple(name for name in columns if name not in (*report.keys, "level"))


def counted(figure: str, columns: tuple[str, ...]) -> str:
    """The column of the cases that a figure is reckoned from; empty where it counts all of them."""
    names = (
        figure,
        _BOUND.sub("", figure),
        figure.removesuffix("_percent"),
        _QUANTILE.sub("", figure),
        f"{figure.removesuffix('_yuan')}_fen",
    )
    return next((name for name in names if name in columns), "")


def columns(copy: Any, report: Report, filters: Filters) -> tuple[str, ...]:
    """The columns of a report's cases."""
    return catalog.answer(copy, report, _question(report, "LIMIT 0"), filters).columns


def cases(
    copy: Any,
    report: Report,
    filters: Filters,
    *,
    row: Mapping[str, Any],
    figure: str = "",
    by: str = "",
    levels: tuple[str, ...] | None = None,
    most: int | None = None,
) -> Answer:
    """The cases that a figure of a row counts, oldest first; without a figure all of the row.

    `row` has the values of the row's keys; a key that is NULL stands for all of its values.

    Raises: NothingBehind, RollUpUnknown.
    """
    where, bound = _where(copy, report, filters, row, figure)
    rest = f"{where} ORDER BY happened_at, look_up"
    if most is not None:
        rest += " LIMIT $most"
        bound["most"] = most
    question = _question(report, rest)
    return catalog.answer(copy, report, question, filters, by=by, levels=levels, more=bound)


def how_many(
    copy: Any,
    report: Report,
    filters: Filters,
    *,
    row: Mapping[str, Any],
    figure: str = "",
    by: str = "",
    levels: tuple[str, ...] | None = None,
) -> int:
    """How many cases a figure of a row counts.

    Raises: NothingBehind, RollUpUnknown.
    """
    where, bound = _where(copy, report, filters, row, figure)
    question = _question(report, where, read="count(*)")
    found = catalog.answer(copy, report, question, filters, by=by, levels=levels, more=bound)
    return int(found.rows[0][0])


def _question(report: Report, rest: str, *, read: str = "*") -> str:
    """A question about a report's cases, made of names that its own file has."""
    if not report.above:
        raise NothingBehind(field="figure", report=report.name, figure="", known="")
    return f"{report.above} SELECT {read} FROM behind {rest}"  # noqa: S608 (names were checked)


def _where(
    copy: Any, report: Report, filters: Filters, row: Mapping[str, Any], figure: str
) -> tuple[str, dict[str, Any]]:
    known = columns(copy, report, filters)
    conditions: list[str] = []
    bound: dict[str, Any] = {}
    for key in report.keys:
        if row.get(key) is None:
            continue
        if key not in known or not _NAME.fullmatch(key):
            raise NothingBehind(field=key, report=report.name, figure=key, known=", ".join(known))
        # As text, so that a number from an address finds its own.
        conditions.append(f"{key}::VARCHAR = $row_{key}")
        bound[f"row_{key}"] = str(row[key])
    if figure and figure not in report.derived:
        column = counted(figure, known)
        if not column or not _NAME.fullmatch(column):
            raise NothingBehind(
                field="figure", report=report.name, figure=figure, known=", ".join(known)
            )
        if figure == column:
            # True, or a number that adds something: the cast takes both.
            conditions.append(f"coalesce({column}::DOUBLE, 0) <> 0")
        else:
            conditions.append(f"{column} IS NOT NULL")
    return (f"WHERE {' AND '.join(conditions)}" if conditions else ""), bound
