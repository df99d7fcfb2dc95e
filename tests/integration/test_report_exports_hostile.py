"""Hostile texts in every text column of every report: no export makes a formula or a link of one.

The texts stand in the copy itself, in place of platforms, agencies, regions, reviewers, numbers and codes,
and once more in every text cell of what a report answered.
"""

from __future__ import annotations

import csv
import io
import itertools
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from engine.reports import catalog, exports
from engine.reports.catalog import Answer
from tests.support import hostile_texts, report_copies
from tools.benchmarking.lifecycles import copying

# Columns whose words the reports themselves know: changed, they would only make the answers empty.
_KNOWN = frozenset(
    [
        "status",
        "kind",
        "usage",
        "activity",
        "from_activity",
        "to_activity",
        "first_activity",
        "path",
        "case_kind",
        "actor_kind",
        "order_kind",
        "medium",
        "sample_of",
        "corrects",
        "reverses",
        "reasons",
        "matters",
        "urged",
        "result",
        "business",
        "product",
        "purpose",
        "stage",
        "source",
        "origin",
        "role",
        "why",
        "part",
        "signing_order",
        "business_date",
        "digest",
    ]
)
_MOST = 60
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def poisoned() -> Any:
    """The generated copy with a hostile text before each text: always the same before the same one."""
    source = report_copies.generated(4_000)
    copy = duckdb.connect()
    copy.execute(report_copies.schema())
    copy.execute("CREATE TEMP TABLE hostile (place BIGINT, text VARCHAR)")
    copy.executemany("INSERT INTO hostile VALUES (?, ?)", list(enumerate(hostile_texts.FORMULAS)))
    copy.execute(
        "CREATE TEMP MACRO poison(found) AS"
        " (SELECT list(text ORDER BY place) FROM hostile)"
        f"[1 + (hash(found) % {len(hostile_texts.FORMULAS)})::BIGINT]"
        " || found"
    )
    for table, columns in copying.tables(source).items():
        told = source.sql(f"SELECT * FROM {table}").to_arrow_table()
        texts = {field.name for field in told.schema if str(field.type) == "string"} - _KNOWN
        chosen = ", ".join(
            f"poison({name}) AS {name}" if name in texts else name for name in columns
        )
        copy.execute(f"INSERT INTO {table} BY NAME SELECT {chosen} FROM told")
    return copy


def _exported(answer: Answer) -> None:
    """Every kind of export of an answer, opened again."""
    rows = list(csv.reader(io.StringIO(exports.to_csv(answer), newline=""), strict=True))
    assert len(rows) == len(answer.rows) + 1
    for cells, row in zip(rows[1:], answer.rows, strict=True):
        for cell, told in zip(cells, row, strict=True):
            if isinstance(told, str):
                assert not cell.startswith(_RISKY)
                assert cell.removeprefix("'") == told
    book = openpyxl.load_workbook(io.BytesIO(exports.to_xlsx(answer)))
    for cell in (cell for sheet in book for line in sheet.iter_rows() for cell in line):
        assert cell.data_type != "f"
        assert cell.hyperlink is None
    table = pq.read_table(io.BytesIO(exports.to_parquet(answer)))
    for index in range(len(answer.columns)):
        told = [row[index] for row in answer.rows]
        if any(isinstance(one, str) for one in told):
            assert table.column(index).to_pylist() == told


def _first_rows(answer: Answer) -> Answer:
    return Answer(columns=answer.columns, rows=answer.rows[:_MOST])


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("name", catalog.NAMES)
def test_what_is_hostile_in_the_copy_is_harmless_in_every_export(poisoned: Any, name: str):
    report = catalog.load(name)
    _exported(_first_rows(catalog.ask(poisoned, report, levels=report.levels)))
    _exported(_first_rows(catalog.cases(poisoned, report)))


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("name", catalog.NAMES)
def test_whatever_text_a_report_answers_with_is_harmless_in_every_export(name: str):
    told = _first_rows(catalog.ask(report_copies.frozen(), catalog.load(name)))
    texts = itertools.cycle(hostile_texts.TEXTS)
    rows = tuple(
        tuple(next(texts) if isinstance(cell, str) else cell for cell in row) for row in told.rows
    )
    _exported(Answer(columns=told.columns, rows=rows))


def test_the_poison_is_in_what_the_reports_answer(poisoned: Any):
    """That the tests above can fail: platforms and reviewers of the answers begin as formulas do."""
    orders = catalog.ask(poisoned, catalog.load("orders"), by="all", levels=["platform"])
    samples = catalog.ask(poisoned, catalog.load("samples"), by="all", levels=["reviewer"])
    found = [cell for answer in (orders, samples) for row in answer.rows for cell in row]
    assert any(isinstance(cell, str) and cell.startswith(_RISKY) for cell in found)
