"""The SQL of staff."""

from __future__ import annotations

from engine.kernel import ids
from engine.kernel.reader import Reader
from engine.staffing import model

UNLOGGED = {
    "staff_credential": "password hashes are secrets",
    "staff_session": "sessions are secrets; signing in and out are facts",
}


def by_login(q: Reader, login: str) -> model.Staff | None:
    """The member of staff with this login."""
    return q.first(model.Staff, "SELECT * FROM staff WHERE login = ?", (login,))


def everyone(q: Reader) -> list[model.Staff]:
    """All staff."""
    return q.all(model.Staff, "SELECT * FROM staff ORDER BY login")


def grants(q: Reader, staff_id: str) -> list[model.StaffGrant]:
    """The grants in force."""
    sql = "SELECT * FROM staff_grant WHERE staff_id = ? AND revoked_at IS NULL ORDER BY id"
    return q.all(model.StaffGrant, sql, (staff_id,))


def credential(q: Reader, staff_id: str) -> tuple[bytes, bytes, int, int] | None:
    """Salt, hash, consecutive failures and the instant before which no try is taken."""
    found = q.row("SELECT * FROM staff_credential WHERE staff_id = ?", (staff_id,))
    if found is None:
        return None
    return bytes(found["salt"]), bytes(found["hash"]), found["failures"], found["wait_until"]


def live_session(q: Reader, token: str, idle_ms: int) -> str | None:
    """The staff id of a living session."""
    found = q.row(
        "SELECT staff_id FROM staff_session WHERE token_hash = ? AND ended_at IS NULL"
        " AND expires_at > ? AND last_seen_at > ?",
        (ids.token_hash(token), q.now, q.now - idle_ms),
    )
    return None if found is None else str(found["staff_id"])
