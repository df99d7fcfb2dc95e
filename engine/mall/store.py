"""The SQL of the mall."""

from __future__ import annotations

from engine.kernel import ids
from engine.kernel.reader import Reader
from engine.mall import model

UNLOGGED = {
    "mall_credential": "password hashes are secrets",
    "mall_session": "sessions are secrets; signing in and out are facts",
}


def by_login(q: Reader, platform_id: str, login: str) -> model.MallAccount | None:
    """The account with this login on a platform."""
    sql = "SELECT * FROM mall_account WHERE platform_id = ? AND login = ?"
    return q.first(model.MallAccount, sql, (platform_id, login))


def of_enterprise(q: Reader, platform_id: str, enterprise_id: str) -> list[model.MallAccount]:
    """An enterprise's living accounts on a platform."""
    sql = (
        "SELECT * FROM mall_account WHERE platform_id = ? AND enterprise_id = ?"
        " AND status = 'active' ORDER BY created_at, id"
    )
    return q.all(model.MallAccount, sql, (platform_id, enterprise_id))


def of_platform(q: Reader, platform_id: str, role: str) -> list[model.MallAccount]:
    """The living accounts of one role on a platform."""
    sql = (
        "SELECT * FROM mall_account WHERE platform_id = ? AND role = ? AND status = 'active'"
        " ORDER BY created_at, id"
    )
    return q.all(model.MallAccount, sql, (platform_id, role))


def credential(q: Reader, mall_account_id: str) -> tuple[bytes, bytes, int, int] | None:
    """Salt, hash, consecutive failures and the instant before which no try is taken."""
    sql = "SELECT * FROM mall_credential WHERE mall_account_id = ?"
    found = q.row(sql, (mall_account_id,))
    if found is None:
        return None
    return bytes(found["salt"]), bytes(found["hash"]), found["failures"], found["wait_until"]


def session(q: Reader, token: str) -> tuple[str, str] | None:
    """Account and platform of a living session."""
    found = q.row(
        "SELECT a.id, a.platform_id FROM mall_session s JOIN mall_account a"
        " ON a.id = s.mall_account_id WHERE s.token_hash = ? AND s.ended_at IS NULL"
        " AND s.expires_at > ? AND a.status = 'active'",
        (ids.token_hash(token), q.now),
    )
    return None if found is None else (found["id"], found["platform_id"])


def orders_of(q: Reader, mall_account_id: str) -> list[model.PurchaseOrder]:
    """The purchase orders of an account, on either side, newest first."""
    sql = (
        "SELECT * FROM purchase_order WHERE purchaser_id = ? OR supplier_id = ?"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.PurchaseOrder, sql, (mall_account_id, mall_account_id))


def order_count(q: Reader, platform_id: str, prefix: str) -> int:
    """How many purchase orders have numbers that begin like this."""
    sql = "SELECT COUNT(*) AS n FROM purchase_order WHERE platform_id = ? AND number LIKE ?"
    found = q.row(sql, (platform_id, f"{prefix}%"))
    return int(found["n"]) if found else 0
