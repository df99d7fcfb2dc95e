"""What comes due by itself: each stage declares the deadlines that it keeps, beside the rules they follow.

A deadline needs nobody: at its instant a code lapses, a certificate ends, a clock of a review runs out.
What somebody still has to do then is a job (`jobs`), and due for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.kernel.reader import Reader


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """What comes due at an instant (UTC milliseconds): its kind, and the id of what it concerns."""

    at: int
    kind: str
    subject: str


# (reader, after, until) → (instant, what it concerns) of all that comes due after one and up to another.
Between = Callable[[Reader, int, int], Iterable[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A kind of deadline: the text `due.kind.<kind>` names it."""

    kind: str
    between: Between


def of_rows(kind: str, select: str) -> Deadline:
    """The deadlines that are a column: `select` gives it as `at`, and what it concerns as `subject`."""
    sql = (
        f"SELECT at, subject FROM ({select}) AS found WHERE at > ? AND at <= ?"  # noqa: S608
        " ORDER BY at, subject"
    )

    def between(q: Reader, after: int, until: int) -> Iterable[tuple[int, str]]:
        return [(row["at"], str(row["subject"] or "")) for row in q.rows(sql, (after, until))]

    return Deadline(kind, between)
