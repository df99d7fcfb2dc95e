"""The SQL of passwords, failures, limits, one-tap, devices and recoveries."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import database, ids
from engine.kernel.reader import Reader
from engine.registration import model


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Consecutive failures of a number, over all its codes and passwords."""

    codes: int = 0
    passwords: int = 0
    last_at: int = 0
    wait_until: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.codes + self.passwords


def failures(q: Reader, phone_digest: bytes) -> Failures:
    """The consecutive failures of a number, which need not have an account."""
    sql = "SELECT codes, passwords, last_at, wait_until FROM sign_in_failure WHERE phone_digest = ?"
    return q.first(Failures, sql, (phone_digest,)) or Failures()


def password_of(q: Reader, account_id: str) -> tuple[bytes, bytes] | None:
    """Salt and hash of an account's password, if it has one."""
    found = q.row("SELECT salt, hash FROM account_credential WHERE account_id = ?", (account_id,))
    return None if found is None else (bytes(found["salt"]), bytes(found["hash"]))


def account_with_phone(q: Reader, number: str) -> model.Account | None:
    """The account of a phone number."""
    known = q.find("account.phone", number)
    return q.get(model.Account, "account", known[0]) if known else None


def account_with_resident_id(q: Reader, number: str) -> model.Account | None:
    """The account of a proven person."""
    known = q.find("account.resident_id", number)
    return q.get(model.Account, "account", known[0]) if known else None


def sent_in_hour(q: Reader, hour: int) -> int:
    """How many codes everybody together asked for in an hour."""
    found = q.row("SELECT sent FROM code_hour WHERE hour = ?", (hour,))
    return int(found["sent"]) if found else 0


def one_tap(q: Reader, request_id: str) -> model.OneTap | None:
    """A one-tap sign-in."""
    return q.first(model.OneTap, "SELECT * FROM one_tap WHERE id = ?", (request_id,))


def device_of(q: Reader, account_id: str, device_id: str) -> model.Device | None:
    """A device of the account that was not removed."""
    sql = "SELECT * FROM device WHERE id = ? AND account_id = ? AND removed_at IS NULL"
    return q.first(model.Device, sql, (device_id, account_id))


def devices_of(q: Reader, account_id: str) -> list[database.Row]:
    """The account's devices that were not removed, with when each was last seen; newest first."""
    return q.rows(
        "SELECT d.id, d.label, d.created_at, (SELECT MAX(s.last_seen_at) FROM handset_session s"
        " WHERE s.account_id = d.account_id AND s.device_id = d.id) AS last_seen_at"
        " FROM device d WHERE d.account_id = ? AND d.removed_at IS NULL"
        " ORDER BY d.created_at DESC, d.id DESC",
        (account_id,),
    )


def sessions_of(q: Reader, account_id: str) -> list[database.Row]:
    """The account's living sessions, newest first."""
    return q.rows(
        "SELECT s.id, s.device_id, d.label, s.way, s.created_at, s.last_seen_at"
        " FROM handset_session s JOIN device d ON d.id = s.device_id"
        " WHERE s.account_id = ? AND s.ended_at IS NULL AND s.expires_at > ? AND s.id IS NOT NULL"
        " ORDER BY s.created_at DESC, s.id DESC",
        (account_id, q.now),
    )


def sign_ins_of(q: Reader, account_id: str, limit: int) -> list[database.Row]:
    """The account's newest sign-ins, ended ones too."""
    return q.rows(
        "SELECT s.created_at, s.way, d.label FROM handset_session s"
        " JOIN device d ON d.id = s.device_id WHERE s.account_id = ?"
        " ORDER BY s.created_at DESC, s.id DESC LIMIT ?",
        (account_id, limit),
    )


def last_seen(q: Reader, token: str) -> int | None:
    """When a living session was last noted as used."""
    found = q.row(
        "SELECT COALESCE(last_seen_at, created_at) AS seen FROM handset_session"
        " WHERE token_hash = ? AND ended_at IS NULL AND expires_at > ?",
        (ids.token_hash(token), q.now),
    )
    return None if found is None else int(found["seen"])


def recovery(q: Reader, proof_id: str) -> model.Recovery | None:
    """What a proof was begun for by somebody who is not signed in."""
    return q.first(model.Recovery, "SELECT * FROM recovery WHERE proof_id = ?", (proof_id,))
