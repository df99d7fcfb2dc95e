"""Whose a file is: the literal table of what holds a blob, and who may therefore see it.

Staff see a file through a right that covers its holder's platform and agency; a person sees the papers
they handed in and those of enterprises they belong to; a mall account sees the documents of contracts
it is a party to. A file that nothing holds is nobody's.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.kernel import actors, errors
from engine.kernel.reader import Reader
from engine.staffing import queries as staffing
from engine.staffing.model import Right

# What holds a blob → platform and agency of the holder, for the scope of a grant.
HELD_BY: tuple[str, ...] = (
    "SELECT NULL AS platform_id, NULL AS agency_id FROM enterprise_claim"
    " WHERE papers LIKE '%' || ? || '%'",
    "SELECT NULL AS platform_id, NULL AS agency_id FROM enterprise_change"
    " WHERE papers LIKE '%' || ? || '%'",
    "SELECT platform_id, agency_id FROM certificate_order WHERE papers LIKE '%' || ? || '%'",
    "SELECT NULL AS platform_id, agency_id FROM seal_application"
    " WHERE ? IN (form_blob_id, before_blob_id, impression_blob_id)",
    "SELECT NULL AS platform_id, agency_id FROM seal WHERE ? IN (svg_blob_id, png_blob_id)",
    "SELECT c.platform_id, c.agency_id FROM contract_version v"
    " JOIN contract c ON c.id = v.contract_id WHERE v.blob_id = ?",
    "SELECT c.platform_id, c.agency_id FROM contract_attachment a"
    " JOIN contract c ON c.id = a.contract_id WHERE a.blob_id = ?",
    "SELECT platform_id, agency_id FROM invoice WHERE blob_id = ?",
)
# An enterprise's files belong to every living member, the papers of its claim and changes (ID cards among
# them) to its administrators; a person's own to that person alone.
OF_PERSON: tuple[str, ...] = (
    "SELECT 1 AS x FROM blob b JOIN account a ON a.subject_id = b.subject_id"
    " WHERE b.id = ? AND a.id = ?",
    "SELECT 1 AS x FROM blob b JOIN enterprise_claim c ON c.subject_id = b.subject_id"
    " WHERE b.id = ? AND c.account_id = ?",
    "SELECT 1 AS x FROM blob b JOIN enterprise e ON e.subject_id = b.subject_id"
    " JOIN membership m ON m.enterprise_id = e.id"
    " WHERE b.id = ? AND m.account_id = ? AND m.status = 'active' AND (m.role = 'administrator'"
    " OR NOT EXISTS (SELECT 1 FROM enterprise_claim c WHERE c.enterprise_id = e.id"
    " AND c.papers LIKE '%' || b.id || '%') AND NOT EXISTS (SELECT 1 FROM enterprise_change h"
    " WHERE h.enterprise_id = e.id AND h.papers LIKE '%' || b.id || '%'))",
)
OF_MALL: tuple[str, ...] = (
    "SELECT 1 AS x FROM contract_version v JOIN contract_party y ON y.contract_id = v.contract_id"
    " WHERE v.blob_id = ? AND y.mall_account_id = ?",
    "SELECT 1 AS x FROM contract_attachment a JOIN contract_party y ON y.contract_id = a.contract_id"
    " WHERE a.blob_id = ? AND y.mall_account_id = ?",
    "SELECT 1 AS x FROM seal s JOIN mall_account m ON m.enterprise_id = s.enterprise_id"
    " WHERE ? IN (s.svg_blob_id, s.png_blob_id) AND m.id = ?",
)


def _staff_may(q: Reader, blob_id: str) -> bool:
    return any(
        staffing.has(
            q.actor, Right.LOOK_UP, platform_id=row["platform_id"], agency_id=row["agency_id"]
        )
        for sql in HELD_BY
        for row in q.rows(sql, (blob_id,))
    )


def _person_may(q: Reader, blob_id: str) -> bool:
    assert isinstance(q.actor, actors.Person)
    return any(q.rows(sql, (blob_id, q.actor.account_id)) for sql in OF_PERSON)


def _mall_may(q: Reader, blob_id: str) -> bool:
    assert isinstance(q.actor, actors.MallAccount)
    return any(q.rows(sql, (blob_id, q.actor.mall_account_id)) for sql in OF_MALL)


MAY_SEE: dict[type, Callable[[Reader, str], bool]] = {
    actors.Staff: _staff_may,
    actors.Person: _person_may,
    actors.MallAccount: _mall_may,
}


def file(q: Reader, *, blob_id: str) -> tuple[bytes, str]:
    """A file's content and media type, for those who may see it.

    Raises: NotFound for everybody else too, so that ids cannot be tried out.
    """
    row = q.row("SELECT media_type FROM blob WHERE id = ?", (blob_id,))
    may = MAY_SEE.get(type(q.actor))
    if row is None or may is None or not may(q, blob_id):
        raise errors.NotFound(what="file")
    return q.blob(blob_id), str(row["media_type"])
