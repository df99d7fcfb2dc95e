"""Passwords, second factors and recovery codes."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.operation import Operation
from engine.kernel.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A password's hash, its consecutive failures, and the instant before which no try is taken."""

    salt: bytes
    hash: bytes
    failures: int
    wait_until: int
    must_change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totp:
    """A second factor: its sealed secret, the newest step used, one being set up, and its failures."""

    staff_id: str
    secret: bytes | None
    confirmed_at: int | None
    last_step: int
    pending: bytes | None
    failures: int
    wait_until: int


def credential(q: Reader, staff_id: str) -> Credential | None:
    """The password of a member of staff."""
    sql = (
        "SELECT salt, hash, failures, wait_until, must_change FROM staff_credential"
        " WHERE staff_id = ?"
    )
    return q.first(Credential, sql, (staff_id,))


def set_password(
    op: Operation, staff_id: str, salt: bytes, stretched: bytes, *, must_change: bool
) -> None:
    """Put a password in the place of the one before; its failures are forgotten."""
    op.unlogged("DELETE FROM staff_credential WHERE staff_id = ?", (staff_id,))
    op.unlogged(
        "INSERT INTO staff_credential (staff_id, salt, hash, must_change) VALUES (?, ?, ?, ?)",
        (staff_id, salt, stretched, int(must_change)),
    )


def note_password_tries(op: Operation, staff_id: str, failures: int, wait_until: int) -> None:
    """How often the password was wrong, and until when no try is taken."""
    op.unlogged(
        "UPDATE staff_credential SET failures = ?, wait_until = ? WHERE staff_id = ?",
        (failures, wait_until, staff_id),
    )


def totp(q: Reader, staff_id: str) -> Totp | None:
    """The second factor of a member of staff, set up or being set up."""
    return q.first(Totp, "SELECT * FROM staff_totp WHERE staff_id = ?", (staff_id,))


def begin_totp(op: Operation, staff_id: str, sealed: bytes) -> None:
    """Keep a secret that waits for its first code; the one in use stays in use."""
    if totp(op, staff_id) is None:
        op.unlogged("INSERT INTO staff_totp (staff_id) VALUES (?)", (staff_id,))
    op.unlogged("UPDATE staff_totp SET pending = ? WHERE staff_id = ?", (sealed, staff_id))


def confirm_totp(op: Operation, staff_id: str, sealed: bytes, step: int) -> None:
    """Put a confirmed secret in the place of the one before."""
    op.unlogged(
        "UPDATE staff_totp SET secret = ?, confirmed_at = ?, last_step = ?, pending = NULL,"
        " failures = 0, wait_until = 0 WHERE staff_id = ?",
        (sealed, op.now, step, staff_id),
    )


def note_code(op: Operation, staff_id: str, failures: int, wait_until: int) -> None:
    """How often codes were wrong, and until when none is taken."""
    op.unlogged(
        "UPDATE staff_totp SET failures = ?, wait_until = ? WHERE staff_id = ?",
        (failures, wait_until, staff_id),
    )


def use_step(op: Operation, staff_id: str, step: int) -> None:
    """A code was right: neither it nor an older one is taken again."""
    op.unlogged(
        "UPDATE staff_totp SET last_step = ?, failures = 0, wait_until = 0 WHERE staff_id = ?",
        (step, staff_id),
    )


def forget_totp(op: Operation, staff_id: str) -> None:
    """Take the second factor and its recovery codes away."""
    op.unlogged("DELETE FROM staff_totp WHERE staff_id = ?", (staff_id,))
    op.unlogged("DELETE FROM staff_recovery_code WHERE staff_id = ?", (staff_id,))


def renew_recovery(op: Operation, staff_id: str, digests: tuple[bytes, ...]) -> None:
    """Put new recovery codes in the place of the ones before."""
    op.unlogged("DELETE FROM staff_recovery_code WHERE staff_id = ?", (staff_id,))
    for digest in digests:
        op.unlogged(
            "INSERT INTO staff_recovery_code (hash, staff_id) VALUES (?, ?)", (digest, staff_id)
        )


def use_recovery(op: Operation, staff_id: str, digest: bytes) -> bool:
    """Use a recovery code up; whether there was such an unused one."""
    return (
        op.unlogged(
            "UPDATE staff_recovery_code SET used_at = ? WHERE hash = ? AND staff_id = ?"
            " AND used_at IS NULL",
            (op.now, digest, staff_id),
        )
        == 1
    )


def recovery_left(q: Reader, staff_id: str) -> int:
    """How many recovery codes are unused."""
    found = q.row(
        "SELECT COUNT(*) AS n FROM staff_recovery_code WHERE staff_id = ? AND used_at IS NULL",
        (staff_id,),
    )
    return int(found["n"]) if found else 0


def clock_shift(q: Reader) -> int:
    """How far the clock of a demo world was moved on, in milliseconds."""
    if q.parts.kind != "demo":
        return 0
    found = q.row("SELECT shift_ms FROM clock_shift WHERE id = 'clock'")
    return int(found["shift_ms"]) if found else 0
