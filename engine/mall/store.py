"""The SQL of the mall."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import clock, ids, notes, paging
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import model

# How long a browser stays known that nobody signs in on.
_KNOWN_MS = 180 * clock.DAY

OWNED = (
    notes.Owned(
        table="mall_account",
        columns=("platform_id", "login", "role", "enterprise_id", "status", "created_at"),
    ),
    notes.Owned(
        table="zone_membership",
        columns=("zone_id", "status", "preferred", "created_at", "left_at"),
    ),
)
UNLOGGED = {
    "mall_credential": "password hashes are secrets",
    "mall_session": "sessions are secrets; signing in and out are facts",
}


def is_onboarded_by_name(q: Reader, platform_id: str, name: str) -> bool:
    """Whether an enterprise of this very name has a living account on a platform."""
    sql = (
        "SELECT a.id FROM mall_account a JOIN enterprise e ON e.id = a.enterprise_id"
        " WHERE a.platform_id = ? AND a.status = 'active' AND e.name = ?"
    )
    return q.row(sql, (platform_id, name)) is not None


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


def of_enterprises(q: Reader, enterprise_ids: Sequence[str]) -> list[str]:
    """The ids of the living accounts of these enterprises on any platform."""
    marks = ", ".join("?" for _ in enterprise_ids) or "NULL"
    sql = (
        f"SELECT id FROM mall_account WHERE enterprise_id IN ({marks})"  # noqa: S608
        " AND status = 'active' ORDER BY id"
    )
    return [row["id"] for row in q.rows(sql, tuple(enterprise_ids))]


def living_of_enterprise(q: Reader, enterprise_id: str) -> list[model.MallAccount]:
    """An enterprise's living accounts on any platform."""
    sql = (
        "SELECT * FROM mall_account WHERE enterprise_id = ? AND status = 'active'"
        " ORDER BY created_at, id"
    )
    return q.all(model.MallAccount, sql, (enterprise_id,))


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


def session(q: Reader, token: str) -> tuple[str, str, str] | None:
    """Account, platform and id of a living session."""
    found = q.row(
        "SELECT a.id, a.platform_id, s.id AS session_id FROM mall_session s JOIN mall_account a"
        " ON a.id = s.mall_account_id WHERE s.token_hash = ? AND s.ended_at IS NULL"
        " AND s.expires_at > ? AND a.status = 'active'",
        (ids.token_hash(token), q.now),
    )
    if found is None:
        return None
    return found["id"], found["platform_id"], found["session_id"] or ""


def knows_browser(q: Reader, mall_account_id: str, browser: bytes) -> bool:
    """Whether an account was signed in to, on a browser whose nonce has this hash, within half a year."""
    sql = (
        "SELECT 1 AS x FROM mall_session WHERE mall_account_id = ? AND browser = ?"
        " AND created_at > ?"
    )
    return q.row(sql, (mall_account_id, browser, q.now - _KNOWN_MS)) is not None


def ever_signed_in(q: Reader, mall_account_id: str) -> bool:
    """Whether an account was ever signed in to."""
    sql = "SELECT 1 AS x FROM mall_session WHERE mall_account_id = ?"
    return q.row(sql, (mall_account_id,)) is not None


def signed_in_by(q: Reader, mall_account_id: str, way: str) -> bool:
    """Whether an account ever signed in this way."""
    sql = "SELECT 1 AS x FROM mall_session WHERE mall_account_id = ? AND way = ?"
    return q.row(sql, (mall_account_id, way)) is not None


def orders_of(
    q: Reader, mall_account_id: str, window: paging.Window | None = None
) -> list[model.PurchaseOrder]:
    """The purchase orders of an account, on either side, newest first."""
    part, values = paging.clause(window, ("id",))
    sql = "SELECT * FROM purchase_order WHERE (purchaser_id = ? OR supplier_id = ?)" + part  # noqa: S608
    return q.all(model.PurchaseOrder, sql, (mall_account_id, mall_account_id, *values))


_JOINED = (
    " FROM purchase_order o JOIN mall_account p ON p.id = o.purchaser_id"
    " JOIN mall_account s ON s.id = o.supplier_id JOIN enterprise pe ON pe.id = p.enterprise_id"
    " JOIN enterprise se ON se.id = s.enterprise_id"
)
_ROWS = _JOINED + " WHERE (o.purchaser_id = ? OR o.supplier_id = ?)"
_WITH_NAMES = "SELECT o.*, pe.name AS purchaser, se.name AS supplier"
_LIKE = (
    " AND (o.number LIKE ? ESCAPE '\\' OR o.title LIKE ? ESCAPE '\\' OR o.awardee LIKE ? ESCAPE '\\'"
    " OR pe.name LIKE ? ESCAPE '\\' OR se.name LIKE ? ESCAPE '\\')"
)


def _asked(mall_account_id: str, text: str) -> tuple[str, list[object]]:
    values: list[object] = [mall_account_id, mall_account_id]
    if not text:
        return _ROWS, values
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return _ROWS + _LIKE, values + [f"%{escaped}%"] * 5


def order_rows(
    q: Reader, mall_account_id: str, text: str, *, limit: int, offset: int
) -> list[model.OrderRow]:
    """The purchase orders of an account that hold the text, with both names, newest first."""
    rest, values = _asked(mall_account_id, text)
    sql = _WITH_NAMES + rest + " ORDER BY o.created_at DESC, o.id DESC LIMIT ? OFFSET ?"
    return q.all(model.OrderRow, sql, (*values, limit, offset))


def order_row(q: Reader, purchase_order_id: str) -> model.OrderRow | None:
    """One purchase order, with both names."""
    sql = _WITH_NAMES + _JOINED + " WHERE o.id = ?"
    return q.first(model.OrderRow, sql, (purchase_order_id,))


def order_totals(q: Reader, mall_account_id: str, text: str) -> tuple[int, int]:
    """How many purchase orders hold the text, and what they come to."""
    rest, values = _asked(mall_account_id, text)
    sql = "SELECT COUNT(*) AS n, COALESCE(SUM(o.total_fen), 0) AS total_fen" + rest
    found = q.row(sql, values)
    return (int(found["n"]), int(found["total_fen"])) if found else (0, 0)


def order_count(q: Reader, platform_id: str, prefix: str) -> int:
    """How many purchase orders have numbers that begin like this."""
    sql = "SELECT COUNT(*) AS n FROM purchase_order WHERE platform_id = ? AND number LIKE ?"
    found = q.row(sql, (platform_id, f"{prefix}%"))
    return int(found["n"]) if found else 0


def zones_of(q: Reader, account_id: str) -> list[model.ZoneMembership]:
    """The zones that a person follows, first joined first."""
    sql = (
        "SELECT * FROM zone_membership WHERE account_id = ? AND status = 'joined'"
        " ORDER BY created_at, id"
    )
    return q.all(model.ZoneMembership, sql, (account_id,))


def zone_history(q: Reader, account_id: str) -> list[model.ZoneMembership]:
    """Every zone that a person follows or followed, newest first."""
    sql = "SELECT * FROM zone_membership WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.ZoneMembership, sql, (account_id,))


def opened_by(q: Reader, account_id: str) -> list[model.MallAccount]:
    """The living accounts at platforms that a person opened."""
    sql = "SELECT * FROM mall_account WHERE account_id = ? AND status = 'active' ORDER BY id"
    return q.all(model.MallAccount, sql, (account_id,))


def end_sessions(op: Operation, mall_account_id: str) -> None:
    """Sign every browser of an account out."""
    op.unlogged(
        "UPDATE mall_session SET ended_at = ? WHERE mall_account_id = ? AND ended_at IS NULL",
        (op.now, mall_account_id),
    )


_SESSIONS = (
    "SELECT s.id, s.mall_account_id, a.platform_id, a.login, a.account_id, s.way, s.label, s.network,"
    " s.created_at, s.expires_at FROM mall_session s JOIN mall_account a ON a.id = s.mall_account_id"
    " WHERE s.ended_at IS NULL AND s.expires_at > ? AND s.id IS NOT NULL"
)


def sessions_of(q: Reader, account_id: str) -> list[model.KeptSession]:
    """The living sessions of accounts that a person opened, or that they signed in, newest first."""
    sql = (
        _SESSIONS
        + " AND (a.account_id = ? OR s.scanned_by = ?) ORDER BY s.created_at DESC, s.id DESC"
    )
    return q.all(model.KeptSession, sql, (q.now, account_id, account_id))


def session_of(q: Reader, session_id: str, account_id: str) -> model.KeptSession | None:
    """One of these."""
    sql = _SESSIONS + " AND s.id = ? AND (a.account_id = ? OR s.scanned_by = ?)"
    return q.first(model.KeptSession, sql, (q.now, session_id, account_id, account_id))


def sessions_by(q: Reader, certificate_id: str) -> list[model.KeptSession]:
    """The living sessions that a certificate opened, oldest first."""
    sql = _SESSIONS + " AND s.certificate_id = ? ORDER BY s.created_at, s.id"
    return q.all(model.KeptSession, sql, (q.now, certificate_id))


def end_session(op: Operation, session_id: str) -> None:
    """Sign one browser out."""
    op.unlogged(
        "UPDATE mall_session SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
        (op.now, session_id),
    )
