"""A question in SQL of one's own, asked of a published copy in a process that can do nothing else.

Three walls stand one behind the other (`security.md` 3.7): the question is parsed, and only one that reads
the copy's own tables goes on; DuckDB is locked (no file, no network, no extension, no setting); and the
process may open no further file or socket, and ends when its time or its memory is used up.
"""

from __future__ import annotations

import datetime
import json
import time
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.kernel import catalog, errors, turns
from engine.reports.catalog import Answer
from engine.uploads import sandbox

LONGEST = 20_000
# One is answered while another is read; more would fill the machine's memory.
_TURNS = turns.Turns(2, patience_s=5)
_CHILD = sandbox.Sandbox(
    "engine.reports.own_sql_child",
    sandbox.Limits(
        # DuckDB's own limit is below it; this one also holds what DuckDB does not count.
        memory_bytes=4 * 1024 * 1024 * 1024,
        cpu_seconds=120,
        # Nothing is written, not even what does not fit into memory.
        file_bytes=0,
        wall_seconds=62,
    ),
)


class NotOneQuestion(errors.InvalidInput):
    """Ask one question at a time: one SELECT (or WITH, FROM, SHOW, DESCRIBE, SUMMARIZE), which only reads. Of a PIVOT, name the values with IN."""  # noqa: E501


class NotInTheCopy(errors.InvalidInput):
    """“{name}” is not part of the copy. Ask its own tables, which stand beside the question."""


class NotUnderstood(errors.InvalidInput):
    """The question was not understood: {detail}"""


class TookTooLong(errors.PolicyRefused):
    """The question took longer than {seconds} seconds and was stopped. Narrow it."""


class TookTooMuch(errors.PolicyRefused):
    """The question needed more than {memory_mb} MB and was stopped. Narrow it."""


class AnswerTooLarge(errors.PolicyRefused):
    """The answer is larger than {megabytes} MB. Ask for fewer columns, or for shorter texts."""


_REFUSALS: dict[str, type[errors.EngineError]] = {
    kind.__name__: kind
    for kind in (
        NotOneQuestion,
        NotInTheCopy,
        NotUnderstood,
        TookTooLong,
        TookTooMuch,
        AnswerTooLarge,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one question may take."""

    seconds: int = 10
    memory_mb: int = 512
    rows: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer, whether there would have been more rows, and how long it took."""

    answer: Answer
    more: bool
    took_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the copy."""

    name: str
    type: str


class Example(catalog.Declared):
    """A question to begin with."""

    name: catalog.Text
    sql: str


class Examples(catalog.Declared):
    """The questions to begin with."""

    example: tuple[Example, ...]


def examples() -> tuple[Example, ...]:
    """Questions that show what the copy holds."""
    return catalog.load(catalog.DATA / "reports" / "examples.toml", Examples).example


def ask(path: Path, sql: str, allowance: Allowance) -> Told:
    """The answer of a published copy to a question of somebody's own.

    Raises: NotOneQuestion, NotInTheCopy, NotUnderstood, TookTooLong, TookTooMuch, AnswerTooLarge, TooBusy.
    """
    if not sql.strip() or len(sql) > LONGEST:
        raise NotOneQuestion(field="sql")
    begun = time.monotonic()
    with _TURNS.one():
        try:
            told, content = _CHILD.run(
                {"path": str(path), "sql": sql, "allowance": asdict(allowance)}, b""
            )
        except sandbox.Killed:
            if time.monotonic() - begun >= allowance.seconds:
                raise TookTooLong(seconds=allowance.seconds) from None
            raise TookTooMuch(memory_mb=allowance.memory_mb) from None
    if "refused" in told:
        raise _REFUSALS[told["refused"]](**told["params"])
    types = told["types"]
    rows = tuple(
        tuple(_back(value, kind) for value, kind in zip(row, types, strict=True))
        for row in json.loads(content)
    )
    return Told(
        answer=Answer(columns=tuple(told["columns"]), rows=rows),
        more=told["more"],
        took_ms=round((time.monotonic() - begun) * 1000),
    )


def _back(value: Any, kind: str) -> Any:
    """A value as it was before it travelled as JSON."""
    if not isinstance(value, str):
        return value
    if kind.startswith("DECIMAL"):
        return Decimal(value)
    if kind == "DATE":
        return datetime.date.fromisoformat(value)
    if kind in ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"):
        return datetime.datetime.fromisoformat(value)
    return value


def tables(copy: Any) -> dict[str, tuple[Column, ...]]:
    """The copy's tables and their columns, as they stand beside the question."""
    rows = copy.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE NOT internal ORDER BY table_name, column_index"
    ).fetchall()
    found: dict[str, list[Column]] = {}
    for table, name, kind in rows:
        found.setdefault(table, []).append(Column(name=name, type=kind))
    return {table: tuple(columns) for table, columns in found.items()}
