"""The copy that reports are asked of, and how it is kept fresh.

The log says which rows changed since the watermark; those rows are read from the engine's tables in the
same snapshot and replace their old copies, together with the new watermark, in one DuckDB transaction.
Each refresh is published as `analytics-<n>.duckdb` by a rename, so that console, command line and
notebooks open a finished file read-only (decision 17). The copy holds no personal value.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from engine.kernel import database, events
from engine.kernel.engine import Engine
from engine.reports.copies import COPIES

_SCHEMA = Path(__file__).with_name("schema.sql")
_BATCH = 500
# Several readers of a process ask at once: one makes the copy, the others find it made.
_MAKING = threading.Lock()
_KEPT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How far the copy follows the log."""

    seq: int
    occurred_at: int


def _files(folder: Path) -> list[Path]:
    found = folder.glob("analytics-*.duckdb")
    return sorted(found, key=lambda path: int(path.stem.split("-")[1]))


def newest(folder: Path) -> Path | None:
    """The newest published copy."""
    found = _files(folder)
    return found[-1] if found else None


def refresh(engine: Engine, folder: Path) -> Freshness:
    """Bring the published copy up to date; does nothing when nothing happened."""
    with _MAKING:
        return _refreshed(engine, folder)


def _refreshed(engine: Engine, folder: Path) -> Freshness:
    folder.mkdir(parents=True, exist_ok=True)
    latest = newest(folder)
    number = int(latest.stem.split("-")[1]) + 1 if latest else 1
    with engine.parts.db.read() as source:
        head = events.head(source)
        if latest is not None:
            with open_copy(latest) as copy:
                known, followed = freshness(copy), _made_as_now(copy)
            if followed and known.seq == head.seq:
                return known
            if not followed:
                # A table was added since: a copy that is read on from here would lack its past.
                latest = None
        # Of this process alone: another one may be at the same number, and either copy is right.
        draft = folder / f"draft-{number}-{os.getpid()}.duckdb"
        draft.unlink(missing_ok=True)
        if latest is not None:
            shutil.copyfile(latest, draft)
        with contextlib.closing(duckdb.connect(str(draft))) as copy:
            feed(source, copy)
            done = freshness(copy)
    draft.rename(folder / f"analytics-{number}.duckdb")
    for old in _files(folder)[:-_KEPT]:
        old.unlink(missing_ok=True)
    return done


def feed(source: database.Connection, copy: Any) -> None:
    """Copy what the log says has changed since the copy's watermark, in one transaction."""
    copy.execute("BEGIN")
    copy.execute(_SCHEMA.read_text(encoding="utf-8"))
    copy.execute("DELETE FROM made_as")
    copy.execute("INSERT INTO made_as VALUES (?)", [_schema_digest()])
    known = freshness(copy)
    touched: dict[str, dict[str, None]] = {table: {} for table in COPIES}
    kept_as = {origin: table for table, (origin, _) in COPIES.items()}
    after = known.seq
    while batch := events.read(source, after=after):
        for event in batch:
            for table, row_id, _ in event.changes:
                if table in kept_as:
                    touched[kept_as[table]][row_id] = None
        copy.executemany(
            "INSERT INTO event_fact VALUES (?, ?, ?, ?, ?)",
            [[e.seq, e.occurred_at, e.kind, e.subject, e.actor.split(":")[0]] for e in batch],
        )
        after = batch[-1].seq
        known = Freshness(seq=after, occurred_at=batch[-1].occurred_at)
    for table, ids in touched.items():
        _replace(source, copy, table, list(ids))
    copy.execute("DELETE FROM watermark")
    copy.execute("INSERT INTO watermark VALUES (?, ?)", [known.seq, known.occurred_at])
    copy.execute("COMMIT")


def _schema_digest() -> str:
    return hashlib.sha256(_SCHEMA.read_bytes()).hexdigest()


def _made_as_now(copy: Any) -> bool:
    """Whether a copy was made with the tables of today."""
    try:
        found = copy.execute("SELECT digest FROM made_as").fetchone()
    except duckdb.CatalogException:
        return False
    return found is not None and found[0] == _schema_digest()


def _replace(source: database.Connection, copy: Any, table: str, ids: list[str]) -> None:
    origin, columns = COPIES[table]
    for start in range(0, len(ids), _BATCH):
        part = ids[start : start + _BATCH]
        marks = ", ".join("?" for _ in part)
        rows = source.rows(
            f"SELECT {', '.join(columns)} FROM {origin} WHERE id IN ({marks})",  # noqa: S608
            part,
        )
        copy.execute(f"DELETE FROM {table} WHERE id IN ({marks})", part)  # noqa: S608
        if rows:
            values = ", ".join("?" for _ in columns)
            copy.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})",  # noqa: S608
                [[row[name] for name in columns] for row in rows],
            )


def freshness(copy: Any) -> Freshness:
    """How far a copy goes."""
    found = copy.execute("SELECT seq, occurred_at FROM watermark").fetchone()
    if found is None:
        return Freshness(seq=0, occurred_at=0)
    return Freshness(seq=found[0], occurred_at=found[1])


@contextlib.contextmanager
def open_copy(path: Path) -> Iterator[Any]:
    """A published copy, read-only, with everything outside it locked away (finding 3.7)."""
    connection = duckdb.connect(
        str(path),
        read_only=True,
        config={
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "lock_configuration": "true",
            "memory_limit": "1GB",
        },
    )
    try:
        yield connection
    finally:
        connection.close()


def scratch() -> Path:
    """Where a world in memory keeps its copy: a folder of this process's own."""
    return Path(tempfile.mkdtemp(prefix="yinxin-"))
