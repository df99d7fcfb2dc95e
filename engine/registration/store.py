"""The SQL of people and enterprises."""

from __future__ import annotations

from engine.kernel import ids
from engine.kernel.reader import Reader
from engine.registration import model

UNLOGGED = {
    "verification_code": "one-time codes are secrets",
    "handset_session": "sessions are secrets; signing in and out are facts",
}


def codes_since(q: Reader, phone_digest: bytes, since: int) -> list[int]:
    """When codes were asked for a number since an instant, newest first."""
    sql = (
        "SELECT created_at FROM verification_code WHERE phone_digest = ? AND created_at > ?"
        " ORDER BY created_at DESC"
    )
    return [row["created_at"] for row in q.rows(sql, (phone_digest, since))]


def session(q: Reader, token: str) -> tuple[str, str] | None:
    """Account and device of a living handset session."""
    found = q.row(
        "SELECT s.account_id, s.device_id FROM handset_session s JOIN account a ON"
        " a.id = s.account_id WHERE s.token_hash = ? AND s.ended_at IS NULL"
        " AND s.expires_at > ? AND a.status = 'active'",
        (ids.token_hash(token), q.now),
    )
    return None if found is None else (found["account_id"], found["device_id"])


def device(q: Reader, account_id: str, public_key: bytes) -> model.Device | None:
    """The account's device with this key."""
    sql = "SELECT * FROM device WHERE account_id = ? AND public_key = ?"
    return q.first(model.Device, sql, (account_id, public_key))


def open_proof(q: Reader, account_id: str) -> model.Proof | None:
    """The proof that a provider has not answered yet."""
    sql = "SELECT * FROM real_name_proof WHERE account_id = ? AND status = 'requested'"
    return q.first(model.Proof, sql, (account_id,))


def newest_proof(q: Reader, account_id: str) -> model.Proof | None:
    """The newest proof."""
    sql = (
        "SELECT * FROM real_name_proof WHERE account_id = ?"
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    return q.first(model.Proof, sql, (account_id,))


def enterprise_by_uscc(q: Reader, uscc: str) -> model.Enterprise | None:
    """The enterprise with this credit code."""
    return q.first(model.Enterprise, "SELECT * FROM enterprise WHERE uscc = ?", (uscc,))


def enterprises_like(q: Reader, text: str, limit: int) -> list[model.Enterprise]:
    """Enterprises whose name holds the text or whose code begins with it."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    sql = (
        "SELECT * FROM enterprise WHERE name LIKE ? ESCAPE '\\' OR uscc LIKE ? ESCAPE '\\'"
        " ORDER BY name, id LIMIT ?"
    )
    return q.all(model.Enterprise, sql, (f"%{escaped}%", f"{escaped.upper()}%", limit))


def claims_of(q: Reader, account_id: str) -> list[model.Claim]:
    """A person's claims, newest first."""
    sql = "SELECT * FROM enterprise_claim WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.Claim, sql, (account_id,))


def newest_rejected_claim(q: Reader, account_id: str, uscc: str) -> model.Claim | None:
    """The claim that a new one answers."""
    sql = (
        "SELECT * FROM enterprise_claim WHERE account_id = ? AND uscc = ?"
        " AND status = 'rejected' ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    return q.first(model.Claim, sql, (account_id, uscc))


def membership(q: Reader, enterprise_id: str, account_id: str) -> model.Membership | None:
    """A person's living membership."""
    sql = (
        "SELECT * FROM membership WHERE enterprise_id = ? AND account_id = ? AND status = 'active'"
    )
    return q.first(model.Membership, sql, (enterprise_id, account_id))


def enterprises_of(q: Reader, account_id: str) -> list[model.Enterprise]:
    """The enterprises a person is a member of."""
    sql = (
        "SELECT e.* FROM enterprise e JOIN membership m ON m.enterprise_id = e.id"
        " WHERE m.account_id = ? AND m.status = 'active' ORDER BY e.created_at, e.id"
    )
    return q.all(model.Enterprise, sql, (account_id,))


def administrators(q: Reader, enterprise_id: str) -> list[str]:
    """Account ids of an enterprise's administrators."""
    sql = (
        "SELECT account_id FROM membership WHERE enterprise_id = ? AND role = 'administrator'"
        " AND status = 'active' ORDER BY created_at, id"
    )
    return [row["account_id"] for row in q.rows(sql, (enterprise_id,))]
