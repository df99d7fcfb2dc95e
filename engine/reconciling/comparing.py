"""The tax service's list against our invoices, and those against their orders' money and the ledger."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence, Set

from engine.kernel import clock, ports
from engine.kernel.operation import Operation
from engine.ordering import model as ordering
from engine.ordering import money
from engine.ordering import queries as orders
from engine.reconciling import model, store

_K = ordering.CaseKind


def lines(
    op: Operation, listed: model.TaxList, entries: Sequence[ports.TaxEntry]
) -> list[tuple[ports.TaxEntry, str]]:
    """Each line with how it compared: `matched`, or the kind of the case that it opened.

    Emits: money_case.opened, money_case.answered.
    """
    known = store.known(op, (entry.invoice_id for entry in entries))
    found = []
    for entry in entries:
        ours = known.get(entry.invoice_id)
        kind = _compared(op, listed, entry, ours)
        if kind is not None:
            _open(op, listed, kind, entry, ours)
        elif ours is not None:
            money.answered(op, _K.INVOICE_MISSING_THERE, ours.number, "in_a_later_list")
        found.append((entry, kind.value if kind else model.MATCHED))
    return found


def _compared(
    op: Operation, listed: model.TaxList, entry: ports.TaxEntry, ours: model.Known | None
) -> ordering.CaseKind | None:
    """How a line differs from our invoice; a second number for one of ours is unknown here."""
    if ours is None or ours.number not in ("", entry.number):
        return _K.INVOICE_MISSING_HERE
    if not ours.number or ours.issued_at is None or ours.blue_number != entry.blue_number:
        return _K.INVOICE_STATE
    if (ours.total_fen, ours.tax_fen) != (entry.total_fen, entry.tax_fen):
        return _K.INVOICE_AMOUNT
    day = clock.civil_date(ours.issued_at).isoformat()
    # A later list may show what the list of its own day lacked.
    late = day < listed.business_date and store.was_missing(op, ours.number)
    return None if day == listed.business_date or late else _K.INVOICE_STATE


def _open(
    op: Operation,
    listed: model.TaxList,
    kind: ordering.CaseKind,
    entry: ports.TaxEntry,
    ours: model.Known | None,
) -> None:
    numbered = ours is not None and kind is not _K.INVOICE_MISSING_HERE
    money.open_case(
        op,
        kind,
        entry.number,
        payment_id=_payment_of(op, ours.id) if ours else None,
        trade_no=entry.number,
        amount_fen=ours.total_fen if ours is not None and numbered else 0,
        other_fen=entry.total_fen,
        business_date=listed.business_date,
        invoice_id=ours.id if ours else None,
    )


def _payment_of(op: Operation, invoice_id: str) -> str | None:
    """The payment of the first order of an invoice, so that finance sees what it is about."""
    of = store.orders_of(op, invoice_id)
    payment = orders.payment_for(op, of[0]) if of else None
    return payment.id if payment else None


def missing_there(op: Operation, listed: model.TaxList, told: Set[str]) -> None:
    """Our invoices of the day that the list does not show.

    Emits: money_case.opened.
    """
    day = datetime.date.fromisoformat(listed.business_date)
    until = clock.start_of(day + datetime.timedelta(days=1))
    for ours in store.numbered_between(op, clock.start_of(day), until):
        if ours.number in told or store.seen_elsewhere(op, ours.number):
            continue
        money.open_case(
            op,
            _K.INVOICE_MISSING_THERE,
            ours.number,
            payment_id=_payment_of(op, ours.id),
            trade_no=ours.number,
            amount_fen=ours.total_fen,
            business_date=listed.business_date,
            invoice_id=ours.id,
        )


def against_orders(op: Operation, listed: model.TaxList) -> None:
    """Invoices against what was paid and not paid back, and against the revenue in the ledger.

    Emits: money_case.opened.
    """
    claimed = store.overclaimed(op)
    for one in claimed:
        back = one.refunded_fen > 0
        kind = _K.INVOICE_NO_RED if back else _K.INVOICE_TOO_MUCH
        _claimed(op, listed, kind, one.order_id, one)
    told = {one.order_id for one in claimed}
    for one in _others(store.not_in_books(op), told):
        _claimed(op, listed, _K.INVOICE_TOO_MUCH, f"ledger:{one.order_id}", one)


def _others(found: Iterable[model.Claimed], told: Set[str]) -> Iterable[model.Claimed]:
    return (one for one in found if one.order_id not in told)


def _claimed(
    op: Operation,
    listed: model.TaxList,
    kind: ordering.CaseKind,
    subject: str,
    one: model.Claimed,
) -> None:
    payment = orders.payment_for(op, one.order_id)
    money.open_case(
        op,
        kind,
        subject,
        payment_id=payment.id if payment else None,
        amount_fen=one.invoiced_fen,
        other_fen=one.allowed_fen,
        business_date=listed.business_date,
        invoice_id=one.invoice_id or None,
    )
