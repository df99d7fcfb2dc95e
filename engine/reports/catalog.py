"""The reports: each is an `.sql` beside this file whose header says what it answers.

A new report is one file. Its header lines (`-- name: text`) are `title`, `question`, `unit` and
`definition` in both languages, `parameters` (the filters that it heeds), and where they apply: `terms`
(ids of `data/reports/definitions.toml`), `chart` (kind and columns), `by` (its periods, the first by
default), `levels` (the other columns that it can be told by; `shown`: those where nobody says), `keys`
(the columns by which its rows differ), `derived` (figures that are reckoned from other rows too),
`headlines` (those that are told first).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.kernel import errors
from engine.reports import filters as filtering
from engine.reports.filters import END_OF_TIME, Filters

__all__ = [
    "END_OF_TIME",
    "NAMES",
    "Answer",
    "Chart",
    "Report",
    "ReportUnknown",
    "RollUpUnknown",
    "answer",
    "ask",
    "cases",
    "load",
]

_FOLDER = Path(__file__).parent
_NO_REPORTS = ("schema",)
NAMES = tuple(sorted(path.stem for path in _FOLDER.glob("*.sql") if path.stem not in _NO_REPORTS))
# Above it a report names the cases, below it what is counted of them.
_FIGURES = "/* figures */"
_PARAMETER = re.compile(r"\$([a-z_]+)")


class ReportUnknown(errors.NotFound):
    """There is no report “{what}”. There are: {known}."""


class RollUpUnknown(errors.InvalidInput):
    """“{report}” is not told by “{by}”. It is told by: {known}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """How a report is drawn: `kind` (bar, line, area), columns for `x`, `split`, and to choose for `y`."""

    kind: str
    x: str
    y: tuple[str, ...]
    split: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as its header declares it; `texts` are the header's lines."""

    name: str
    sql: str
    texts: dict[str, str]

    @property
    def above(self) -> str:
        """What names the cases (`behind`) that the figures count; empty where it names none."""
        named, marked, _ = self.sql.partition(_FIGURES)
        return named if marked else ""

    @property
    def behind(self) -> str:
        """The question for the cases that the figures count, oldest first; empty where it asks none."""
        named = self.above
        return f"{named} SELECT * FROM behind ORDER BY happened_at" if named else ""  # noqa: S608

    @property
    def derived(self) -> tuple[str, ...]:
        """Figures that are reckoned from other rows as well: behind them are the cases of their row."""
        return _words(self.texts.get("derived", ""))

    @property
    def parameters(self) -> frozenset[str]:
        """The filters that the report heeds."""
        return frozenset(_words(self.texts.get("parameters", "")))

    @property
    def terms(self) -> tuple[str, ...]:
        """The definitions that belong beside its figures."""
        return _words(self.texts.get("terms", ""))

    @property
    def by(self) -> tuple[str, ...]:
        """Its roll-ups, the first by default."""
        return _words(self.texts.get("by", ""))

    @property
    def levels(self) -> tuple[str, ...]:
        """The columns that its rows can be told by besides the period, in the order of drilling down."""
        return _words(self.texts.get("levels", ""))

    @property
    def shown(self) -> tuple[str, ...]:
        """Those of its levels that are told by where nobody says by which."""
        return _words(self.texts.get("shown", ""))

    @property
    def headlines(self) -> tuple[str, ...]:
        """The figures that are told first of the whole; the chart's where it names none."""
        named = _words(self.texts.get("headlines", ""))
        return named or (self.chart.y if self.chart else ())

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns by which its rows differ; everything else in them is counted."""
        return _words(self.texts.get("keys", ""))

    @property
    def chart(self) -> Chart | None:
        """How it is drawn: `-- chart: bar, x=day, y=placed|paid, split=agency`."""
        kind, *given = _words(self.texts.get("chart", "")) or ("",)
        if not kind:
            return None
        told = dict(part.split("=", 1) for part in given)
        return Chart(
            kind=kind, x=told["x"], y=tuple(told["y"].split("|")), split=told.get("split", "")
        )

    def text(self, part: str, language: str) -> str:
        """Title, question, unit or definition in a language."""
        return self.texts[f"{part}.{'zh' if language.startswith('zh') else 'en'}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a report answered: column names and rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def load(name: str) -> Report:
    """A report by name.

    Raises: ReportUnknown.
    """
    if name not in NAMES:
        raise ReportUnknown(what=name, known=", ".join(NAMES))
    return _loaded(name)


@functools.cache
def _loaded(name: str) -> Report:
    text = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    header = dict(
        line.removeprefix("-- ").split(": ", 1)
        for line in text.splitlines()
        if line.startswith("-- ")
    )
    return Report(name=name, sql=text, texts=header)


def ask(
    copy: Any,
    report: Report,
    filters: Filters | None = None,
    *,
    by: str = "",
    levels: Sequence[str] | None = None,
    from_ms: int = 0,
    to_ms: int = END_OF_TIME,
) -> Answer:
    """The report's answer for what the filters ask for (or for a half-open span of UTC milliseconds).

    Raises: RollUpUnknown.
    """
    asked = filters or Filters(from_ms=from_ms, to_ms=to_ms)
    return answer(copy, report, report.sql, asked, by=by, levels=levels)


def cases(
    copy: Any,
    report: Report,
    filters: Filters | None = None,
    *,
    by: str = "",
    levels: Sequence[str] | None = None,
    from_ms: int = 0,
    to_ms: int = END_OF_TIME,
) -> Answer:
    """The cases that the figures of `ask` count: those of a row have the row's values in its columns.

    `look_up` is what the search finds a case by; `happened_at` is when it happened (UTC milliseconds).

    Raises: RollUpUnknown.
    """
    if not report.behind:
        return Answer(columns=(), rows=())
    asked = filters or Filters(from_ms=from_ms, to_ms=to_ms)
    return answer(copy, report, report.behind, asked, by=by, levels=levels)


def answer(
    copy: Any,
    report: Report,
    sql: str,
    filters: Filters,
    *,
    by: str = "",
    levels: Sequence[str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Answer:
    """What a question that was made from a report's SQL answers; `more` are parameters of its own.

    Raises: RollUpUnknown.
    """
    if by and by not in report.by:
        raise RollUpUnknown(field="by", report=report.name, by=by, known=", ".join(report.by))
    for level in levels or ():
        if level not in report.levels:
            known = ", ".join(report.levels)
            raise RollUpUnknown(field="levels", report=report.name, by=level, known=known)
    chosen = by or (report.by[0] if report.by else "")
    told_by = list(report.shown if levels is None else levels)
    given = filtering.parameters(filters, by=chosen) | {"levels": told_by} | dict(more or {})
    cursor = copy.cursor()
    cursor.execute(sql, {name: given[name] for name in sorted(_named_in(sql))})
    columns = tuple(column[0] for column in cursor.description)
    return Answer(columns=columns, rows=tuple(tuple(row) for row in cursor.fetchall()))


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@functools.cache
def _named_in(sql: str) -> frozenset[str]:
    asked = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
    return frozenset(_PARAMETER.findall(asked))
