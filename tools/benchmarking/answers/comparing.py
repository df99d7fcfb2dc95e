"""Whether two answers are the same, row by row and to the last digit."""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd


def plain(cell: Any) -> Any:
    """A cell as a text, a whole number, a number or nothing, whoever told it."""
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, decimal.Decimal):
        cell = float(cell)
    if isinstance(cell, datetime.date | datetime.datetime):
        return cell.isoformat()[:10]
    if hasattr(cell, "item"):
        cell = cell.item()
        return plain(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell


def rows_of(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """A frame's rows, plain."""
    columns = [frame[name].astype(object).tolist() for name in frame]
    return [tuple(plain(cell) for cell in row) for row in zip(*columns, strict=True)]


def differences(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], frame: pd.DataFrame, *, most: int = 5
) -> list[str]:
    """In words, where an answer and a frame differ; nothing where they are the same."""
    if list(columns) != list(frame.columns):
        return [f"columns {list(columns)} and {list(frame.columns)}"]
    one, two = [tuple(plain(cell) for cell in row) for row in rows], rows_of(frame)
    told = [f"{len(one)} rows and {len(two)}"] if len(one) != len(two) else []
    for number, (first, second) in enumerate(zip(one, two, strict=False)):
        if first != second:
            told += [
                f"row {number} {name}: {left!r} and {right!r} of {first[:4]}"
                for name, left, right in zip(columns, first, second, strict=True)
                if left != right
            ]
        if len(told) >= most:
            break
    return told[:most]
