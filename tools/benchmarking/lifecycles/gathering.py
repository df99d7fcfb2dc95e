"""Where the parts of a generated population put their rows: a Parquet file a table, written through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tools.benchmarking.lifecycles.chance import Column

PLATFORMS = ("guangzheng", "yangguang", "yuanjin")
AGENCIES = ("dongfang", "nanfang", "huaxia")
PRODUCTS = ("enterprise", "individual", "event")
_PROVINCES = (
    range(11, 16),
    range(21, 24),
    range(31, 38),
    range(41, 47),
    range(50, 55),
    range(61, 66),
)
REGIONS = tuple(f"{province}0000" for group in _PROVINCES for province in group)
# So many ids of each part are kept, for what is done to things of other tables.
_KEPT = 400
# Rows whose column says nothing.
NOTHING = -1


def named(codes: Column, names: Sequence[str]) -> pa.Array:
    """The names that codes stand for; `NOTHING` is NULL."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def told(codes: Column, names: Sequence[str]) -> pa.Array:
    """The names that codes stand for; `NOTHING` is an empty text, as in the events of cases."""
    return named(np.where(codes < 0, len(names), codes), (*names, ""))


def moments(values: Column, known: Column) -> pa.Array:
    """Instants, NULL where they are not known."""
    return pa.array(values.astype(np.int64), mask=~known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Cases of a kind whose steps are told: their ids and what filters know of them, as codes."""

    kind: str
    ids: pa.Array
    platform: Column
    agency: Column
    region: Column
    product: Column


class Gathered:
    """Rows of every table, written through."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._told: list[pa.Table] = []
        self._kept: dict[str, list[pa.Array]] = {}
        self.events = 0

    def add(self, table: str, columns: Mapping[str, Any]) -> None:
        """Rows of a table; a text stands for the whole column."""
        count = next(len(one) for one in columns.values() if not isinstance(one, str | int | None))
        made = {
            name: pa.array([value] * count, pa.string())
            if isinstance(value, str | None)
            else pa.array(np.full(count, value, np.int64))
            if isinstance(value, int)
            else pa.array(value)
            for name, value in columns.items()
        }
        self._write(table, pa.table(_plain(made)))

    def keep(self, table: str, ids: pa.Array) -> None:
        """Keep some ids of a table's rows."""
        self._kept.setdefault(table, []).append(ids.slice(0, _KEPT))

    def kept(self, table: str) -> pa.Array:
        """The ids that were kept of a table's rows."""
        return pa.concat_arrays(self._kept[table])

    def happened(
        self, cases: Cases, activity: str, at: Column, which: Column, actor: str = "person"
    ) -> None:
        """That `activity` happened to those `which` of the cases."""
        chosen = np.flatnonzero(which)
        count = len(chosen)
        if not count:
            return
        taken = pa.array(chosen.astype(np.int32))
        self._told.append(
            pa.table(
                _plain(
                    {
                        "case_kind": pa.repeat(pa.scalar(cases.kind), count),
                        "case_id": cases.ids.take(taken),
                        "activity": pa.repeat(pa.scalar(activity), count),
                        "happened_at": pa.array(at[chosen].astype(np.int64)),
                        "actor_kind": pa.repeat(pa.scalar(actor), count),
                        "platform_id": told(cases.platform[chosen], PLATFORMS),
                        "agency_id": told(cases.agency[chosen], AGENCIES),
                        "region": told(cases.region[chosen], REGIONS),
                        "product": told(cases.product[chosen], PRODUCTS),
                    }
                )
            )
        )

    def noted(self, kind: str, subjects: pa.Array, at: Column, actor: str = "person") -> None:
        """Events that are no step of a case, with their subjects."""
        if len(at):
            self.add(
                "other_event",
                {"kind": kind, "subject": subjects, "occurred_at": at, "actor_kind": actor},
            )

    def tell(self) -> None:
        """Write down what happened so far, in order of time."""
        told = pa.concat_tables(self._told)
        order = np.argsort(told["happened_at"].to_numpy(), kind="stable")
        self._told = []
        self.events += len(order)
        self._write("lifecycle_event", told.take(pa.array(order)))

    def close(self) -> None:
        """Finish the files."""
        for writer in self._writers.values():
            writer.close()

    def _write(self, table: str, rows: pa.Table) -> None:
        if table not in self._writers:
            self._writers[table] = pq.ParquetWriter(
                self._folder / f"{table}.parquet", rows.schema, compression="zstd"
            )
        self._writers[table].write_table(rows)


def _plain(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """Without dictionaries, so that each part has one and the same schema."""
    return {
        name: array.cast(pa.string()) if pa.types.is_dictionary(array.type) else array
        for name, array in columns.items()
    }
