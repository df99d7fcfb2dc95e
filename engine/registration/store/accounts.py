"""The SQL of accounts, devices, codes and sessions."""

from __future__ import annotations

from engine.kernel import ids
from engine.kernel.reader import Reader
from engine.registration import model

UNLOGGED = {
    "verification_code": "one-time codes are secrets",
    "handset_session": "sessions are secrets; signing in and out are facts",
    "account_credential": "password hashes are secrets; that one was set is a fact",
    "sign_in_failure": "counters; a refusal is a fact",
    "code_hour": "a counter; its alarm is a fact",
    "picture_print": "derived from the pictures that were handed in",
    "picture_band": "derived from the prints of pictures",
    "picture_match": "derived from the prints of pictures",
    "enterprise_name_part": "derived from the names of enterprises, to find them by",
    "one_tap": "holds the hash of a secret; the carrier's answer is a fact",
}


def codes_since(q: Reader, phone_digest: bytes, since: int) -> list[int]:
    """When codes were asked for a number since an instant, newest first."""
    sql = (
        "SELECT created_at FROM verification_code WHERE phone_digest = ? AND created_at > ?"
        " ORDER BY created_at DESC"
    )
    return [row["created_at"] for row in q.rows(sql, (phone_digest, since))]


def session(q: Reader, token: str) -> tuple[str, str, int | None] | None:
    """Account and device of a living handset session, and when it last proved a second factor."""
    found = q.row(
        "SELECT s.account_id, s.device_id, s.second_factor_at FROM handset_session s JOIN account a ON"
        " a.id = s.account_id WHERE s.token_hash = ? AND s.ended_at IS NULL"
        " AND s.expires_at > ? AND a.status = 'active'",
        (ids.token_hash(token), q.now),
    )
    if found is None:
        return None
    return found["account_id"], found["device_id"], found["second_factor_at"]


def device(q: Reader, account_id: str, public_key: bytes) -> model.Device | None:
    """The account's device with this key, a removed one too."""
    sql = "SELECT * FROM device WHERE account_id = ? AND public_key = ?"
    return q.first(model.Device, sql, (account_id, public_key))
