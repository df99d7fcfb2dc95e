"""Which files somebody's key opens now."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader


def working(q: Reader, within: notes.Within) -> list[notes.Note]:
    """The files made here that a key of theirs opens now.

    A key whose certificate expired or was superseded still opens what it was used for (domain-rules 4).
    """
    where, given = within.where("c")
    rows = q.rows(
        "SELECT DISTINCT f.id, f.name FROM file_record f JOIN file_recipient r ON r.file_id = f.id"  # noqa: S608
        " JOIN certificate c ON c.id = r.certificate_id"
        f" WHERE {where} AND f.status = 'made' AND (c.status = 'active'"
        " OR (c.status = 'revoked' AND c.revocation_reason = 'superseded')) ORDER BY f.id",
        given,
    )
    return [
        notes.Note(code="works.file", subject=row["id"], params={"name": row["name"]})
        for row in rows
    ]
