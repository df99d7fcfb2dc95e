"""What every step of an invoice does: move along its table, and write what it holds of its orders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.invoicing import model, store
from engine.kernel.operation import Operation
from engine.ordering import queries as orders
from engine.staffing import queries as staffing
from engine.staffing.model import Right


def table_of(found: model.Invoice) -> Any:
    """The table of an invoice, or of a red letter."""
    return model.RED_LETTER if found.red else model.INVOICE


def move(
    op: Operation,
    found: model.Invoice,
    verb: str,
    fact: str,
    facts: dict[str, Any] | None = None,
    *,
    balanced: bool = True,
    **changes: Any,
) -> model.Invoice:
    """Move an invoice or a red letter, with what else changes in its row; the caller names the fact.

    Who takes several steps at once that only fit together writes the balance at the end, and says so.
    """
    status = table_of(found).advance(found.status, verb)
    op.update("invoice", found.id, {"status": status, **changes}, was={"status": found.status})
    op.record(fact, found.id, **(facts or {}))
    if balanced:
        rebalance(op, [(one.order_id, one.order_kind) for one in found.lines])
    return op.get(model.Invoice, "invoice", found.id)


def put(op: Operation, made: model.Invoice) -> None:
    """Write a new invoice or red letter and the orders in it; the caller records the fact."""
    op.insert("invoice", made)
    for line in made.lines:
        op.insert(
            "invoiced_order",
            model.InvoicedOrder(
                id=op.new_id("ivo"),
                invoice_id=made.id,
                order_id=line.order_id,
                order_kind=line.order_kind,
                gross_fen=line.gross_fen,
            ),
        )


def rebalance(op: Operation, about: Iterable[tuple[str, str]]) -> None:
    """Write what invoices hold of orders beside what was paid: here the database refuses too much."""
    kinds = dict(about)
    moved = orders.came_and_went(op, list(kinds))
    for order_id, order_kind in sorted(kinds.items()):
        paid, refunded = moved.get(order_id, (0, 0))
        store.keep(op, order_id, order_kind, paid, refunded)


def for_finance(op: Operation, invoice_id: str) -> model.Invoice:
    """An invoice or a red letter for finance of its platform and CA.

    Raises: MayNot, NotFound.
    """
    staffing.require(op, Right.FINANCE, anywhere=True)
    found = op.get(model.Invoice, "invoice", invoice_id)
    staffing.require(
        op, Right.FINANCE, platform_id=found.platform_id, agency_id=found.agency_id or None
    )
    return found
