"""The SQL of certificates."""

from __future__ import annotations

from engine.issuing import model
from engine.kernel import notes, paging
from engine.kernel.reader import Reader

OWNED = (
    notes.Owned(
        table="certificate",
        columns=(
            "order_id",
            "enterprise_id",
            "device_id",
            "platform_id",
            "agency_id",
            "kind",
            "product",
            "profile",
            "usage",
            "pair_id",
            "key_scheme",
            "status",
            "serial_hex",
            "public_key",
            "der",
            "not_before",
            "not_after",
            "created_at",
            "activated_at",
            "finished_at",
            "revoked_at",
            "revocation_reason",
            "delegated_by",
            "replaces",
            "replaced_by",
            "held_by",
        ),
    ),
    notes.Owned(
        table="key_recovery",
        columns=(
            "certificate_id",
            "device_id",
            "opens_with",
            "status",
            "why",
            "reasons",
            "created_at",
            "decided_at",
        ),
    ),
)


def of_order(q: Reader, order_id: str) -> model.Certificate | None:
    """The signing certificate of an order."""
    sql = "SELECT * FROM certificate WHERE order_id = ? AND usage = 'signing' AND status <> 'abandoned'"
    return q.first(model.Certificate, sql, (order_id,))


def of_account(
    q: Reader, account_id: str, window: paging.Window | None = None
) -> list[model.Certificate]:
    """A person's signing certificates, newest first."""
    part, values = paging.clause(window, ("id",))
    sql = (
        "SELECT * FROM certificate WHERE account_id = ? AND usage = 'signing'"
        " AND status <> 'abandoned'"
    )
    return q.all(model.Certificate, sql + part, (account_id, *values))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Certificate]:
    """An enterprise's signing certificates, newest first."""
    sql = (
        "SELECT * FROM certificate WHERE enterprise_id = ? AND usage = 'signing'"
        " AND status <> 'abandoned'"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Certificate, sql, (enterprise_id,))


def encryption_for(q: Reader, enterprise_id: str) -> list[model.Certificate]:
    """An enterprise's encryption certificates, newest first."""
    sql = (
        "SELECT * FROM certificate WHERE enterprise_id = ? AND usage = 'encryption'"
        " AND status <> 'abandoned' ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Certificate, sql, (enterprise_id,))


def of_pair(q: Reader, pair_id: str) -> list[model.Certificate]:
    """The certificates of a pair, the signing one first."""
    sql = (
        "SELECT * FROM certificate WHERE pair_id = ? AND status <> 'abandoned'"
        " ORDER BY usage DESC, created_at, id"
    )
    return q.all(model.Certificate, sql, (pair_id,))


def delegated_within(q: Reader, certificate_id: str) -> list[model.Certificate]:
    """The signing certificates that members hold within an enterprise's own."""
    sql = (
        "SELECT c.* FROM certificate c JOIN certificate_order o ON o.id = c.order_id"
        " WHERE o.replaces = ? AND o.business = 'delegation' AND c.usage = 'signing'"
        " AND c.status <> 'abandoned' ORDER BY c.created_at, c.id"
    )
    return q.all(model.Certificate, sql, (certificate_id,))


def by_serial_anywhere(q: Reader, serial_hex: str) -> list[model.Certificate]:
    """Certificates with this serial of any agency."""
    sql = "SELECT * FROM certificate WHERE serial_hex = ? ORDER BY id"
    return q.all(model.Certificate, sql, (serial_hex,))


def renewable(q: Reader) -> list[tuple[str, str, int]]:
    """(Certificate, its CA, when it ends) of those that somebody will be able to renew in time."""
    sql = (
        "SELECT id, agency_id, not_after FROM certificate WHERE usage = 'signing' AND status = 'active'"
        " AND product <> 'event' AND delegated_by IS NULL AND replaced_by IS NULL ORDER BY not_after, id"
    )
    return [(row["id"], row["agency_id"], row["not_after"]) for row in q.rows(sql)]
