"""The SQL of bindings and of enterprises as platforms have registered them."""

from __future__ import annotations

from engine.binding import model
from engine.kernel import notes
from engine.kernel.reader import Reader

OWNED = (
    notes.Owned(
        table="binding",
        columns=(
            "mall_account_id",
            "certificate_id",
            "enterprise_id",
            "entity_id",
            "moved_from",
            "platform_id",
            "status",
            "created_at",
            "bound_at",
            "ended_at",
        ),
    ),
    notes.Owned(
        table="entity",
        columns=(
            *("platform_id", "enterprise_id", "certificate_id", "kind", "differs"),
            *("status", "reasons", "created_at", "decided_at"),
        ),
    ),
)
INVARIANTS = {
    "a binding joins one enterprise": (
        "SELECT b.id FROM binding b JOIN mall_account m ON m.id = b.mall_account_id"
        " JOIN certificate c ON c.id = b.certificate_id WHERE m.enterprise_id <> b.enterprise_id"
        " OR c.enterprise_id <> b.enterprise_id"
    ),
    "no binding to a revoked certificate": (
        "SELECT b.id FROM binding b JOIN certificate c ON c.id = b.certificate_id"
        " WHERE b.status IN ('bound', 'in_review') AND c.status = 'revoked'"
    ),
    "a binding waits exactly as long as its entity": (
        "SELECT b.id FROM binding b JOIN entity e ON e.id = b.entity_id"
        " WHERE (b.status = 'in_review' AND e.status <> 'in_review')"
        " OR (b.status = 'bound' AND e.status <> 'registered')"
    ),
    "an entity in review has an open case": (
        "SELECT e.id FROM entity e WHERE e.status = 'in_review' AND NOT EXISTS (SELECT 1"
        " FROM review_case c WHERE c.kind = 'entity' AND c.subject_id = e.id"
        " AND c.status IN ('waiting', 'claimed', 'held'))"
    ),
}


def living(q: Reader, mall_account_id: str) -> model.Binding | None:
    """The binding of a mall account that holds or waits."""
    sql = "SELECT * FROM binding WHERE mall_account_id = ? AND status IN ('bound', 'in_review')"
    return q.first(model.Binding, sql, (mall_account_id,))


def newest(q: Reader, mall_account_id: str) -> model.Binding | None:
    """The last binding of a mall account, however it ended."""
    sql = (
        "SELECT * FROM binding WHERE mall_account_id = ? ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    return q.first(model.Binding, sql, (mall_account_id,))


def bound_with(q: Reader, certificate_id: str) -> list[model.Binding]:
    """The bindings that hold by a certificate, oldest first."""
    sql = "SELECT * FROM binding WHERE certificate_id = ? AND status = 'bound' ORDER BY id"
    return q.all(model.Binding, sql, (certificate_id,))


def living_with(q: Reader, certificate_id: str) -> list[model.Binding]:
    """The bindings that hold or wait by a certificate, oldest first."""
    sql = (
        "SELECT * FROM binding WHERE certificate_id = ? AND status IN ('bound', 'in_review')"
        " ORDER BY id"
    )
    return q.all(model.Binding, sql, (certificate_id,))


def waiting_for(q: Reader, entity_id: str) -> list[model.Binding]:
    """The bindings that wait for an entity's registration."""
    sql = "SELECT * FROM binding WHERE entity_id = ? AND status = 'in_review' ORDER BY id"
    return q.all(model.Binding, sql, (entity_id,))


def bound_at_platform(q: Reader, enterprise_id: str, platform_id: str) -> list[model.Binding]:
    """The bindings of an enterprise that hold at a platform, oldest first."""
    sql = (
        "SELECT * FROM binding WHERE enterprise_id = ? AND platform_id = ? AND status = 'bound'"
        " ORDER BY id"
    )
    return q.all(model.Binding, sql, (enterprise_id, platform_id))


def bound_by(q: Reader, account_id: str, platform_id: str) -> list[model.Binding]:
    """The bindings of a person that hold at a platform."""
    sql = (
        "SELECT * FROM binding WHERE account_id = ? AND platform_id = ? AND status = 'bound'"
        " ORDER BY id"
    )
    return q.all(model.Binding, sql, (account_id, platform_id))


def opened_by_delegates(q: Reader, account_id: str, platform_id: str) -> list[model.Binding]:
    """The bindings at a platform that a person opens by what is delegated to them, or by a one-time one."""
    sql = (
        "SELECT b.* FROM binding b WHERE b.platform_id = ? AND b.status = 'bound'"
        " AND b.enterprise_id IN (SELECT c.enterprise_id FROM certificate c WHERE c.account_id = ?"
        " AND (c.delegated_by IS NOT NULL OR c.product = 'event') AND c.status = 'active')"
        " ORDER BY b.id"
    )
    return q.all(model.Binding, sql, (platform_id, account_id))


def of_person(q: Reader, account_id: str) -> list[model.Binding]:
    """The bindings of a person that hold or wait, and rejected ones, newest first."""
    sql = (
        "SELECT * FROM binding WHERE account_id = ? AND status <> 'unbound'"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Binding, sql, (account_id,))


def living_entity(q: Reader, platform_id: str, enterprise_id: str) -> model.Entity | None:
    """An enterprise as a platform has it, registered or in review."""
    sql = (
        "SELECT * FROM entity WHERE platform_id = ? AND enterprise_id = ?"
        " AND status IN ('in_review', 'registered')"
    )
    return q.first(model.Entity, sql, (platform_id, enterprise_id))


def entities(q: Reader, platform_id: str, enterprise_id: str) -> list[model.Entity]:
    """Every registration of an enterprise that a platform was asked for, newest first."""
    sql = (
        "SELECT * FROM entity WHERE platform_id = ? AND enterprise_id = ?"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Entity, sql, (platform_id, enterprise_id))
