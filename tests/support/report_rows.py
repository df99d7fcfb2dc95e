"""A copy for reports filled with drawn rows: every state, gap and tie that the tables can hold."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from engine.reports import snapshot

START = 1_790_000_000_000
DAY = 86_400_000
END = START + 100 * DAY
_SCHEMA = Path(snapshot.__file__).with_name("schema.sql")
Row = dict[str, Any]


def _some(chance: random.Random, likely: float, after: int | None) -> int | None:
    """An instant up to five days later, or none."""
    if after is None or chance.random() >= likely:
        return None
    return after + chance.randrange(5 * DAY)


def _orders(chance: random.Random, count: int) -> list[Row]:
    rows = []
    for number in range(count):
        placed = START + chance.randrange(90 * DAY)
        paid = _some(chance, 0.8, placed)
        submitted = _some(chance, 0.9, placed)
        reviewed = _some(chance, 0.9, submitted)
        issued = _some(chance, 0.9, reviewed)
        fen = chance.randrange(1, 99_999)
        rows.append(
            {
                "id": f"order_{number}",
                "number": f"N{number}",
                "order_kind": chance.choice(("certificate", "information", "platform")),
                "platform_id": chance.choice(("guangzheng", "yangguang")),
                "agency_id": chance.choice(("dongfang", "nanfang", None)),
                "region": chance.choice(("110000", "650000", None)),
                "product": chance.choice(("enterprise", None)),
                "status": chance.choice(
                    ("completed", "rejected", "cancelled", "agency_review", "active")
                ),
                "amount_fen": fen,
                "paid_fen": fen if paid else 0,
                "refunded_fen": chance.choice((0, 0, fen // 3, fen)) if paid else 0,
                "invoiced_fen": chance.choice((0, fen)) if paid else 0,
                "created_at": placed,
                "paid_at": paid,
                "submitted_at": submitted,
                "first_reviewed_at": reviewed,
                "issued_at": issued,
                "downloaded_at": _some(chance, 0.9, issued),
            }
        )
    return rows


def _refunds(chance: random.Random, count: int, orders: int) -> list[Row]:
    rows = []
    for number in range(count):
        asked = START + chance.randrange(90 * DAY)
        status = chance.choice(("done", "done", "failed", "requested"))
        rows.append(
            {
                "id": f"refund_{number}",
                # Some belong to no order that is known.
                "order_id": f"order_{chance.randrange(orders + 9)}",
                "status": status,
                "why": chance.choice(("order_ended", "not_owed")),
                "amount_fen": chance.randrange(1, 9_999),
                "requested_at": asked,
                "settled_at": asked + chance.randrange(DAY) if status == "done" else None,
            }
        )
    return rows


def _tasks(chance: random.Random, count: int) -> list[Row]:
    rows = []
    for number in range(count):
        opened = START + chance.randrange(90 * DAY)
        status = chance.choice(("approved", "approved", "rejected", "waiting", "held", "withdrawn"))
        open_still = status in ("waiting", "held")
        ended = None if open_still else opened + chance.randrange(9 * DAY)
        decided = ended if status in ("approved", "rejected") else None
        earlier = f"case_{chance.randrange(max(number, 1))}"
        rows.append(
            {
                "id": f"case_{number}",
                "kind": "certificate_ca",
                "stage": chance.choice(("certificate_ca", "certificate_platform", "seal")),
                "platform_id": chance.choice(("guangzheng", "yangguang", None)),
                "agency_id": chance.choice(("dongfang", None)),
                "region": chance.choice(("110000", None)),
                "status": status,
                "opened_at": opened,
                "ended_at": ended,
                "decided_at": decided,
                "decided_by": chance.choice(("staff:one", "staff:two")) if decided else None,
                "attempt": chance.choice((1, 1, 2, 3)),
                "corrects": earlier if chance.random() < 0.2 else None,
                "sample_of": earlier if number > 50 and chance.random() < 0.15 else None,
                "wait_ms": chance.randrange(DAY),
                "handle_ms": chance.randrange(DAY),
                "wait_business_ms": chance.randrange(DAY // 3),
                "handle_business_ms": chance.randrange(DAY // 3),
            }
        )
    return rows


def _reasons(chance: random.Random, count: int) -> list[Row]:
    return [
        {
            "case_id": f"case_{chance.randrange(count)}",
            "stage": chance.choice(("seal", "certificate_ca")),
            "code": chance.choice("abcde"),
            "decided_at": START + chance.randrange(90 * DAY),
            "decided_by": chance.choice(("staff:one", "staff:two")),
            "platform_id": "guangzheng",
            "attempt": chance.choice((1, 2)),
        }
        for _ in range(count)
    ]


def _invoices(chance: random.Random, count: int) -> list[Row]:
    rows = []
    for number in range(count):
        asked = START + chance.randrange(98 * DAY)
        status = chance.choice(
            ("issued", "applied", "failed", "rejected", "in_review", "reversed", "withdrawn")
        )
        issued = asked + chance.randrange(DAY) if status in ("issued", "reversed") else None
        gone = status in ("rejected", "withdrawn")
        blue = {
            "id": f"invoice_{number}",
            "number": f"V{number}" if issued else "",
            "order_kind": "certificate",
            "platform_id": chance.choice(("guangzheng", "yangguang")),
            "agency_id": "dongfang",
            "kind": chance.choice(("ordinary", "special")),
            "medium": chance.choice(("electronic", "paper")),
            "status": status,
            "reverses": None,
            "reason": None,
            "total_fen": chance.randrange(1_000, 99_999),
            "tax_fen": chance.randrange(1, 999),
            "created_at": asked,
            "issued_at": issued,
            "delivered_at": issued + DAY if issued and chance.random() < 0.3 else None,
            "ended_at": asked + chance.randrange(DAY) if gone else None,
        }
        rows.append(blue)
        if status == "reversed":
            part = chance.choice((1, 2))
            rows.append(
                {
                    **blue,
                    "id": f"invoice_{number}r",
                    "number": f"R{number}",
                    "reverses": blue["id"],
                    "reason": chance.choice(("01", "02")),
                    "status": "issued",
                    "total_fen": -blue["total_fen"] // part,
                    "tax_fen": -blue["tax_fen"] // part,
                }
            )
    return rows


def _put(copy: Any, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    names = list(rows[0])
    marks = ", ".join("?" for _ in names)
    copy.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
        [[row[name] for name in names] for row in rows],
    )


@contextlib.contextmanager
def copy(seed: int = 5) -> Iterator[Any]:
    """A copy in memory with some hundred drawn rows in each table of orders, reviews and invoices."""
    chance = random.Random(seed)
    with contextlib.closing(duckdb.connect()) as made:
        made.execute(_SCHEMA.read_text(encoding="utf-8"))
        _put(made, "watermark", [{"seq": 9, "occurred_at": END}])
        _put(made, "order_fact", _orders(chance, 200))
        _put(made, "refund_fact", _refunds(chance, 80, 200))
        _put(made, "review_task", _tasks(chance, 300))
        _put(made, "reason_fact", _reasons(chance, 100))
        invoices = _invoices(chance, 150)
        _put(made, "invoice_fact", invoices)
        lines = [
            {
                "invoice_id": one["id"],
                "line": 1,
                "tax_item": "certificate",
                "rate": chance.choice((6, 13)),
                "net_fen": one["total_fen"] - one["tax_fen"],
                "tax_fen": one["tax_fen"],
                "quantity": 1,
            }
            for one in invoices
        ]
        _put(made, "invoice_line_fact", lines)
        yield made
