"""What the pandas answers are made of: a copy's tables as frames, spans and lists, periods, rounding.

None of it is the product's code: what a period, a list that is empty or a rounded figure is was written
here a second time, from the definitions.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000
SHANGHAI = 8 * HOUR
FOREVER = 1 << 52
# Texts of which there are few: a dictionary of them is how pandas is fast.
_FEW = frozenset(
    [
        "platform_id",
        "agency_id",
        "region",
        "product",
        "business",
        "status",
        "kind",
        "order_kind",
        "medium",
        "stage",
        "decided_by",
        "activity",
        "from_activity",
        "first_activity",
        "path",
        "to_activity",
        "case_kind",
        "actor_kind",
        "usage",
        "origin",
        "role",
        "way",
        "source",
        "code",
        "reason",
        "why",
        "tax_item",
        "signing_order",
        "purpose",
        "revocation_reason",
        "entity_class",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is asked about; an empty list is all."""

    from_ms: int = 0
    to_ms: int = FOREVER
    platforms: Sequence[str] = ()
    agencies: Sequence[str] = ()
    regions: Sequence[str] = ()
    stages: Sequence[str] = ()
    reviewers: Sequence[str] = ()
    kinds: Sequence[str] = ()
    by: str = ""
    levels: Sequence[str] = ()


@dataclass(slots=True)
class Frames:
    """Tables read column by column; `kept` says whether what was read stays in memory."""

    read: Callable[[str, list[str]], pa.Table]
    kept: bool = True
    _known: dict[tuple[str, str], Any] = field(default_factory=dict)

    def of(self, table: str, columns: str) -> pd.DataFrame:
        """Some columns of a table."""
        wanted = columns.split()
        missing = [name for name in wanted if (table, name) not in self._known]
        if missing:
            found = self.read(table, missing)
            for name in missing:
                column = found[name]
                if name in _FEW and pa.types.is_string(column.type):
                    column = column.dictionary_encode()
                known = column.to_pandas()
                if isinstance(known.dtype, pd.CategoricalDtype):
                    # So that categories sort as their texts do.
                    known = known.cat.reorder_categories(sorted(known.cat.categories))
                self._known[table, name] = known
        frame = pd.DataFrame({name: self._known[table, name] for name in wanted}, copy=False)
        if not self.kept:
            self._known.clear()
        return frame

    def now(self) -> int:
        """The newest moment that the copy knows of."""
        return int(self.of("watermark", "occurred_at")["occurred_at"].iloc[0])


def of_parquet(folder: Path, *, kept: bool = True) -> Frames:
    """The tables in a folder of Parquet files."""

    def read(table: str, columns: list[str]) -> pa.Table:
        few = [name for name in columns if name in _FEW]
        return pq.read_table(folder / f"{table}.parquet", columns=columns, read_dictionary=few)

    return Frames(read, kept)


def of_copy(copy: Any) -> Frames:
    """The tables of an open copy."""

    def read(table: str, columns: list[str]) -> pa.Table:
        return copy.cursor().sql(f"SELECT {', '.join(columns)} FROM {table}").to_arrow_table()  # noqa: S608

    return Frames(read)


# -- spans, lists ------------------------------------------------------------------------------


def within(moments: pd.Series, asked: Asked) -> pd.Series:
    """Which lie within the span; what is not known does not."""
    return (moments >= asked.from_ms) & (moments < asked.to_ms)


_COLUMNS = {
    "platforms": "platform_id",
    "agencies": "agency_id",
    "regions": "region",
    "stages": "stage",
    "reviewers": "decided_by",
    "kinds": "order_kind",
}


def limited(frame: pd.DataFrame, asked: Asked, lists: str) -> pd.DataFrame:
    """The rows that the lists ask for."""
    for name in lists.split():
        if values := getattr(asked, name):
            frame = frame[frame[_COLUMNS[name]].isin(list(values))]
    return frame


# -- periods -----------------------------------------------------------------------------------


def civil(moments: pd.Series) -> pd.Series:
    """Dates in Shanghai of instants that are all known."""
    days = (moments.to_numpy(np.int64) + SHANGHAI) // DAY
    return pd.Series(days.astype("datetime64[D]").astype("datetime64[s]"), index=moments.index)


def _name(day: pd.Timestamp, by: str) -> str:
    if by == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if by == "quarter":
        return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
    return day.strftime({"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[by])


def period(moments: pd.Series, by: str) -> pd.Series:
    """The name of the period of each instant; names sort as periods do."""
    codes, days = pd.factorize(civil(moments))
    names = [_name(pd.Timestamp(day), by) for day in days]
    distinct = sorted(set(names))
    place = np.array([distinct.index(name) for name in names], dtype=np.int32)
    return pd.Series(pd.Categorical.from_codes(place[codes], distinct), index=moments.index)


# -- grouping ----------------------------------------------------------------------------------


def told_by(
    frame: pd.DataFrame, asked: Asked, moments: str, levels: dict[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """The frame with the columns that its rows are told by, and which those are."""
    chosen: list[str] = []
    columns: dict[str, Any] = {}
    if asked.by != "all":
        columns["period"] = period(frame[moments], asked.by)
        chosen.append("period")
    for level, column in levels.items():
        if level in asked.levels:
            columns[level] = frame[column]
            chosen.append(level)
    return frame.assign(**columns), chosen


def grouped(frame: pd.DataFrame, keys: Sequence[str]) -> Any:
    """Groups by some columns; of none, all is one group where there is anything."""
    if keys:
        return frame.groupby(list(keys), dropna=False, observed=True, sort=True)
    return frame.groupby(np.zeros(len(frame), dtype=np.int8))


def finished(found: pd.DataFrame, keys: Sequence[str], columns: str) -> pd.DataFrame:
    """With every column of the report, in its order; a column that nobody asked for is empty."""
    plain = found.reset_index() if keys else found.reset_index(drop=True)
    for name in columns.split():
        if name not in plain:
            plain[name] = None
    return plain[columns.split()]


# -- figures -----------------------------------------------------------------------------------


def rounded(values: Any, digits: int) -> Any:
    """Rounded half away from zero, as an accountant does; nothing stays nothing.

    What decides is the number that is stored, to its last bit: 77.85 is a little less than it looks.
    """
    numbers = np.asarray(values, dtype=np.float64)
    power = 10.0**digits
    scaled = np.abs(numbers) * power
    found = np.sign(numbers) * np.floor(scaled + 0.5) / power
    step = decimal.Decimal(1).scaleb(-digits)
    for place in np.flatnonzero(np.abs(scaled % 1 - 0.5) < 1e-6):
        exact = decimal.Decimal(float(numbers[place]))
        found[place] = float(exact.quantize(step, rounding=decimal.ROUND_HALF_UP))
    return pd.Series(found, index=values.index) if isinstance(values, pd.Series) else found


def percent(part: Any, whole: Any) -> Any:
    """Part of a whole in per cent with one decimal; of nothing there is no part."""
    whole = np.asarray(whole, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(whole > 0, 100.0 * np.asarray(part, dtype=np.float64) / whole, np.nan)
    return rounded(shares, 1)


def yuan(fen: Any) -> Any:
    """Fen as yuan."""
    return fen / 100.0
