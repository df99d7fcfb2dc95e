"""The SQL of what invoices hold of an order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.invoicing import model
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader


def _listed(statuses: Iterable[model.InvoiceStatus]) -> str:
    return ", ".join(f"'{one.value}'" for one in sorted(statuses))


_HELD = f"i.reverses IS NULL AND i.status IN ({_listed(model.HOLDING)})"
_TAKEN = f"i.reverses IS NOT NULL AND i.status IN ({_listed(model.TAKING_BACK)})"


def held_of(q: Reader, order_ids: Sequence[str]) -> dict[str, int]:
    """Order → what invoices hold of it, less what red letters that have a number took back."""
    marks = ", ".join("?" for _ in order_ids)
    sql = (
        "SELECT x.order_id, SUM(x.gross_fen) AS fen FROM invoiced_order x"  # noqa: S608
        f" JOIN invoice i ON i.id = x.invoice_id WHERE x.order_id IN ({marks})"
        f" AND ({_HELD} OR i.reverses IS NOT NULL AND i.status = 'issued') GROUP BY x.order_id"
    )
    found = q.rows(sql, tuple(order_ids)) if order_ids else []
    return {row["order_id"]: int(row["fen"]) for row in found}


def claims_of(q: Reader, order_id: str) -> tuple[int, int]:
    """What invoices hold of an order, and what red letters take or took back of it."""
    sql = (
        f"SELECT SUM(CASE WHEN {_HELD} THEN x.gross_fen ELSE 0 END) AS held,"  # noqa: S608
        f" SUM(CASE WHEN {_TAKEN} THEN -x.gross_fen ELSE 0 END) AS taken"
        " FROM invoiced_order x JOIN invoice i ON i.id = x.invoice_id WHERE x.order_id = ?"
    )
    found = q.row(sql, (order_id,))
    if found is None:
        return 0, 0
    return int(found["held"] or 0), int(found["taken"] or 0)


def keep(op: Operation, order_id: str, order_kind: str, paid_fen: int, refunded_fen: int) -> None:
    """Write what invoices hold of an order beside what was paid for it: the database refuses too much.

    The row is derived from the logged ones and stands for the database's own check alone.
    """
    held, taken = claims_of(op, order_id)
    op.unlogged(
        "INSERT INTO invoice_balance (id, order_kind, paid_fen, refunded_fen, invoiced_fen,"
        " reversed_fen) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " paid_fen = excluded.paid_fen, refunded_fen = excluded.refunded_fen,"
        " invoiced_fen = excluded.invoiced_fen, reversed_fen = excluded.reversed_fen",
        (order_id, order_kind, paid_fen, refunded_fen, held, taken),
    )
