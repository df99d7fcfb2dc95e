"""The SQL of enterprises, claims and members."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.registration import model


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
