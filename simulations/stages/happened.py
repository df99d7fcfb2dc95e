"""What just happened: the acts, facts and rows that a step of a story has left in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.kernel import events
from simulations.stages.stage import Stage

# What a step makes that somebody wants to look into, by its table.
MADE = (
    *("certificate", "ticket", "contract_signature", "contract", "seal", "ledger_line", "invoice"),
    *("certificate_order", "payment", "enterprise_claim", "binding", "review_case", "pin_try"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that was written: its table, its id, and its values as they may be shown."""

    table: str
    id: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A fact of the log. `actor` is the kind of who acted."""

    seq: int
    occurred_at: int
    action: str
    actor: str
    kind: str
    subject: str
    values: dict[str, str]
    rows: tuple[Row, ...]


def happened(stage: Stage, step: int) -> list[Happened]:
    """What a step that was done has left in the log, oldest first; personal values stay sealed."""
    starts = stage.state.starts
    if not 0 <= step < len(starts) - 1:
        return []
    with stage.world.engine.parts.db.read() as connection:
        found = events.read(connection, after=starts[step], limit=starts[step + 1] - starts[step])
    return [_told(one) for one in found if one.seq <= starts[step + 1]]


def _told(event: events.Event) -> Happened:
    return Happened(
        seq=event.seq,
        occurred_at=event.occurred_at,
        action=event.action,
        actor=event.actor.partition(":")[0],
        kind=event.kind,
        subject=event.subject,
        values={name: _shown(value) for name, value in event.facts.items()},
        rows=tuple(
            Row(table=table, id=row_id, values={k: _shown(v) for k, v in (values or {}).items()})
            for table, row_id, values in event.changes
            if table in MADE
        ),
    )


def _shown(value: Any) -> str:
    """A value as it may be shown: what is bytes in the log is sealed, a key, or a signature."""
    if isinstance(value, bytes):
        return f"•••••• ({len(value)} B)"
    return "" if value is None else str(value)
