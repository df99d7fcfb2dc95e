"""Sessions, and sign-ins on their way to one."""

from __future__ import annotations

from engine.kernel import ids
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.staffing import model

_COLUMNS = (
    "id, staff_id, step, way, network, browser, second_factor_at, created_at, last_seen_at,"
    " expires_at"
)
_LIVING = "ended_at IS NULL AND expires_at > ? AND last_seen_at > ?"


def open_session(op: Operation, token: str, session: model.Session) -> None:
    """Keep a new session under its token's hash."""
    op.unlogged(
        f"INSERT INTO staff_session (token_hash, {_COLUMNS})"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ids.token_hash(token),
            session.id,
            session.staff_id,
            session.step,
            session.way,
            session.network,
            session.browser,
            session.second_factor_at,
            session.created_at,
            session.last_seen_at,
            session.expires_at,
        ),
    )


def living(q: Reader, token: str, idle_ms: int) -> model.Session | None:
    """The session of a token, whole or still lacking a step, while it lives."""
    sql = f"SELECT {_COLUMNS} FROM staff_session WHERE token_hash = ? AND {_LIVING}"  # noqa: S608
    return q.first(model.Session, sql, (ids.token_hash(token), q.now, q.now - idle_ms))


def of_staff(q: Reader, staff_id: str, idle_ms: int) -> list[model.Session]:
    """The living sessions of a member of staff, newest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM staff_session WHERE staff_id = ? AND step = '' AND {_LIVING}"  # noqa: S608
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Session, sql, (staff_id, q.now, q.now - idle_ms))


def by_id(q: Reader, session_id: str) -> model.Session | None:
    """A session that was not ended."""
    sql = f"SELECT {_COLUMNS} FROM staff_session WHERE id = ? AND ended_at IS NULL"  # noqa: S608
    return q.first(model.Session, sql, (session_id,))


def keep_alive(op: Operation, token: str) -> None:
    """Note that a session is in use."""
    op.unlogged(
        "UPDATE staff_session SET last_seen_at = ? WHERE token_hash = ? AND ended_at IS NULL",
        (op.now, ids.token_hash(token)),
    )


def move_along(op: Operation, session_id: str, by_ms: int) -> None:
    """Have a session last as much longer as the clock is moved: no time has passed for who moves it."""
    op.unlogged(
        "UPDATE staff_session SET last_seen_at = last_seen_at + ?, expires_at = expires_at + ?"
        " WHERE id = ? AND ended_at IS NULL",
        (by_ms, by_ms, session_id),
    )


def prove(op: Operation, session_id: str) -> None:
    """Note that a session has proved a second factor just now."""
    op.unlogged(
        "UPDATE staff_session SET second_factor_at = ? WHERE id = ? AND ended_at IS NULL",
        (op.now, session_id),
    )


def end(op: Operation, session_id: str) -> None:
    """End one session."""
    op.unlogged("UPDATE staff_session SET ended_at = ? WHERE id = ?", (op.now, session_id))


def end_all(op: Operation, staff_id: str, *, but: str = "") -> int:
    """End every session of a member of staff but one; how many."""
    return op.unlogged(
        "UPDATE staff_session SET ended_at = ? WHERE staff_id = ? AND id != ? AND ended_at IS NULL",
        (op.now, staff_id, but),
    )
