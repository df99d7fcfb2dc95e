"""The SQL of shipments."""

from __future__ import annotations

from collections.abc import Collection

from engine.delivering import model
from engine.kernel import notes, paging
from engine.kernel.reader import Reader

OWNED = (
    notes.Owned(
        table="shipment",
        columns=(
            *("subject", "platform_id", "agency_id", "attempt", "status", "contents", "courier"),
            *("tracking_no", "problem", "created_at", "packed_at", "handed_over_at", "heard_at"),
            *("ended_at", "reported_at", "replaced_by"),
        ),
        sealed={
            "recipient": "profile",
            "phone": "profile",
            "region": "profile",
            "detail": "profile",
        },
    ),
    notes.Owned(
        table="shipment_step",
        columns=("shipment_id", "code", "occurred_at", "recorded_at"),
        sealed={"place": "profile"},
    ),
)


def of_subject(q: Reader, subject: str) -> list[model.Shipment]:
    """Every shipment of one thing, the newest first."""
    sql = "SELECT * FROM shipment WHERE subject = ? ORDER BY attempt DESC"
    return q.all(model.Shipment, sql, (subject,))


def open_of(q: Reader, account_id: str) -> list[model.Shipment]:
    """A person's shipments that are under way, oldest first."""
    sql = (
        "SELECT * FROM shipment WHERE account_id = ?"
        " AND status IN ('ready', 'handed_over', 'in_transit') ORDER BY created_at, id"
    )
    return q.all(model.Shipment, sql, (account_id,))


def unfinished(q: Reader, account_id: str) -> list[model.Shipment]:
    """A person's shipments that are under way or did not arrive, oldest first."""
    sql = (
        "SELECT * FROM shipment WHERE account_id = ? AND replaced_by IS NULL AND status IN ('ready',"
        " 'handed_over', 'in_transit', 'lost', 'returned', 'refused') ORDER BY created_at, id"
    )
    return q.all(model.Shipment, sql, (account_id,))


def in_states(
    q: Reader, states: Collection[str], seen: tuple[str, tuple[str, ...]], window: paging.Window
) -> list[model.Shipment]:
    """Shipments in some states that nothing was sent in the place of, the oldest first.

    `seen` is what is asked of those that one may see.
    """
    only, places = seen
    part, values = paging.clause(window, ("id",), newest_first=False)
    marks = ", ".join("?" for _ in states) or "NULL"
    sql = (
        f"SELECT * FROM shipment WHERE status IN ({marks})"  # noqa: S608
        f" AND replaced_by IS NULL{only}{part}"
    )
    return q.all(model.Shipment, sql, (*sorted(states), *places, *values))


def steps(q: Reader, shipment_id: str) -> list[model.KeptStep]:
    """What is known of a shipment's way, the newest first."""
    sql = (
        "SELECT * FROM shipment_step WHERE shipment_id = ?"
        " ORDER BY occurred_at DESC, recorded_at DESC, id DESC"
    )
    return q.all(model.KeptStep, sql, (shipment_id,))
