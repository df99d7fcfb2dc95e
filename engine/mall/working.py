"""Which browsers are signed in by a certificate now."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader


def working(q: Reader, within: notes.Within) -> list[notes.Note]:
    """The browsers that a certificate signed in and that are still signed in."""
    where, given = within.where("c")
    rows = q.rows(
        "SELECT s.id, m.login FROM mall_session s JOIN certificate c ON c.id = s.certificate_id"  # noqa: S608
        " JOIN mall_account m ON m.id = s.mall_account_id"
        f" WHERE {where} AND s.ended_at IS NULL AND s.expires_at > ? ORDER BY s.id",
        (*given, q.now),
    )
    return [
        notes.Note(code="works.session", subject=row["id"], params={"login": row["login"]})
        for row in rows
    ]
