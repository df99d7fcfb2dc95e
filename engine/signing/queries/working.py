"""Which signatures are under way and can be made now."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader


def working(q: Reader, within: notes.Within) -> list[notes.Note]:
    """The signatures that were asked for and not made, whose certificate and seal can be used now."""
    where, given = within.where("c")
    rows = q.rows(
        "SELECT g.id, g.seal_id, k.number FROM contract_signature g"  # noqa: S608
        " JOIN certificate c ON c.id = g.certificate_id"
        " JOIN seal s ON s.id = g.seal_id JOIN contract k ON k.id = g.contract_id"
        f" WHERE {where} AND g.status IN ('requested', 'prepared') AND c.status = 'active'"
        " AND c.not_after > ? AND s.status = 'active' AND s.valid_to > ? ORDER BY g.id",
        (*given, q.now, q.now),
    )
    return [
        notes.Note(
            code="works.signature",
            subject=row["id"],
            params={"number": row["number"], "seal": row["seal_id"]},
        )
        for row in rows
    ]
