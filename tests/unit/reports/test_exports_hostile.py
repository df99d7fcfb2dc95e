"""Nothing in an exported answer is ever a formula or a link, and every text comes back as it was."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile

import openpyxl
import pyarrow.parquet as pq
import pytest

from engine.reports import exports
from engine.reports.catalog import Answer
from tests.support import hostile_texts

TEXTS = hostile_texts.TEXTS


def _answer() -> Answer:
    """Each text in each of three columns, beside a number; the columns' names are hostile too."""
    columns = ("=1+1", "http://example.test/", "@name", "fen")
    rows = tuple((text, text, text, number - 5) for number, text in enumerate(TEXTS))
    return Answer(columns=columns, rows=rows)


def _read_csv(text: str) -> list[list[str]]:
    # As a spreadsheet reads it: CR, LF and both end a row outside quotes.
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.row("RPT-5")
def test_a_csv_has_no_text_that_begins_as_a_formula_does_and_gives_each_back():
    head, *rows = _read_csv(exports.to_csv(_answer()))
    assert len(rows) == len(TEXTS)
    risky = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
    for cells, text, number in zip(rows, TEXTS, range(len(TEXTS)), strict=True):
        assert cells[3] == str(number - 5)
        for cell in cells[:3]:
            assert not cell.startswith(risky), text
            assert cell.removeprefix("'") == text
    assert [name.removeprefix("'") for name in head] == list(_answer().columns)


@pytest.mark.row("RPT-5")
def test_a_workbook_has_neither_formula_nor_link_and_gives_each_text_back():
    content = exports.to_xlsx(_answer(), about={"=1+1": "http://example.test/", "@a": "=2"})
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            told = packed.read(name)
            assert b"<f>" not in told
            assert b"<f " not in told
            assert b"<hyperlink" not in told
            assert b"TargetMode" not in told
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert [cell.value for cell in cells if cell.hyperlink] == []
    sheet = book.worksheets[0]
    for number, (row, text) in enumerate(zip(sheet.iter_rows(min_row=2), TEXTS, strict=True)):
        assert row[3].value == number - 5
        for cell in row[:3]:
            # An empty text is an empty cell; line ends are XML's.
            assert _plain(cell.value or "") == _plain(text), repr(text)


def _plain(text: str) -> str:
    return openpyxl.utils.escape.unescape(text).replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.row("RPT-5")
def test_parquet_gives_every_text_back_as_it_was():
    table = pq.read_table(io.BytesIO(exports.to_parquet(_answer())))
    assert table.column_names == list(_answer().columns)
    for index in range(3):
        assert table.column(index).to_pylist() == list(TEXTS)


@pytest.mark.row("RPT-5")
def test_numbers_and_days_stay_what_they_are():
    day = datetime.date(2026, 11, 28)
    answer = Answer(columns=("day", "yuan", "count", "nothing"), rows=((day, -12.5, 3, None),))
    sheet = openpyxl.load_workbook(io.BytesIO(exports.to_xlsx(answer))).worksheets[0]
    found = [cell.value for cell in next(sheet.iter_rows(min_row=2))]
    assert found == [datetime.datetime(2026, 11, 28), -12.5, 3, None]
    assert _read_csv(exports.to_csv(answer))[1] == ["2026-11-28", "-12.5", "3", ""]
    assert pq.read_table(io.BytesIO(exports.to_parquet(answer))).to_pylist() == [
        {"day": day, "yuan": -12.5, "count": 3, "nothing": None}
    ]
