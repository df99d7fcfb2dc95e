"""Actions per second of the engine beside a loop that does the same work without an engine.

The mix (see `mix`) is recorded once (see `recording`). Then engine and bare loop take turns, each round
on a fresh copy of the same world, in memory and in a file (WAL, synchronous=FULL). What each feature
costs is timed inside the engine in rounds of its own, and where the rest goes is profiled (see `features`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.kernel import database
from engine.kernel.engine import Engine
from tools.benchmarking import features, mix, recording, results

ROOT = Path(__file__).resolve().parents[2]
PERSONS = 30
ROUNDS = 7
# A commit that waits for the disk takes milliseconds: fewer rounds, and nothing split.
DURABLE_ROUNDS = 5
_ABOUT = (
    "engine actions a second in a fixed mix of the line; baseline: the same statements with the same"
    " parameters in the same transactions, hashes, MACs, ciphers and signatures over the same bytes,"
    " as a bare loop"
)
_MICRO = 1_000_000
# In memory there is nothing to wait for, so processor time is the time, whatever else the machine does.
CLOCKS = {"wall": "wall clock", "cpu": "processor time"}

Fresh = Callable[[], database.SqliteDatabase]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds of one round, on the wall and of this process."""

    wall: float
    cpu: float


def measure() -> list[results.Result]:
    """Everything about actions."""
    ground = mix.Ground()
    calls, counts = ground.play(PERSONS)
    notes = record(ground, calls)
    about = {
        "persons": PERSONS,
        "actions": len(calls),
        "mix": counts,
        "an_action": {
            kind: results.rounded(count / len(calls)) for kind, count in notes.counts().items()
        },
    }
    memory = compare(
        ground, calls, notes, lambda: database.SqliteDatabase(None), rounds=ROUNDS, split=True
    )
    with _files() as fresh:
        durable = compare(ground, calls, notes, fresh, rounds=DURABLE_ROUNDS, split=False)
    profile = features.profile(ground, calls)
    storage = {"storage": "file, WAL, synchronous=FULL; uploads in the database"}
    return [
        result("engine_actions_durable", durable, {**storage, **about}, clock="wall"),
        result(
            "engine_actions_memory",
            memory,
            {"storage": "memory", **about, "profile": profile},
            clock="cpu",
        ),
        *features.measure(ground, calls),
    ]


def record(ground: mix.Ground, calls: Sequence[mix.Call]) -> recording.Notes:
    """What the engine does to the database and with keys in these calls."""
    engine = ground.copy(database.SqliteDatabase(None))
    notes = recording.Notes()
    parts = engine.parts
    assert isinstance(parts.db, database.SqliteDatabase)
    noted = recording.RecordingDatabase(parts.db, notes)
    engine = Engine(dataclasses.replace(parts, db=noted))
    with recording.recording(notes):
        for call in calls:
            call.on(engine)
    noted.close()
    return notes


@contextlib.contextmanager
def _files() -> Iterator[Fresh]:
    """Databases in files on the disk where the worlds are."""
    place = ROOT / "data" / "var"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
        names = iter(range(1_000_000))
        yield lambda: database.SqliteDatabase(Path(folder) / f"{next(names)}.sqlite3")


def bare_connection(db: database.SqliteDatabase) -> Any:
    """The SQLite connection itself, outside any transaction."""
    with db.read() as connection:
        return connection.raw  # type: ignore[attr-defined]


def _timed(work: Callable[[], None]) -> Times:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Times(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def _engine_round(ground: mix.Ground, calls: Sequence[mix.Call], fresh: Fresh) -> Times:
    engine = ground.copy(fresh())

    def work() -> None:
        for call in calls:
            call.on(engine)

    taken = _timed(work)
    engine.parts.db.close()
    return taken


def _bare_round(
    ground: mix.Ground, notes: recording.Notes, fresh: Fresh, only: Sequence[str] = ()
) -> Times:
    db = fresh()
    ground.copy(db)
    steps = recording.compiled(notes, bare_connection(db), only)

    def work() -> None:
        for function, values in steps:
            function(*values)

    taken = _timed(work)
    db.close()
    return taken


def compare(
    ground: mix.Ground,
    calls: Sequence[mix.Call],
    notes: recording.Notes,
    fresh: Fresh,
    *,
    rounds: int,
    split: bool,
) -> dict[str, list[Times]]:
    """Rounds in turn, after one of each that doesn't count; seconds an action."""
    in_database = (*recording.STATEMENTS, *recording.BORDERS)
    with_keys = tuple(set(notes.counts()) - set(in_database))
    turns: dict[str, Callable[[], Times]] = {
        "engine": lambda: _engine_round(ground, calls, fresh),
        "bare": lambda: _bare_round(ground, notes, fresh),
    }
    if split:
        turns["database"] = lambda: _bare_round(ground, notes, fresh, in_database)
        turns["keys"] = lambda: _bare_round(ground, notes, fresh, with_keys)
    found: dict[str, list[Times]] = {name: [] for name in turns}
    for turn in range(rounds + 1):
        for name, run in turns.items():
            taken = run()
            if turn:
                found[name].append(Times(wall=taken.wall / len(calls), cpu=taken.cpu / len(calls)))
    return found


def result(
    name: str, found: dict[str, list[Times]], options: dict[str, Any], *, clock: str
) -> results.Result:
    """One figure out of the rounds, by the `clock` (`wall` or `cpu`); the other one's ratio beside it."""
    medians = {
        which: {
            kind: results.median([getattr(one, which) for one in times])
            for kind, times in found.items()
        }
        for which in ("wall", "cpu")
    }
    took = medians[clock]
    parts = {"engine": took["engine"], "bare": took["bare"]}
    if "database" in took:
        parts |= {
            "of it statements and transactions": took["database"],
            "of it hashes, ciphers and signatures": took["keys"],
        }
    ratios = {which: one["bare"] / one["engine"] for which, one in medians.items()}
    return results.Result(
        name=name,
        value=1 / took["engine"],
        unit="actions/s",
        baseline=1 / took["bare"],
        options={
            "about": _ABOUT,
            "clock": CLOCKS[clock],
            "rounds": len(found["engine"]),
            **options,
            "rates": results.spread([1 / getattr(one, clock) for one in found["engine"]]),
            "baseline_rates": results.spread([1 / getattr(one, clock) for one in found["bare"]]),
            "ratios": {CLOCKS[which]: results.rounded(one) for which, one in ratios.items()},
            "us_an_action": {part: results.rounded(one * _MICRO) for part, one in parts.items()},
        },
    )
