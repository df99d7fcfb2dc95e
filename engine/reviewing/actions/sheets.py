"""Keeping what a reviewer had before them when they said no."""

from __future__ import annotations

from engine.kernel import codec
from engine.kernel.operation import Operation
from engine.reviewing import model, queries


def keep_sheet(
    op: Operation, *, case_id: str, data_subject_id: str, sheet: model.Sheet
) -> model.Sheet:
    """Keep the fields and papers of a rejected case, so that what comes next can be compared (OPS-5).

    What they were read from may change: a contract is revised in place, an enterprise gets another
    name. Composed by `boot`. Emits: case.sheet_kept.
    """
    text = codec.canonical(model.Sheet(fields=sheet.fields, papers=sheet.papers))
    row = {
        "id": case_id,
        "subject_id": data_subject_id,
        "sheet": op.seal(data_subject_id, queries.place_of_sheet(case_id), text),
        "created_at": op.now,
    }
    op.insert("case_sheet", row)
    op.record("case.sheet_kept", case_id)
    return sheet
