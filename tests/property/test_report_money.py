"""Money in the reports: whatever it is told by, the parts add up to the whole, to the fen."""

from __future__ import annotations

import decimal
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine import reports
from engine.reports import catalog
from engine.reports.filters import Filters

_SCHEMA = Path(reports.__file__).with_name("schema.sql").read_text(encoding="utf-8")
_PLATFORMS = ("guangzheng", "yangguang")
_AGENCIES = ("dongfang", "nanfang", None)
_REGIONS = ("310000", "650000")
_KINDS = ("certificate", "information", "platform")
_DAY = 86_400_000
# Over the end of a year, a month and a week, and over midnight in Shanghai.
_START = 1_767_100_000_000
# A thousand orders of a hundred million yuan are still exact.
_FEN = some.integers(0, 10_000_000_000)
_WHEN = some.integers(_START, _START + 120 * _DAY)


@some.composite
def _order(draw: Any) -> dict[str, Any]:
    paid = draw(some.one_of(some.just(0), _FEN))
    return {
        "platform_id": draw(some.sampled_from(_PLATFORMS)),
        "agency_id": draw(some.sampled_from(_AGENCIES)),
        "region": draw(some.sampled_from(_REGIONS)),
        "order_kind": draw(some.sampled_from(_KINDS)),
        "product": "enterprise",
        "status": draw(some.sampled_from(("completed", "cancelled", "active", "rejected"))),
        "paid_fen": paid,
        "refunded_fen": draw(some.integers(0, paid)),
        "invoiced_fen": draw(some.integers(0, paid)),
        "created_at": draw(_WHEN),
        "paid_at": draw(_WHEN) if paid else None,
    }


@some.composite
def _invoice(draw: Any) -> dict[str, Any]:
    lines = draw(
        some.lists(
            some.tuples(_FEN, some.integers(0, 13), some.sampled_from(("6.0", "13.0", None))),
            min_size=1,
            max_size=4,
        )
    )
    return {
        "platform_id": draw(some.sampled_from(_PLATFORMS)),
        "agency_id": draw(some.sampled_from(_AGENCIES)),
        "region": draw(some.sampled_from(_REGIONS)),
        "order_kind": draw(some.sampled_from(_KINDS)),
        "kind": draw(some.sampled_from(("ordinary", "special"))),
        "red": draw(some.booleans()),
        "issued_at": draw(_WHEN),
        "lines": [(net, net * percent // 100, rate) for net, percent, rate in lines],
    }


@functools.cache
def _empty() -> Any:
    copy = duckdb.connect()
    copy.execute(_SCHEMA)
    copy.execute("INSERT INTO watermark VALUES (1, ?)", [_START + 121 * _DAY])
    return copy


def _copy(**tables: Sequence[dict[str, Any]]) -> Any:
    """A copy with these rows and no others."""
    copy = _empty()
    for table, rows in tables.items():
        copy.execute(f"DELETE FROM {table}")
        if rows:
            told = pa.Table.from_pylist(list(rows))  # noqa: F841 - DuckDB finds it by its name
            copy.execute(f"INSERT INTO {table} BY NAME SELECT * FROM told")
    return copy


def _rows(
    copy: Any, name: str, filters: Filters, by: str, levels: Sequence[str]
) -> list[dict[str, Any]]:
    told = catalog.ask(copy, catalog.load(name), filters, by=by, levels=levels)
    return [dict(zip(told.columns, row, strict=True)) for row in told.rows]


def _fen(yuan: float | decimal.Decimal) -> int:
    """A figure in yuan as fen; one with a part of a fen is wrong."""
    exact = decimal.Decimal(repr(yuan)) if isinstance(yuan, float) else yuan
    fen = exact * 100
    assert fen == fen.to_integral_value()
    return int(fen)


_LEVELS = some.lists(some.sampled_from(("platform", "agency", "region", "kind")), unique=True)
_BY = some.sampled_from(("all", "day", "week", "month", "quarter", "year"))


@pytest.mark.row("RPT-1")
@given(orders=some.lists(_order(), max_size=25), by=_BY, levels=_LEVELS)
def test_every_subtotal_of_orders_is_the_sum_of_its_parts(orders, by, levels):
    numbered = [{**order, "id": f"o{n}", "number": f"n{n}"} for n, order in enumerate(orders)]
    copy = _copy(order_fact=numbered)
    rows = _rows(copy, "orders", Filters(), by, levels)
    whole = {
        "revenue_yuan": sum(order["paid_fen"] for order in orders),
        "refunded_yuan": sum(order["refunded_fen"] for order in orders),
        "invoiced_yuan": sum(order["invoiced_fen"] for order in orders),
    }
    by_depth: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_depth.setdefault(row["level"], []).append(row)
        assert _fen(row["net_yuan"]) == _fen(row["revenue_yuan"]) - _fen(row["refunded_yuan"])
    for part in by_depth.values():
        assert sum(row["placed"] for row in part) == len(orders)
        for name, fen in whole.items():
            assert sum(_fen(row[name]) for row in part) == fen
    if orders:
        assert len(by_depth) == 1 + (by != "all") + len(levels)


@pytest.mark.row("RPT-1")
@given(orders=some.lists(_order(), max_size=25))
def test_orders_of_each_platform_and_of_each_span_come_to_those_of_all(orders):
    numbered = [{**order, "id": f"o{n}", "number": f"n{n}"} for n, order in enumerate(orders)]
    copy = _copy(order_fact=numbered)

    def revenue(filters: Filters) -> int:
        # Of nothing there may be no total.
        rows = _rows(copy, "orders", filters, "all", ())
        return sum(_fen(row["revenue_yuan"]) for row in rows if row["level"] == 0)

    everything = sum(order["paid_fen"] for order in orders)
    middle = _START + 60 * _DAY + 12_345
    assert sum(revenue(Filters(platforms=(one,))) for one in _PLATFORMS) == everything
    assert revenue(Filters(to_ms=middle)) + revenue(Filters(from_ms=middle)) == everything


@pytest.mark.row("RPT-3")
@given(
    invoices=some.lists(_invoice(), max_size=20),
    by=_BY,
    levels=some.lists(
        some.sampled_from(("rate", "tax_item", "invoice_kind", "platform", "region", "kind")),
        unique=True,
    ),
)
def test_tax_by_whatever_is_the_tax_on_the_lines_less_red_letters(invoices, by, levels):
    heads, lines = [], []
    for number, invoice in enumerate(invoices):
        sign = -1 if invoice["red"] else 1
        head = {key: value for key, value in invoice.items() if key not in ("lines", "red")}
        heads.append(
            {
                **head,
                "id": f"i{number}",
                "number": f"{number:020d}",
                "created_at": invoice["issued_at"],
                "reverses": "i0" if invoice["red"] else None,
            }
        )
        lines += [
            {
                "invoice_id": f"i{number}",
                "line": place,
                "tax_item": "certificate_service",
                "rate": rate and decimal.Decimal(rate),
                "net_fen": sign * net,
                "tax_fen": sign * tax,
            }
            for place, (net, tax, rate) in enumerate(invoice["lines"], start=1)
        ]
    rows = _rows(_copy(invoice_fact=heads, invoice_line_fact=lines), "tax", Filters(), by, levels)
    assert sum(row["lines"] for row in rows) == len(lines)
    assert sum(_fen(row["net_yuan"]) for row in rows) == sum(one["net_fen"] for one in lines)
    assert sum(_fen(row["tax_yuan"]) for row in rows) == sum(one["tax_fen"] for one in lines)
    for row in rows:
        assert _fen(row["total_yuan"]) == _fen(row["net_yuan"]) + _fen(row["tax_yuan"])
        assert _fen(row["red_tax_yuan"]) <= 0
