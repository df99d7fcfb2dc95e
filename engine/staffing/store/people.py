"""Accounts, grants and links."""

from __future__ import annotations

from engine.kernel import paging
from engine.kernel.reader import Reader
from engine.staffing import model


def by_login(q: Reader, login: str) -> model.Staff | None:
    """The member of staff with this login."""
    return q.first(model.Staff, "SELECT * FROM staff WHERE login = ?", (login,))


def by_id(q: Reader, staff_id: str) -> model.Staff | None:
    """The member of staff with this id."""
    return q.first(model.Staff, "SELECT * FROM staff WHERE id = ?", (staff_id,))


def everyone(q: Reader) -> list[model.Staff]:
    """All staff who are people."""
    return q.all(model.Staff, "SELECT * FROM staff WHERE kind IS NULL ORDER BY login")


def grants(q: Reader, staff_id: str) -> list[model.StaffGrant]:
    """The grants in force."""
    sql = "SELECT * FROM staff_grant WHERE staff_id = ? AND revoked_at IS NULL ORDER BY id"
    return q.all(model.StaffGrant, sql, (staff_id,))


def has_keys(q: Reader, staff_id: str) -> bool:
    """Whether a member of staff has keys of their own already."""
    return q.row("SELECT id FROM data_subject WHERE id = ?", (staff_id,)) is not None


def link(q: Reader, link_id: str) -> str | None:
    """Whose a link to an outside sign-in is, while it holds."""
    found = q.row("SELECT staff_id FROM staff_link WHERE id = ? AND ended_at IS NULL", (link_id,))
    return None if found is None else str(found["staff_id"])


def links(q: Reader, staff_id: str) -> list[tuple[str, str]]:
    """The links of a member of staff that hold: (id, issuer)."""
    found = q.rows(
        "SELECT id, issuer FROM staff_link WHERE staff_id = ? AND ended_at IS NULL ORDER BY id",
        (staff_id,),
    )
    return [(row["id"], row["issuer"]) for row in found]


def has_fact(q: Reader, staff_id: str, kind: str) -> bool:
    """Whether the log has a fact of this kind about a member of staff."""
    found = q.row("SELECT seq FROM event WHERE subject = ? AND kind = ? LIMIT 1", (staff_id, kind))
    return found is not None


def deeds(q: Reader, staff_id: str, window: paging.Window) -> list[tuple[int, int, str, str, str]]:
    """The newest facts about a member of staff: (seq, instant, actor, kind, body)."""
    part, values = paging.clause(window, ("seq",))
    sql = "SELECT seq, occurred_at, actor, kind, body FROM event WHERE subject = ?" + part  # noqa: S608
    found = q.rows(sql, (staff_id, *values))
    return [
        (row["seq"], row["occurred_at"], row["actor"], row["kind"], row["body"]) for row in found
    ]
