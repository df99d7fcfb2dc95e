"""The provider's daily statement (对账单) of a business date, as a CSV file, with its faults."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from typing import Any

from engine.kernel import clock, ports
from engine.providers.bank.rules import Rules
from engine.providers.store import Memory

COLUMNS = (
    "kind",
    "reference",
    "trade_no",
    "payment_id",
    "amount",
    "fee",
    "currency",
    "state",
    "time",
)
_WRONG_BY_FEN = 100


def statement(memory: Memory, rules: Rules, business_date: str) -> bytes:
    """The statement of a civil date in Shanghai: its lines, and a last one with their sums.

    Raises: ports.NotYet until the morning after.
    """
    day = datetime.date.fromisoformat(business_date)
    following = clock.start_of(day + datetime.timedelta(days=1))
    ready_at = following + rules.statement_hour * clock.HOUR
    if memory.now() < ready_at:
        raise ports.NotYet(ready_at)
    lines = list(_lines(memory, rules, day))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["#statement", rules.merchant, business_date])
    writer.writerow(COLUMNS)
    for line in lines:
        told = {
            **line,
            "amount": _yuan(line["amount_fen"]),
            "fee": _yuan(line["fee_fen"]),
            "currency": "CNY",
            "state": "success",
            "time": clock.to_datetime(line["occurred_at"])
            .astimezone(clock.SHANGHAI)
            .strftime("%Y-%m-%d %H:%M:%S"),
        }
        writer.writerow([told[name] for name in COLUMNS])
    writer.writerow(["#sums", len(lines), *_sums(lines)])
    return out.getvalue().encode("utf-8")


def _lines(memory: Memory, rules: Rules, day: datetime.date) -> Iterator[dict[str, Any]]:
    start = clock.start_of(day)
    with memory.parts.db.read() as connection:
        rows = connection.rows(
            "SELECT t.*, COALESCE(p.payer, '') AS payer FROM sim_trade t"
            " LEFT JOIN sim_payment p ON p.payment_id = t.payment_id"
            " WHERE t.occurred_at >= ? AND t.occurred_at < ? ORDER BY t.occurred_at, t.reference",
            (start - clock.DAY, start + clock.DAY),
        )
    for row in rows:
        reference, payer = row["reference"], row["payer"] if row["kind"] == "payment" else ""
        late = rules.strikes("line_late", reference, payer)
        # A late line stands in the statement of the day after its own.
        if (row["occurred_at"] < start) != late:
            continue
        if rules.strikes("line_missing", reference, payer):
            continue
        line = dict(row)
        if rules.strikes("line_wrong_amount", reference, payer):
            line["amount_fen"] += _WRONG_BY_FEN
        yield line
        if rules.strikes("line_repeated", reference, payer):
            yield line


def _sums(lines: list[dict[str, Any]]) -> tuple[str, str, str]:
    paid = sum(line["amount_fen"] for line in lines if line["kind"] == "payment")
    back = sum(line["amount_fen"] for line in lines if line["kind"] == "refund")
    return _yuan(paid), _yuan(back), _yuan(sum(line["fee_fen"] for line in lines))


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
