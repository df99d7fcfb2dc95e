"""The reports: each is an `.sql` beside this file whose header says what it answers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.kernel import errors

_FOLDER = Path(__file__).parent
NAMES = (
    *("people", "real_names", "orders", "reviews", "samples", "invoices", "calls", "money"),
    *("certificates", "renewals", "revocations", "pins", "scan_logins", "bindings", "turnaround"),
    "files",
    *("seals", "seal_rejections"),
    *("contracts", "contract_parties"),
)
# Above it a report names the cases, below it what is counted of them.
_FIGURES = "/* figures */"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
END_OF_TIME = 1 << 52


class ReportUnknown(errors.NotFound):
    """There is no report “{what}”. There are: {known}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as its header declares it; `texts`: title, question, unit, definition by language."""

    name: str
    sql: str
    texts: dict[str, str]

    @property
    def behind(self) -> str:
        """The question for the cases that the figures count, oldest first; empty where it asks none."""
        cases, marked, _ = self.sql.partition(_FIGURES)
        return f"{cases} SELECT * FROM behind ORDER BY happened_at" if marked else ""  # noqa: S608

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
    text = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    header = dict(
        line.removeprefix("-- ").split(": ", 1)
        for line in text.splitlines()
        if line.startswith("-- ")
    )
    return Report(name=name, sql=text, texts=header)


def ask(copy: Any, report: Report, *, from_ms: int = 0, to_ms: int = END_OF_TIME) -> Answer:
    """The report's answer for a half-open span of UTC milliseconds."""
    return _asked(copy, report.sql, from_ms, to_ms)


def cases(copy: Any, report: Report, *, from_ms: int = 0, to_ms: int = END_OF_TIME) -> Answer:
    """The cases that the figures of `ask` count: those of a row have the row's values in its columns.

    `look_up` is what the search finds a case by; `happened_at` is when it happened (UTC milliseconds).
    """
    if not report.behind:
        return Answer(columns=(), rows=())
    return _asked(copy, report.behind, from_ms, to_ms)


def _asked(copy: Any, sql: str, from_ms: int, to_ms: int) -> Answer:
    cursor = copy.cursor()
    cursor.execute(sql, {"from_ms": from_ms, "to_ms": to_ms})
    columns = tuple(column[0] for column in cursor.description)
    return Answer(columns=columns, rows=tuple(tuple(row) for row in cursor.fetchall()))


def to_csv(answer: Answer) -> str:
    """CSV that no spreadsheet takes for formulas: risky texts begin with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow(
            f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell
            for cell in row
        )
    return out.getvalue()
