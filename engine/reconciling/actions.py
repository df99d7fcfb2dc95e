"""The tax service's list of a day: awaited, then compared; every difference is on finance's list."""

from __future__ import annotations

import collections
import datetime
import hashlib
from collections.abc import Sequence

from engine.kernel import clock, codec, ports
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.reconciling import comparing, model, store


def await_list(op: Operation, business_date: str) -> None:
    """See to it that the list of a business date is asked for, the morning after.

    Emits: tax_list.awaited.
    """
    if store.list_of(op, business_date) is not None:
        return
    awaited = model.TaxList(
        id=op.new_id("txl"),
        business_date=business_date,
        status=model.TAX_LIST.initial,
        digest="",
        line_count=0,
        total_fen=0,
        tax_fen=0,
        created_at=op.now,
        compared_at=None,
    )
    op.insert("tax_list", awaited)
    hour = op.policy(policies.MoneyRules).statement_hour
    after = datetime.date.fromisoformat(business_date) + datetime.timedelta(days=1)
    op.enqueue("take_tax_list", awaited.id, due_at=clock.start_of(after) + hour * clock.HOUR)
    op.record("tax_list.awaited", awaited.id, business_date=business_date)


def record_tax_list(
    op: Operation, *, tax_list_id: str, entries: Sequence[ports.TaxEntry]
) -> model.TaxList:
    """Compare the list of a day with our invoices, and those with their orders and the ledger (PAY-1).

    What is compared already is left alone.
    Emits: tax_list.compared, money_case.opened, money_case.answered.
    """
    op.require_system()
    listed = op.get(model.TaxList, "tax_list", tax_list_id)
    if listed.status is not model.TaxListStatus.AWAITED:
        return listed
    found = comparing.lines(op, listed, entries)
    _write(op, listed, found)
    comparing.missing_there(op, listed, {entry.number for entry, _ in found})
    comparing.against_orders(op, listed)
    return op.get(model.TaxList, "tax_list", tax_list_id)


def _write(
    op: Operation, listed: model.TaxList, found: Sequence[tuple[ports.TaxEntry, str]]
) -> None:
    for number, (entry, how) in enumerate(found, start=1):
        op.insert(
            "tax_list_line",
            model.TaxListLine(
                id=op.new_id("txe"),
                tax_list_id=listed.id,
                line_number=number,
                number=entry.number,
                invoice_id=entry.invoice_id,
                blue_number=entry.blue_number,
                net_fen=entry.net_fen,
                tax_fen=entry.tax_fen,
                total_fen=entry.total_fen,
                issued_at=entry.issued_at,
                found=how,
            ),
        )
    told = [[entry.number, entry.total_fen, entry.tax_fen, entry.issued_at] for entry, _ in found]
    op.update(
        "tax_list",
        listed.id,
        {
            "status": model.TAX_LIST.advance(listed.status, "compare"),
            "digest": hashlib.sha256(codec.canonical(told).encode()).hexdigest(),
            "line_count": len(found),
            "total_fen": sum(entry.total_fen for entry, _ in found),
            "tax_fen": sum(entry.tax_fen for entry, _ in found),
            "compared_at": op.now,
        },
        was={"status": listed.status},
    )
    op.record(
        "tax_list.compared",
        listed.id,
        business_date=listed.business_date,
        lines=len(found),
        found=dict(sorted(collections.Counter(how for _, how in found).items())),
    )
