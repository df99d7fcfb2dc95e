"""Which bindings let somebody sign in now, or wait to."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader


def working(q: Reader, within: notes.Within) -> list[notes.Note]:
    """The bindings that hold or wait for review, with a certificate that can be used now."""
    where, given = within.where("c")
    rows = q.rows(
        "SELECT b.id, b.status, m.login FROM binding b JOIN certificate c ON c.id = b.certificate_id"  # noqa: S608
        " JOIN mall_account m ON m.id = b.mall_account_id"
        f" WHERE {where} AND c.status = 'active' AND c.not_after > ?"
        " AND b.status IN ('bound', 'in_review') ORDER BY b.id",
        (*given, q.now),
    )
    return [
        notes.Note(
            code="works.binding" if row["status"] == "bound" else "works.binding_review",
            subject=row["id"],
            params={"login": row["login"]},
        )
        for row in rows
    ]
