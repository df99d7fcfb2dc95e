"""Which certificates can be used now, and which are being made."""

from __future__ import annotations

from engine.incidents import queries as incidents
from engine.kernel import notes
from engine.kernel.reader import Reader


def working(q: Reader, within: notes.Within) -> list[notes.Note]:
    """The certificates that can be used now, and those that their CA is about to sign."""
    where, given = within.where("c")
    rows = q.rows(
        "SELECT c.id, c.serial_hex, c.status, c.agency_id FROM certificate c"  # noqa: S608
        f" WHERE {where} AND c.not_after > ? AND c.status IN ('active', 'requested') ORDER BY c.id",
        (*given, q.now),
    )
    stopped = {one: incidents.stopped(q, one) for one in {row["agency_id"] for row in rows}}
    return [
        notes.Note(
            code="works.certificate" if row["status"] == "active" else "works.request",
            subject=row["id"],
            params={"serial": row["serial_hex"]},
        )
        for row in rows
        if row["status"] == "active" or stopped[row["agency_id"]] is None
    ]
