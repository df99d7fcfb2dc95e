"""What endpoints are told: deliveries and the attempts at each."""

from __future__ import annotations

from collections.abc import Sequence

from engine.integrating import model
from engine.kernel import paging
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader


def add(op: Operation, one: model.Delivery) -> None:
    """Put a delivery into the outbox."""
    op.unlogged(
        "INSERT INTO webhook_delivery (id, endpoint_id, seq, kind, subject, body, made_at, status, job_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            one.id,
            one.endpoint_id,
            one.seq,
            one.kind,
            one.subject,
            one.body,
            one.made_at,
            one.status,
            one.job_id,
        ),
    )


def end(op: Operation, delivery_id: str, status: str) -> None:
    """A delivery was delivered, or is given up."""
    op.unlogged(
        "UPDATE webhook_delivery SET status = ?, job_id = NULL, ended_at = ? WHERE id = ?",
        (status, op.now, delivery_id),
    )


def stage(op: Operation, delivery_id: str, job_id: str) -> None:
    """A delivery waits for this job, and for no other that may still be there."""
    op.unlogged(
        "UPDATE webhook_delivery SET status = 'waiting', job_id = ?, ended_at = NULL WHERE id = ?",
        (job_id, delivery_id),
    )


def waiting(q: Reader, endpoint_id: str) -> list[str]:
    """The deliveries to an endpoint that wait, in the order of their events."""
    sql = (
        "SELECT id FROM webhook_delivery WHERE endpoint_id = ? AND status = 'waiting' ORDER BY seq"
    )
    return [row["id"] for row in q.rows(sql, (endpoint_id,))]


def since(
    q: Reader, endpoint_id: str, at: int, *, only_failed: bool, most: int
) -> list[model.Delivery]:
    """The deliveries of events since an instant, in their order; those given up alone, where asked."""
    only = "status = 'given_up'" if only_failed else "status <> 'waiting'"
    sql = (
        "SELECT * FROM webhook_delivery WHERE endpoint_id = ? AND made_at >= ?"  # noqa: S608
        f" AND {only} ORDER BY seq LIMIT ?"
    )
    return q.all(model.Delivery, sql, (endpoint_id, at, most))


def newest(
    q: Reader, endpoint_ids: Sequence[str], status: str, window: paging.Window
) -> list[model.Delivery]:
    """The newest deliveries to endpoints (that stand at a status, where given)."""
    if not endpoint_ids:
        return []
    marks = ", ".join("?" for _ in endpoint_ids)
    only = " AND status = ?" if status else ""
    part, values = paging.clause(window, ("seq", "id"))
    sql = f"SELECT * FROM webhook_delivery WHERE endpoint_id IN ({marks}){only}{part}"  # noqa: S608
    return q.all(model.Delivery, sql, (*endpoint_ids, *((status,) if status else ()), *values))


def counts(q: Reader, endpoint_id: str) -> dict[str, int]:
    """How many deliveries to an endpoint stand at each status."""
    sql = "SELECT status, COUNT(*) AS n FROM webhook_delivery WHERE endpoint_id = ? GROUP BY status"
    return {row["status"]: int(row["n"]) for row in q.rows(sql, (endpoint_id,))}


def attempts(q: Reader, delivery_id: str) -> list[model.Attempt]:
    """The tries of a delivery, the first one first."""
    sql = "SELECT * FROM webhook_attempt WHERE delivery_id = ? ORDER BY number"
    return q.all(model.Attempt, sql, (delivery_id,))


def add_attempt(op: Operation, one: model.Attempt) -> None:
    """Write down how a try went."""
    op.unlogged(
        "INSERT INTO webhook_attempt (id, delivery_id, number, tried_at, took_ms, code, problem, answer)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            one.id,
            one.delivery_id,
            one.number,
            one.tried_at,
            one.took_ms,
            one.code,
            one.problem,
            one.answer,
        ),
    )


def forget(op: Operation, before: int) -> int:
    """Forget the deliveries that ended before an instant; how many."""
    ended = "status <> 'waiting' AND ended_at < ?"
    op.unlogged(
        "DELETE FROM webhook_attempt WHERE delivery_id IN"  # noqa: S608
        f" (SELECT id FROM webhook_delivery WHERE {ended})",
        (before,),
    )
    return op.unlogged(f"DELETE FROM webhook_delivery WHERE {ended}", (before,))  # noqa: S608
