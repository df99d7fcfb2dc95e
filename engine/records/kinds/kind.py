"""What a kind of record is: table, states, how it is found, what belongs to it, what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.kernel.reader import Reader
from engine.kernel.workflow import Workflow
from engine.records import model

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The states of a record, and what the code of each one's label begins with."""

    workflow: Workflow[Any]
    family: str


def nothing(q: Reader, row: Row) -> list[Any]:
    """What a kind answers that has none of it."""
    return []


_SCOPE = ("platform_id", "agency_id")


def _status(q: Reader, row: Row) -> str:
    return str(row["status"])


def _stripped(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of record.

    `columns` and `indexes` (of protected values) find it by exact match, `like` by a part. `around` are
    questions for the other subjects whose events tell of it, `held` for the rows of a table whose
    protected values belong to it, both by the record's id. `linked` are ids of what it leads to, `papers`
    (code, blob id). `status` is the state now, which may depend on the time.
    """

    name: model.KindName
    prefix: str
    table: str
    states: Callable[[Row], Course]
    title: Callable[[Reader, Row], str]
    columns: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    normal: Callable[[str], str] = _stripped
    like: Callable[[Reader, str], list[str]] | None = None
    listed: tuple[str, ...] = ()
    scoped: tuple[str, ...] = ()
    status: Callable[[Reader, Row], str] = _status
    around: tuple[str, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)
    linked: Callable[[Reader, Row], list[str]] = nothing
    papers: Callable[[Reader, Row], list[tuple[str, str]]] = nothing

    def scope(self, row: Row) -> tuple[str | None, str | None]:
        """The platform and the CA or seal agency that a record belongs to."""
        platform, agency = (row[one] if one in self.scoped else None for one in _SCOPE)
        return platform, agency


def one_course(workflow: Workflow[Any], family: str) -> Callable[[Row], Course]:
    """The states of a kind that has one table of transitions for all of its records."""
    course = Course(workflow=workflow, family=family)
    return lambda row: course


def ids(q: Reader, sql: str, *parameters: Any) -> list[str]:
    """The ids that a question answers."""
    return [row["id"] for row in q.rows(sql, parameters)]


def present(*found: str | None) -> list[str]:
    """The ids that are there."""
    return [one for one in found if one]
