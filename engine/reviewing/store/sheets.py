"""The SQL of sheets as they were when a case was rejected, and of what a new case corrects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.kernel.reader import Reader
from engine.reviewing.model import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSheet:
    """A sheet as its reviewer had it; `id` is the case's. Sealed under `subject_id`."""

    id: str
    subject_id: str
    sheet: bytes
    created_at: int


def kept_sheet(q: Reader, case_id: str) -> KeptSheet | None:
    """The sheet of a rejected case."""
    return q.first(KeptSheet, "SELECT * FROM case_sheet WHERE id = ?", (case_id,))


def newest_decided(q: Reader, subject_ids: Sequence[str]) -> Case | None:
    """The case about any of these subjects that was decided last, samples aside.

    Of several decided in one instant a rejection is the last: nothing of the subject is approved after it.
    """
    if not subject_ids:
        return None
    marks = ", ".join("?" for _ in subject_ids)
    sql = (
        f"SELECT * FROM review_case WHERE subject_id IN ({marks})"  # noqa: S608
        " AND decided_at IS NOT NULL AND sample_of IS NULL"
        " ORDER BY decided_at DESC, CASE WHEN status = 'rejected' THEN 0 ELSE 1 END, id DESC"
        " LIMIT 1"
    )
    return q.first(Case, sql, tuple(subject_ids))
