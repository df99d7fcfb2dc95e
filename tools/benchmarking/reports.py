"""Every report over ten million events of cases, beside the same question in pandas and in polars.

A population is made straight into the copy's tables (see `lifecycles`), once as the copy that the product
asks and once as Parquet of the very same rows for the others. In one run each report is asked 20 times of
the copy, opened as the console opens it; pandas answers from the files, with the columns that it needs,
and once more with everything read before; polars answers lazily from the files, in a process of its own
(`make bench-peers`). Their answers are compared: a figure that differs stops the run.

`YINXIN_BENCH_EVENTS` asks for another size, `YINXIN_BENCH_REPORTS` for some of the reports (by name, with
commas), `YINXIN_BENCH_GROWTH` for the sizes whose growth is drawn.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from engine.reports import catalog, snapshot
from tools.benchmarking import answers, lifecycles, results
from tools.benchmarking.answers import comparing, frames, process
from tools.benchmarking.lifecycles import copying

_ROOT = Path(__file__).resolve().parents[2]
_PLACE = _ROOT / "data" / "var"
PEERS = _PLACE / "peers" / "venv" / "bin" / "python"
EVENTS = 10_000_000
ROUNDS, WARM = 20, 2
# Of processor time a few rounds tell enough.
GROWTH_ROUNDS = 5
PANDAS_ROUNDS = 2
_MS = 1_000
# The process map is told under a name of its own.
_NAMED = {"process_map": "process_map_10m"}
# What the copy keeps ready, kept ready for pandas too; from the events themselves it is told beside it.
_READY = {"process_map": process.process_map_of_pairs, "variants": process.variants_of_cases}
# What each answer in polars counts, by the report's column: so that it is known to have asked the same.
_COUNTED = {
    "orders": "placed",
    "order_steps": "reached",
    "refunds": "refunds",
    "reviews": "decided",
    "reasons": "rejections",
    "rework": "decided",
    "samples": "looked_again",
    "backlog": "came",
    "invoices": "applied",
    "tax": "lines",
    "process_map": "moves",
    "variants": "cases",
    "funnel": "reached",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one report took: milliseconds of each round, on the wall and of the processor."""

    rows: int
    wall: list[float]
    cpu: list[float]
    first: float


def measure() -> list[results.Result]:
    """Every report at one size."""
    events = int(os.environ.get("YINXIN_BENCH_EVENTS", EVENTS))
    wanted = os.environ.get("YINXIN_BENCH_REPORTS", "")
    names = tuple(wanted.split(",")) if wanted else catalog.NAMES
    with _population(events) as (copy, folder, made):
        found = {name: _product(copy, name) for name in names}
        if empty := sorted(name for name, asked in found.items() if not asked.rows):
            raise AssertionError(f"the population has nothing for {empty}")
        peers = {name: _pandas(copy, folder, name) for name in names}
        polars = _polars(copy, folder)
        return [_result(name, found[name], peers[name], polars.get(name), made) for name in names]


@contextmanager
def _population(events: int) -> Iterator[tuple[Any, Path, dict[str, Any]]]:
    """A copy of about so many events, opened as the console opens one, and the same rows as Parquet."""
    _PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_PLACE, prefix=".reports-") as name:
        folder = Path(name)
        begin = time.perf_counter()
        lifecycles.make(folder / "rows", events)
        target = folder / "copy.duckdb"
        count = copying.load(folder / "rows", target)
        copying.to_parquet(target, folder / "tables")
        made = {
            "events": count,
            "made_s": results.rounded(time.perf_counter() - begin),
            "copy_mb": round(target.stat().st_size / 1e6),
            "parquet_mb": round(
                sum(one.stat().st_size for one in (folder / "tables").iterdir()) / 1e6
            ),
        }
        with snapshot.open_copy(target) as copy:
            yield copy, folder / "tables", made


def _product(copy: Any, name: str, rounds: int = ROUNDS) -> Asked:
    """The report as a page asks it: no filter, its first roll-up, the levels that it shows by itself."""
    report = catalog.load(name)
    wall, cpu, rows = [], [], 0
    for _ in range(WARM + rounds):
        gc.collect()
        begin, used = time.perf_counter(), time.process_time()
        rows = len(catalog.ask(copy, report).rows)
        wall.append((time.perf_counter() - begin) * _MS)
        cpu.append((time.process_time() - used) * _MS)
    return Asked(rows=rows, wall=wall[WARM:], cpu=cpu[WARM:], first=wall[0])


def asked_of(report: catalog.Report) -> frames.Asked:
    """The same question, for those who answer it without the report."""
    return frames.Asked(by=report.by[0] if report.by else "all", levels=report.shown)


def _pandas(copy: Any, folder: Path, name: str) -> dict[str, float]:
    """Milliseconds from the files and with everything read before; the answer must be the report's."""
    report = catalog.load(name)
    told, asked = catalog.ask(copy, report), asked_of(report)
    answer = _READY.get(name, answers.ANSWERS[name])
    from_files, in_memory = [], []
    for _ in range(PANDAS_ROUNDS):
        read = frames.of_parquet(folder)
        files, frame = _timed(answer, read, asked)
        memory, _same = _timed(answer, read, asked)
        from_files.append(files)
        in_memory.append(memory)
        _must_be_the_same(name, told, frame)
    found = {"files": results.median(from_files), "memory": results.median(in_memory)}
    if name in _READY:
        found["events"], frame = _timed(answers.ANSWERS[name], frames.of_parquet(folder), asked)
        _must_be_the_same(name, told, frame)
    return found


def _timed(
    answer: Callable[[frames.Frames, frames.Asked], pd.DataFrame],
    read: frames.Frames,
    asked: frames.Asked,
) -> tuple[float, pd.DataFrame]:
    gc.collect()
    begin = time.perf_counter()
    frame = answer(read, asked)
    return (time.perf_counter() - begin) * _MS, frame


def _must_be_the_same(name: str, told: catalog.Answer, frame: pd.DataFrame) -> None:
    if different := comparing.differences(told.columns, told.rows, frame):
        raise AssertionError(f"{name} and pandas differ: {different}")


def _polars(copy: Any, folder: Path) -> dict[str, float]:
    """Milliseconds of each answer in polars, which runs in the peers' environment."""
    if not PEERS.exists():
        raise FileNotFoundError("polars is missing: run `make bench-peers` first")
    script = Path(__file__).with_name("peers_polars.py")
    done = subprocess.run(
        [str(PEERS), str(script), str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout)["found"]
    for name, told in found.items():
        if told["counted"] != (counted := _counted(copy, name)):
            raise AssertionError(f"{name}: polars counts {told['counted']}, the report {counted}")
    return {name: told["ms"] for name, told in found.items()}


def _counted(copy: Any, name: str) -> int:
    """What a report counts in all, its subtotals left out."""
    told = catalog.ask(copy, catalog.load(name))
    rows = [dict(zip(told.columns, row, strict=True)) for row in told.rows]
    if "level" in told.columns:
        deepest = max(row["level"] for row in rows)
        rows = [row for row in rows if row["level"] == deepest]
    if name == "process_map":
        rows = [row for row in rows if row["from_activity"] and row["to_activity"]]
    return sum(row[_COUNTED[name]] for row in rows)


def _result(
    name: str,
    own: Asked,
    pandas: dict[str, float],
    polars: float | None,
    made: dict[str, Any],
) -> results.Result:
    value = results.median(own.wall)
    options: dict[str, Any] = {
        "about": f"milliseconds of the report “{catalog.load(name).text('title', 'en')}” over"
        f" {made['events'] / 1e6:.3g} million events of cases, asked of the copy; baseline: the same"
        " question in pandas from Parquet files of the same rows",
        **made,
        "rounds": len(own.wall),
        "rows": own.rows,
        "p99_ms": results.rounded(float(np.quantile(own.wall, 0.99))),
        "first_ms": results.rounded(own.first),
        "processor_ms": results.rounded(results.median(own.cpu)),
        "pandas_read_before_ms": results.rounded(pandas["memory"]),
        "times_as_fast_as_pandas": results.rounded(pandas["files"] / value),
        "times_as_fast_as_pandas_read_before": results.rounded(pandas["memory"] / value),
        "duckdb": duckdb.__version__,
    }
    if "events" in pandas:
        options["pandas_from_the_events_ms"] = results.rounded(pandas["events"])
    if polars is not None:
        options |= {
            "polars_ms": results.rounded(polars),
            "times_as_fast_as_polars": results.rounded(polars / value),
        }
    return results.Result(
        name=_NAMED.get(name, f"report_{name}_10m"),
        value=value,
        unit="ms",
        baseline=pandas["files"],
        options=options,
    )


# -- growth ------------------------------------------------------------------------------------


def sizes() -> Sequence[int]:
    """How large the copies are whose growth is drawn; fifty million takes a while, and is asked for."""
    told = os.environ.get("YINXIN_BENCH_GROWTH", "1000000,10000000")
    return [int(one) for one in told.split(",")]


def measure_growth() -> list[results.Result]:
    """Every report at several sizes, in processor time: a busy machine changes it little.

    One copy after the other takes long, so that few machines are quiet all the while.
    """
    found: dict[str, dict[str, float]] = {name: {} for name in catalog.NAMES}
    for events in sizes():
        with _population(events) as (copy, _, made):
            for name in catalog.NAMES:
                asked = _product(copy, name, GROWTH_ROUNDS)
                found[name][str(made["events"])] = results.rounded(results.median(asked.cpu))
    counts = [int(one) for one in next(iter(found.values()))]
    slowest = max(found, key=lambda name: list(found[name].values())[-1])
    first, *_, last = found[slowest].values()
    return [
        results.Result(
            name="report_growth",
            value=last,
            unit="ms",
            baseline=first,
            options={
                "about": f"processor milliseconds, of all threads, of the slowest report ({slowest}) at"
                f" {counts[-1] / 1e6:.3g} million events; baseline: at {counts[0] / 1e6:.3g} million",
                "rounds": GROWTH_ROUNDS,
                "growth": {name: dict(told) for name, told in found.items()},
            },
        )
    ]


if __name__ == "__main__":
    for one in measure():
        print(results.line(one))
    sys.exit(0)
