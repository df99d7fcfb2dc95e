"""Payments, refunds and invoices of a generated population, red letters and paper included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tools.benchmarking.lifecycles import gathering
from tools.benchmarking.lifecycles.chance import DAY, END, HOUR, MINUTE, SHANGHAI, Chance, Column
from tools.benchmarking.lifecycles.gathering import Cases, Gathered, moments, named
from tools.benchmarking.lifecycles.orders import KINDS, STATUSES, Orders, People

ITEMS = ("certificate_service", "information_service", "platform_service")
STATES = ("in_review", "applied", "issued", "partly_reversed", "reversed", "rejected", "failed")
WHYS = ("01", "02", "03", "04")
_RATE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoices:
    """Invoices of a part, blue or red: which order each is of and what became of it."""

    cases: Cases
    order: Column
    special: Column
    paper: Column
    gross: Column
    tax: Column
    applied_at: Column
    issued_at: Column
    issued: Column
    posted_at: Column
    posted: Column
    delivered_at: Column
    delivered: Column
    status: Column


def settled(chance: Chance, orders: Orders, people: People, out: Gathered) -> None:
    """What was paid, given back and invoiced for the orders."""
    _payments(chance, orders, out)
    blue = _applied(chance, orders)
    _refunds(chance, orders, out)
    red, of = _reversed(chance, orders, blue)
    _written(orders, people, out, chance, blue, None, None)
    _written(orders, people, out, chance, red, blue.cases.ids.take(pa.array(of)), of)
    for one in (blue, red):
        out.add(
            "invoiced_order_fact",
            {
                "id": one.cases.ids,
                "invoice_id": one.cases.ids,
                "order_id": orders.cases.ids.take(pa.array(one.order)),
                "amount_fen": one.gross,
            },
        )
        _told(out, one)
    orders.invoiced = np.bincount(
        blue.order[blue.issued], weights=blue.gross[blue.issued], minlength=len(orders)
    ).astype(np.int64)
    orders.invoiced += np.bincount(
        red.order[red.issued], weights=red.gross[red.issued], minlength=len(orders)
    ).astype(np.int64)


def _payments(chance: Chance, orders: Orders, out: Gathered) -> None:
    which = np.flatnonzero(orders.paid)
    at = orders.paid_at[which]
    out.add(
        "payment_fact",
        {
            "id": chance.ids("pay", orders.placed_at[which]),
            "order_id": orders.cases.ids.take(pa.array(which)),
            "status": "paid",
            "amount_fen": orders.amount[which].astype(np.int64),
            "created_at": orders.placed_at[which] + 700,
            "paid_at": at,
            "refunded_at": pa.nulls(len(which), pa.int64()),
        },
    )
    _moved(chance, out, "payment", at, orders.amount[which])


def _moved(chance: Chance, out: Gathered, kind: str, at: Column, fen: Column) -> None:
    dates = ((at + SHANGHAI) // DAY).astype("datetime64[D]")
    out.add(
        "movement_fact",
        {
            "id": chance.ids("mov", at),
            "kind": kind,
            "amount_fen": fen.astype(np.int64),
            "business_date": np.datetime_as_string(dates).astype(object),
            "occurred_at": at,
            "source": named(chance.one_of(len(at), (97, 2, 1)), ("notice", "asked", "statement")),
        },
    )


def _refunds(chance: Chance, orders: Orders, out: Gathered) -> None:
    """The rejected get all back, a few of the others a part or all of it."""
    count = len(orders)
    rejected = orders.paid & (orders.status == STATUSES.index("rejected"))
    later = orders.paid & ~rejected & chance.happens(count, 0.015)
    partly = later & chance.happens(count, 0.6)
    share = chance.number(count, 100, 900)
    fen = np.where(partly, orders.amount * share // 1000, orders.amount)
    asked_at = np.where(
        rejected, orders.ended_at, orders.paid_at + chance.wait(count, 9 * DAY, 0.9)
    )
    settled_at = asked_at + chance.wait(count, 20 * MINUTE, 1.2)
    which = np.flatnonzero((rejected | later) & (settled_at < END) & (fen > 0))
    orders.refunded = np.zeros(count, dtype=np.int64)
    orders.refunded[which] = fen[which]
    at = asked_at[which]
    ids = chance.ids("ref", at)
    out.add(
        "refund_fact",
        {
            "id": ids,
            "payment_id": ids,
            "order_id": orders.cases.ids.take(pa.array(which)),
            "status": "done",
            "why": named(np.where(rejected[which], 0, 1), ("rejected", "asked")),
            "amount_fen": fen[which].astype(np.int64),
            "requested_at": at,
            "settled_at": settled_at[which],
        },
    )
    _moved(chance, out, "refund", settled_at[which], fen[which])
    back = _of(count, which)
    out.happened(orders.cases, "payment.refunding", asked_at, back, "system")
    certificate = orders.kind == 0
    out.happened(orders.cases, "order.refunded", settled_at, back & certificate, "machine")
    out.happened(orders.cases, "service_order.refunded", settled_at, back & ~certificate, "machine")


def _of(count: int, which: Column) -> Column:
    found = np.zeros(count, dtype=bool)
    found[which] = True
    return found


def tax_of(gross: Column) -> Column:
    """The tax within an amount at six per cent, half up to the fen, as whole-number arithmetic."""
    size = np.abs(gross)
    return np.sign(gross) * (size - (size * 200 + 100 + _RATE) // (2 * (100 + _RATE)))


def _applied(chance: Chance, orders: Orders) -> Invoices:
    ready_at = np.where(orders.kind == 0, orders.downloaded_at, orders.paid_at)
    ready = np.where(orders.kind == 0, orders.downloaded, orders.paid)
    at = ready_at + chance.wait(len(orders), 3 * DAY, 1.3)
    order = np.flatnonzero(ready & chance.happens(len(orders), 0.58) & (at < END))
    return _made(chance, orders, order, at[order], orders.amount[order], "inv")


def _made(
    chance: Chance, orders: Orders, order: Column, at: Column, gross: Column, prefix: str
) -> Invoices:
    count = len(order)
    special = chance.happens(count, 0.3)
    paper = (gross > 0) & chance.happens(count, 0.14)
    slow = chance.happens(count, 0.06)
    took = np.where(slow, chance.wait(count, 20 * HOUR, 1.0), chance.wait(count, 3_000, 0.8))
    issued_at = at + took
    issued = (issued_at < END) & chance.happens(count, 0.97)
    posted_at = issued_at + chance.wait(count, 8 * HOUR, 0.7)
    posted = issued & paper & (posted_at < END)
    delivered_at = posted_at + chance.wait(count, 3 * DAY, 0.5)
    status = np.where(issued, STATES.index("issued"), STATES.index("applied"))
    failed = ~issued & chance.happens(count, 0.4)
    return Invoices(
        cases=Cases(
            kind="invoice",
            ids=chance.ids(prefix, at),
            platform=orders.cases.platform[order],
            agency=orders.cases.agency[order],
            region=orders.cases.region[order],
            product=orders.cases.product[order],
        ),
        order=order, special=special, paper=paper, gross=gross.astype(np.int64),
        tax=tax_of(gross.astype(np.int64)), applied_at=at, issued_at=issued_at, issued=issued,
        posted_at=posted_at, posted=posted, delivered_at=delivered_at,
        delivered=posted & (delivered_at < END) & chance.happens(count, 0.99),
        status=np.where(failed, STATES.index("failed"), status),
    )  # fmt: skip


def _reversed(chance: Chance, orders: Orders, blue: Invoices) -> tuple[Invoices, Column]:
    """Red letters: for refunded orders to the fen of the refund, for a few others the whole."""
    back = orders.refunded[blue.order]
    which = np.flatnonzero(blue.issued & ((back > 0) | chance.happens(len(blue.order), 0.02)))
    whole = (back[which] == 0) | (back[which] == blue.gross[which])
    fen = np.where(back[which] > 0, np.minimum(back[which], blue.gross[which]), blue.gross[which])
    at = blue.issued_at[which] + chance.wait(len(which), 5 * DAY, 1.0)
    soon = at < END
    which, whole, fen, at = which[soon], whole[soon], fen[soon], at[soon]
    red = _made(chance, orders, blue.order[which], at, -fen, "inv")
    done = red.issued
    blue.status[which[done]] = np.where(
        whole[done], STATES.index("reversed"), STATES.index("partly_reversed")
    )
    return red, which


def _numbers(one: Invoices) -> pa.Array:
    """Twenty digits for what is issued."""
    first = 25_000_000_000_000_000_000
    told = zip((one.issued_at // 1000).tolist(), one.issued.tolist(), strict=True)
    return pa.array(
        [
            str(first + at * 1000 + place % 1000) if issued else ""
            for place, (at, issued) in enumerate(told)
        ]
    )


def _written(
    orders: Orders,
    people: People,
    out: Gathered,
    chance: Chance,
    one: Invoices,
    reverses: pa.Array | None,
    of: Column | None,
) -> None:
    count = len(one.order)
    kind = orders.kind[one.order]
    out.add(
        "invoice_fact",
        {
            "id": one.cases.ids,
            "number": _numbers(one),
            "order_kind": named(kind, KINDS),
            "platform_id": named(one.cases.platform, gathering.PLATFORMS),
            "agency_id": named(one.cases.agency, gathering.AGENCIES),
            "region": named(one.cases.region, gathering.REGIONS),
            "account_ref": people.refs.take(pa.array(orders.owner[one.order])),
            "enterprise_id": pa.nulls(count, pa.string()),
            "kind": named(one.special.astype(np.int32), ("ordinary", "special")),
            "medium": named(one.paper.astype(np.int32), ("electronic", "paper")),
            "status": named(one.status, STATES),
            "reverses": pa.nulls(count, pa.string()) if reverses is None else reverses,
            "reason": named(
                np.full(count, gathering.NOTHING)
                if of is None
                else chance.one_of(count, (5, 3, 1, 2)),
                WHYS,
            ),
            "total_fen": one.gross,
            "tax_fen": one.tax,
            "created_at": one.applied_at,
            "issued_at": moments(one.issued_at, one.issued),
            "posted_at": moments(one.posted_at, one.posted),
            "delivered_at": moments(one.delivered_at, one.delivered),
            "ended_at": pa.nulls(count, pa.int64()),
        },
    )
    out.add(
        "invoice_line_fact",
        {
            "invoice_id": one.cases.ids,
            "line": 1,
            "tax_item": named(kind, ITEMS),
            "rate": pa.repeat(pa.scalar(_RATE), count),
            "net_fen": one.gross - one.tax,
            "tax_fen": one.tax,
            "quantity": np.sign(one.gross),
        },
    )


def _told(out: Gathered, one: Invoices) -> None:
    tell = lambda activity, at, which, actor: out.happened(one.cases, activity, at, which, actor)
    tell("invoice.applied_for", one.applied_at, np.ones(len(one.order), dtype=bool), "person")
    tell("invoice.issued", one.issued_at, one.issued, "system")
