"""Which codes a certificate confirmed and no browser has taken yet."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader


def working(q: Reader, within: notes.Within) -> list[notes.Note]:
    """The codes that a certificate confirmed and that still open something."""
    where, given = within.where("c")
    rows = q.rows(
        "SELECT t.id, t.purpose FROM ticket t JOIN certificate c ON c.id = t.certificate_id"  # noqa: S608
        f" WHERE {where} AND t.status = 'confirmed' AND t.expires_at > ? ORDER BY t.id",
        (*given, q.now),
    )
    return [
        notes.Note(code="works.ticket", subject=row["id"], params={"purpose": row["purpose"]})
        for row in rows
    ]
