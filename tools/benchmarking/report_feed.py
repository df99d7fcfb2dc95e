"""How fast a copy follows the log, from SQLite and from PostgreSQL, and how long after a commit it tells.

A log of many events is copied whole, then what is new of it is. The baseline reads the very same rows from
the same database and leaves them. The delay is that of a real engine: an action is committed, the copy is
brought up to date and published, and a report has answered.
"""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from engine.kernel import database
from engine.reports import catalog, feeding, snapshot
from tests.support import copies, postgres
from tools.benchmarking import mix, results

_ROOT = Path(__file__).resolve().parents[2]
_PLACE = _ROOT / "data" / "var"
# PostgreSQL is told of each event on its own, which takes longer than reading it back.
EVENTS = {"sqlite": 200_000, "postgresql": 50_000}
NEW = 10_000
ROUNDS = 3
ACTIONS = 20
_NAMES = feeding.Names(copies.KEY)
_MS = 1_000


def measure() -> list[results.Result]:
    """Rows a second of both databases, and the delay."""
    wished = os.environ.get("YINXIN_BENCH_FEED")
    _PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_PLACE, prefix=".feed-") as name:
        folder = Path(name)
        found = []
        for kind, events in EVENTS.items():
            with _log(kind, folder) as db:
                found.append(_fed(kind, db, folder / kind, int(wished or events)))
        return [*found, _delay(folder / "delay")]


@contextmanager
def _log(kind: str, folder: Path) -> Iterator[database.Database]:
    if kind == "sqlite":
        db: database.Database = copies.new_log(folder / "log.sqlite3")
        yield db
        db.close()
        return
    server = postgres.Server()
    try:
        name = server.create()
        db = database.PostgresqlDatabase(server.address(name))
        yield db
        db.close()
    finally:
        server.stop()


def _fed(kind: str, db: database.Database, folder: Path, events: int) -> results.Result:
    copies.grow(db, events)
    whole, alone = [], []
    for number in range(ROUNDS):
        gc.collect()
        begin = time.perf_counter()
        rows = _read(db)
        alone.append(rows / (time.perf_counter() - begin))
        begin = time.perf_counter()
        snapshot.follow(db, _NAMES, folder / str(number), now=True)
        whole.append(rows / (time.perf_counter() - begin))
    new = []
    for _ in range(ROUNDS):
        copies.grow(db, NEW)
        begin = time.perf_counter()
        snapshot.follow(db, _NAMES, folder / "0", now=True)
        new.append(NEW / (time.perf_counter() - begin))
    return results.Result(
        name="feed_rows" if kind == "sqlite" else f"feed_rows_{kind}",
        value=results.median(whole),
        unit="rows/s",
        baseline=results.median(alone),
        options={
            "about": f"events and rows a second into a new copy, out of {kind}, published;"
            " baseline: the same rows read and left",
            "rounds": ROUNDS,
            "events": events,
            "rows": rows,
            "rates": results.spread(whole),
            "new_events_a_second": results.rounded(results.median(new)),
            "new_events_at_a_time": NEW,
        },
    )


def _read(db: database.Database) -> int:
    """Every event and every row, as the feed asks for them, and nothing done with them."""
    found = 0
    with db.read() as source:
        for sql in (
            "SELECT seq, occurred_at, kind, subject, actor FROM event WHERE seq > ?"
            " ORDER BY seq LIMIT 20000",
            "SELECT id AS seq, kind, amount_fen, business_date, occurred_at, source FROM movement"
            " WHERE id > ? ORDER BY id LIMIT 20000",
        ):
            after: Any = 0 if "FROM event" in sql else ""
            while rows := source.rows(sql, (after,)):
                found += len(rows)
                after = rows[-1]["seq"]
    return found


def _delay(folder: Path) -> results.Result:
    """From each commit of a real engine to the answer of a report that knows of it."""
    ground = mix.Ground()
    engine = ground.world.engine
    calls, _ = ground.play(2)
    # The calls are played on a copy of the world as it was before them, one by one.
    engine = ground.copy(database.SqliteDatabase(None))
    snapshot.refresh(engine, folder, now=True)
    report = catalog.load("people")
    taken, asked = [], []
    for call in calls[:ACTIONS]:
        call.on(engine)
        begin = time.perf_counter()
        done = snapshot.refresh(engine, folder, now=True)
        newest = snapshot.newest(folder)
        assert newest is not None
        with snapshot.open_copy(newest) as copy:
            middle = time.perf_counter()
            catalog.ask(copy, report)
        taken.append((time.perf_counter() - begin) * _MS)
        asked.append((time.perf_counter() - middle) * _MS)
        with engine.parts.db.read() as source:
            assert done.seq == source.rows("SELECT MAX(seq) AS seq FROM event")[0]["seq"]
    return results.Result(
        name="report_delay",
        value=results.median(taken),
        unit="ms",
        baseline=results.median(asked),
        options={
            "about": "milliseconds from an action's commit to the answer of a report that knows of it:"
            " refreshed, published, opened, asked; baseline: the asking alone",
            "actions": len(taken),
            "p99_ms": results.rounded(float(np.quantile(taken, 0.99))),
        },
    )
