"""Reading a statement file: strict, its sums checked: half a file is never taken for a whole one."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from engine.kernel import clock, errors
from engine.ordering import model
from engine.ordering.money.notices import CURRENCY, MERCHANT

_HEAD = [
    "kind",
    "reference",
    "trade_no",
    "payment_id",
    "amount",
    "fee",
    "currency",
    "state",
    "time",
]
_FEWEST_ROWS = 3


class StatementDamaged(errors.InvalidInput):
    """The statement of {business_date} is damaged: {problem}. It is asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as the provider wrote it."""

    kind: model.MovementKind
    reference: str
    trade_no: str
    payment_id: str
    amount_fen: int
    fee_fen: int
    state: str
    occurred_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole statement."""

    lines: tuple[Line, ...]
    paid_fen: int
    refunded_fen: int
    fees_fen: int


def read(content: bytes, *, business_date: str) -> Sheet:
    """The statement in a file.

    Raises: StatementDamaged.
    """
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
        return _sheet(rows, business_date)
    except (ValueError, IndexError, InvalidOperation, csv.Error) as problem:
        raise StatementDamaged(business_date=business_date, problem=str(problem)) from problem


def _sheet(rows: list[list[str]], business_date: str) -> Sheet:
    if len(rows) < _FEWEST_ROWS or rows[0] != ["#statement", MERCHANT, business_date]:
        raise ValueError("its head")
    if rows[1] != _HEAD or rows[-1][0] != "#sums":
        raise ValueError("its columns")
    lines = tuple(_line(row) for row in rows[2:-1])
    sheet = Sheet(
        lines=lines,
        paid_fen=sum(one.amount_fen for one in lines if one.kind is model.MovementKind.PAYMENT),
        refunded_fen=sum(one.amount_fen for one in lines if one.kind is model.MovementKind.REFUND),
        fees_fen=sum(one.fee_fen for one in lines),
    )
    told = [int(rows[-1][1]), *(_fen(text) for text in rows[-1][2:5])]
    if told != [len(lines), sheet.paid_fen, sheet.refunded_fen, sheet.fees_fen]:
        raise ValueError("its sums")
    return sheet


def _line(row: list[str]) -> Line:
    told = dict(zip(_HEAD, row, strict=True))
    if told["currency"] != CURRENCY or not told["reference"]:
        raise ValueError("a line's currency or reference")
    moment = datetime.datetime.strptime(told["time"], "%Y-%m-%d %H:%M:%S")
    return Line(
        kind=model.MovementKind(told["kind"]),
        reference=told["reference"],
        trade_no=told["trade_no"],
        payment_id=told["payment_id"],
        amount_fen=_fen(told["amount"]),
        fee_fen=_fen(told["fee"]),
        state=told["state"],
        occurred_at=clock.from_datetime(moment.replace(tzinfo=clock.SHANGHAI)),
    )


def _fen(text: str) -> int:
    fen = Decimal(text) * 100
    if fen != int(fen) or fen < 0:
        raise ValueError("an amount")
    return int(fen)
