"""Whether a figure of a report is what its cases say: counts, sums, shares and quantiles, by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from engine.reports import behind, catalog
from engine.reports.catalog import Report
from engine.reports.filters import Filters

# A figure is rounded to one or two decimals; its cases are not.
_ROUNDED = 0.0501
_QUANTILE = re.compile(r"_p(\d+)_")


def _close(found: Any, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    return abs(float(found) - expected) < _ROUNDED


def says(figure: str, column: str, value: Any, cells: Sequence[Any]) -> bool:
    """Whether cases with these `cells` in `column` make the figure `value`."""
    numbers = [float(cell) for cell in cells if cell is not None]
    if figure == column and figure.endswith("_h"):
        return _close(value, max(numbers, default=None))
    if figure == column:
        return float(value or 0) == sum(numbers)
    if figure.endswith("_yuan"):
        return round(float(value or 0) * 100) == sum(numbers)
    if figure.endswith(("_low_percent", "_high_percent")):
        share = 100 * sum(numbers) / len(numbers)
        return value <= share + _ROUNDED if "_low_" in figure else value >= share - _ROUNDED
    if figure.endswith("_percent"):
        return _close(value, 100 * sum(numbers) / len(numbers) if numbers else None)
    match = _QUANTILE.search(figure)
    assert match is not None, figure
    return _close(value, float(np.quantile(numbers, int(match[1]) / 100)) if numbers else None)


def wrong(
    copy: Any,
    report: Report,
    filters: Filters,
    *,
    by: str = "",
    levels: tuple[str, ...] | None = None,
    rows: int = 2,
) -> Iterator[str]:
    """Each figure of the first and last rows that its cases don't make."""
    answer = catalog.ask(copy, report, filters, by=by, levels=levels)
    known = behind.columns(copy, report, filters)
    for row in dict.fromkeys((*answer.rows[:rows], *answer.rows[-1:])):
        told = dict(zip(answer.columns, row, strict=True))
        keys = {key: told[key] for key in report.keys}
        found = behind.cases(copy, report, filters, row=keys, by=by, levels=levels)
        for figure in behind.figures(report, answer.columns):
            if figure in report.derived:
                continue
            column = behind.counted(figure, known)
            if not column:
                yield f"{report.name}.{figure} has no cases"
                continue
            cells = [one[found.columns.index(column)] for one in found.rows]
            if not says(figure, column, told[figure], cells):
                yield f"{report.name}.{figure} of {keys} is {told[figure]}, its cases say otherwise"
            if row == answer.rows[0]:
                yield from _opened(copy, report, filters, keys, figure, column, cells, by, levels)


def _opened(
    copy: Any,
    report: Report,
    filters: Filters,
    keys: dict[str, Any],
    figure: str,
    column: str,
    cells: Sequence[Any],
    by: str,
    levels: tuple[str, ...] | None,
) -> Iterator[str]:
    """Whether what a click on the figure opens are just the cases that it is made of."""
    count = behind.how_many(copy, report, filters, row=keys, figure=figure, by=by, levels=levels)
    expected = sum(bool(cell) if figure == column else cell is not None for cell in cells)
    if count != expected:
        yield f"{report.name}.{figure} of {keys} opens {count} cases, it is made of {expected}"
