"""An answer as a file that is safe to open: CSV, XLSX, Parquet (`security.md` 3.7).

No text of ours is ever taken for a formula or a link: in CSV a risky text begins with an apostrophe, in
XLSX every text is written as a string. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import datetime
import decimal
import io
import json
import math
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import xlsxwriter
from pyarrow import parquet

from engine.kernel import errors
from engine.reports.catalog import Answer

# What a spreadsheet takes for the beginning of a formula, full-width forms included.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
# The apostrophe too, so that taking one away gives back every text as it was.
_QUOTED = (*_RISKY, "'")
# XLSX's own limits.
_MOST_ROWS = 1_048_576
_MOST_SIGNS = 32_767
_EXACT = 1 << 53
_FIRST_YEAR = 1900
_WIDTHS = (8, 48)


class TooManyRows(errors.PolicyRefused):
    """XLSX holds {most} rows and this answer has {rows}. Export it as CSV or Parquet, or ask for less."""


def to_csv(answer: Answer) -> str:
    """CSV that no spreadsheet takes for formulas: risky texts begin with an apostrophe."""
    out = io.StringIO()
    # Lines end as RFC 4180 has it. With CRLF the writer quotes a lone CR too: unquoted, a spreadsheet would
    # begin a row, and a formula, after it.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_quoted(name) for name in answer.columns])
    for row in answer.rows:
        writer.writerow([_quoted(_told(cell)) for cell in row])
    return out.getvalue()


def _quoted(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_QUOTED) else cell


def _told(cell: Any) -> Any:
    """A cell as a number, a text, a date or nothing: a list or a structure as JSON."""
    if isinstance(cell, list | tuple | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    if isinstance(cell, bytes):
        return cell.hex()
    return cell


def to_xlsx(answer: Answer, *, about: Mapping[str, str] | None = None) -> bytes:
    """A workbook with the answer, and what it is about on a second sheet; neither formula nor link.

    Raises: TooManyRows.
    """
    if len(answer.rows) >= _MOST_ROWS:
        raise TooManyRows(rows=len(answer.rows), most=_MOST_ROWS - 1)
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "bottom": 1})
        dates = {
            datetime.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for column, name in enumerate(answer.columns):
            sheet.write_string(0, column, name[:_MOST_SIGNS], head)
        for number, row in enumerate(answer.rows, start=1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, _told(cell), dates)
        for column, name in enumerate(answer.columns):
            longest = max(
                [len(name), *(len(str(row[column])) for row in answer.rows[:200])], default=0
            )
            sheet.set_column(column, column, min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1]))
        sheet.freeze_panes(1, 0)
        if answer.rows:
            sheet.autofilter(0, 0, len(answer.rows), len(answer.columns) - 1)
        _write_about(book, about or {}, head)
    return out.getvalue()


def _write_about(book: Any, about: Mapping[str, str], head: Any) -> None:
    if not about:
        return
    sheet = book.add_worksheet()
    for row, (name, text) in enumerate(about.items()):
        sheet.write_string(row, 0, name[:_MOST_SIGNS], head)
        sheet.write_string(row, 1, text[:_MOST_SIGNS])
    sheet.set_column(0, 0, _WIDTHS[0] * 2)
    sheet.set_column(1, 1, _WIDTHS[1] * 2)


def _write(
    sheet: Any, row: int, column: int, cell: Any, dates: Mapping[type[datetime.date], Any]
) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, datetime.date) and cell.year < _FIRST_YEAR:
        sheet.write_string(row, column, cell.isoformat())
    elif isinstance(cell, datetime.datetime):
        sheet.write_datetime(row, column, cell.replace(tzinfo=None), dates[datetime.datetime])
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, cell, dates[datetime.date])
    elif isinstance(cell, int | float | decimal.Decimal) and _is_exact(cell):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell)[:_MOST_SIGNS])


def _is_exact(number: int | float | decimal.Decimal) -> bool:
    """Whether a spreadsheet, which counts in doubles, can hold it: an id of 20 digits is a text."""
    if isinstance(number, float):
        return math.isfinite(number)
    return abs(int(number)) <= _EXACT


def to_parquet(answer: Answer, *, about: Mapping[str, str] | None = None) -> bytes:
    """A Parquet file (zstd); what it is about is in the schema's metadata."""
    columns = [_column([row[index] for row in answer.rows]) for index in range(len(answer.columns))]
    names = [name if answer.columns.count(name) == 1 else f"{name}_{index}"
             for index, name in enumerate(answer.columns)]  # fmt: skip
    table = pa.Table.from_arrays(columns, names=names)
    table = table.replace_schema_metadata(dict(about or {}))
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd")
    return out.getvalue()


def _column(cells: list[Any]) -> Any:
    try:
        found = pa.array(cells)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        # Of several kinds, as own SQL may give them: as texts.
        found = pa.array([None if cell is None else str(_told(cell)) for cell in cells])
    # A column without any value has no kind of its own.
    return found.cast(pa.string()) if pa.types.is_null(found.type) else found
