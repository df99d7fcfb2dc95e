"""Webhook endpoints, their health and their signing secrets."""

from __future__ import annotations

from engine.integrating import model
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader


def endpoints(q: Reader, client_id: str = "") -> list[model.KeptEndpoint]:
    """The endpoints that were not removed (of a client), oldest first."""
    only = " AND client_id = ?" if client_id else ""
    sql = f"SELECT * FROM webhook_endpoint WHERE status <> 'removed'{only} ORDER BY made_at, id"  # noqa: S608
    return q.all(model.KeptEndpoint, sql, (client_id,) if client_id else ())


def health(q: Reader, endpoint_id: str) -> model.Health:
    """How an endpoint has answered of late."""
    sql = "SELECT * FROM webhook_health WHERE endpoint_id = ?"
    found = q.first(model.Health, sql, (endpoint_id,))
    return found or model.Health(endpoint_id=endpoint_id)


def keep_health(op: Operation, health: model.Health) -> None:
    """Write down how an endpoint answers."""
    op.unlogged("DELETE FROM webhook_health WHERE endpoint_id = ?", (health.endpoint_id,))
    op.unlogged(
        "INSERT INTO webhook_health (endpoint_id, failing_since, failures, quiet_until, delivered_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            health.endpoint_id,
            health.failing_since,
            health.failures,
            health.quiet_until,
            health.delivered_at,
        ),
    )


def secrets(q: Reader, endpoint_id: str) -> list[tuple[str, bytes]]:
    """The ids and sealed secrets that an endpoint's messages are signed with, newest first."""
    found = q.rows(
        "SELECT id, secret FROM webhook_secret WHERE endpoint_id = ?"
        " AND (expires_at IS NULL OR expires_at > ?) ORDER BY made_at DESC, id DESC",
        (endpoint_id, q.now),
    )
    return [(row["id"], bytes(row["secret"])) for row in found]


def add_secret(op: Operation, secret_id: str, endpoint_id: str, sealed: bytes) -> None:
    """Keep a signing secret."""
    op.unlogged(
        "INSERT INTO webhook_secret (id, endpoint_id, secret, made_at) VALUES (?, ?, ?, ?)",
        (secret_id, endpoint_id, sealed, op.now),
    )


def cut_secrets(op: Operation, endpoint_id: str, until: int) -> None:
    """Have what is signed with now be signed with no longer than this."""
    op.unlogged(
        "UPDATE webhook_secret SET expires_at = ? WHERE endpoint_id = ?"
        " AND (expires_at IS NULL OR expires_at > ?)",
        (until, endpoint_id, until),
    )


def remove(op: Operation, kept: model.KeptEndpoint) -> None:
    """Send nothing more to an endpoint, and give up what waits; the caller records the fact."""
    op.update("webhook_endpoint", kept.id, {"status": "removed"}, was={"status": kept.status.value})
    op.unlogged("DELETE FROM webhook_secret WHERE endpoint_id = ?", (kept.id,))
    op.unlogged(
        "UPDATE webhook_delivery SET status = 'given_up', job_id = NULL, ended_at = ?"
        " WHERE endpoint_id = ? AND status = 'waiting'",
        (op.now, kept.id),
    )
