"""Copies for the proofs of the reports: a generated one and one of a simulated run that was frozen."""

from __future__ import annotations

import contextlib
import functools
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from engine import reports
from tools.benchmarking import lifecycles
from tools.benchmarking.lifecycles import copying

ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "tests" / "support" / "frozen_run"
_SCHEMA = Path(reports.__file__).with_name("schema.sql")
EVENTS = 25_000


def schema() -> str:
    """The statements that make an empty copy."""
    return _SCHEMA.read_text(encoding="utf-8")


@functools.cache
def generated(events: int = EVENTS) -> Any:
    """A year of made-up cases, always the same ones: many of everything that reports count."""
    with tempfile.TemporaryDirectory(prefix="yinxin-") as name:
        folder = Path(name)
        lifecycles.make(folder / "rows", events)
        copying.load(folder / "rows", folder / "copy.duckdb")
        with contextlib.closing(duckdb.connect(str(folder / "copy.duckdb"))) as made:
            return _in_memory(made)


@functools.cache
def frozen() -> Any:
    """What the feed made of a simulated run's log, kept as Parquet (`tools/freeze_reports.py`)."""
    copy = duckdb.connect()
    copy.execute(schema())
    for path in sorted(FROZEN.glob("*.parquet")):
        told = pq.read_table(path)  # noqa: F841 - DuckDB finds it by its name
        copy.execute(f"INSERT INTO {path.stem} BY NAME SELECT * FROM told")
    return copy


def _in_memory(source: Any) -> Any:
    """A copy without a file."""
    copy = duckdb.connect()
    copy.execute(schema())
    for table in copying.tables(source):
        told = source.sql(f"SELECT * FROM {table}").to_arrow_table()  # noqa: F841
        copy.execute(f"INSERT INTO {table} BY NAME SELECT * FROM told")
    return copy
