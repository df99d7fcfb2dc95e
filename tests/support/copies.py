"""Copies for reports in tests: a log that grows, and what a copy holds, row by row."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from engine.boot import tables
from engine.kernel import database, migrating
from engine.reports import snapshot

ROOT = Path(__file__).resolve().parents[2]
KEY = b"k" * 32
# A day of the made log.
START = 1_780_300_800_000
_FEEDER = """
import sys
from pathlib import Path
from engine.kernel import database
from engine.reports import feeding, snapshot
db = database.open_database(sys.argv[1])
print(snapshot.follow(db, feeding.Names(b"k" * 32), Path(sys.argv[2])).seq)
"""


_READER = """
import sys
from pathlib import Path
from engine.reports import snapshot
with snapshot.open_copy(Path(sys.argv[1])) as copy:
    for _ in range(2):
        print(copy.execute("SELECT count(*) FROM event_fact").fetchone()[0], flush=True)
        sys.stdin.readline()
"""


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a copy, sorted; what it was made with is left out."""
    with snapshot.open_copy(path) as copy:
        names = copy.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
        ).fetchall()
        return {
            name: sorted(copy.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for (name,) in names
            if name != "made_as"
        }


def latest(folder: Path) -> Path:
    """The newest copy of a folder, which has one."""
    found = snapshot.newest(folder)
    assert found is not None
    return found


def new_log(path: Path) -> database.SqliteDatabase:
    """An empty database of the engine."""
    db = database.SqliteDatabase(path, synchronous="OFF")
    migrating.migrate(db, tables.STAGES)
    return db


def grow(db: database.Database, events: int) -> None:
    """Append made events to a log: a third of them change a movement that was there already."""
    with db.write() as connection:
        found = connection.rows("SELECT coalesce(max(seq), 0) AS seq FROM event")
        before = int(found[0]["seq"])
        for seq in range(before + 1, before + events + 1):
            about = f"mov_{seq // 3 if seq % 3 == 0 else seq:012d}"
            when, fen = START + seq * 1_000, seq % 977 + 1
            if seq % 3 == 0 and connection.run(
                "UPDATE movement SET amount_fen = ? WHERE id = ?", (fen, about)
            ):
                row: dict[str, Any] = {"amount_fen": fen}
            else:
                row = {"amount_fen": fen, "kind": "payment"}
                connection.run(
                    "INSERT INTO movement (id, kind, reference, trade_no, amount_fen, business_date,"
                    " occurred_at, noted_at, source) VALUES (?, 'payment', ?, ?, ?, ?, ?, ?, 'notice')"
                    " ON CONFLICT DO NOTHING",
                    (about, about, about, fen, "2026-06-01", when, when),
                )
            body = json.dumps({"facts": {}, "rows": [["movement", about, row]]})
            connection.run(
                "INSERT INTO event (seq, occurred_at, operation, actor, action, kind, version, subject,"
                " body, previous, mac) VALUES (?, ?, ?, 'system:made', 'made', ?, 1, ?, ?, ?, ?)",
                (seq, when, f"op{seq}", f"movement.kind{seq % 7}", about, body, b"", b""),
            )


def feeder(log: Path, folder: Path) -> subprocess.Popen[str]:
    """A process that brings a folder's copy up to a log."""
    return subprocess.Popen(
        [sys.executable, "-c", _FEEDER, str(log), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def reader(path: Path) -> subprocess.Popen[str]:
    """A process that has a copy open, tells how many events it has, and tells it again when written to."""
    return subprocess.Popen(
        [sys.executable, "-c", _READER, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
