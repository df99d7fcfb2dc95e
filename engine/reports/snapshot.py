"""The copies that reports are asked of, how one is kept fresh, and where those of finished runs are.

A refresh writes what is new into a draft and publishes it as `analytics-<n>.duckdb` by a rename, so that
console, command line and notebooks open a finished file read-only (decision 17). One process makes a copy
at a time; whoever waits finds it made. A large copy takes its time to write: it is not made anew for every
look, and the page says how fresh it is.
"""

from __future__ import annotations

import collections
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from engine.kernel import database, errors, events
from engine.kernel.engine import Engine
from engine.reports import feeding

# Several readers of a process ask at once: one makes the copy, the others find it made.
_MAKING = threading.Lock()
_KEPT = 3
# A copy larger than this serves for a while before it is made again: a second for each so many bytes.
_SMALL, _BYTES_A_SECOND = 64 << 20, 64 << 20
_DRAFT = "draft.duckdb"
_COUNTING = threading.Lock()
_LOCKED: dict[str, Any] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
    "memory_limit": "1GB",
}
_RUN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,79}")
# Copies that this process has open: those are nobody's to write into.
_open: collections.Counter[Path] = collections.Counter()
# Until when the newest copy of a folder serves, in real seconds of this process.
_resting: dict[Path, float] = {}


class RunUnknown(errors.NotFound):
    """There is no finished run “{run}” with its data kept. Choose another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How far a copy follows the log."""

    seq: int
    occurred_at: int


def _files(folder: Path) -> list[Path]:
    found = folder.glob("analytics-*.duckdb")
    return sorted(found, key=_number)


def _number(path: Path) -> int:
    return int(path.stem.split("-")[1])


def newest(folder: Path) -> Path | None:
    """The newest published copy."""
    found = _files(folder)
    return found[-1] if found else None


def refresh(engine: Engine, folder: Path, *, now: bool = False) -> Freshness:
    """Bring a world's published copy up to date; does nothing when nothing happened.

    A large copy serves for some seconds, unless it must be of `now`.
    """
    return follow(engine.parts.db, feeding.names_in(engine.parts.keyring), folder, now=now)


def follow(
    db: database.Database, names: feeding.Names, folder: Path, *, now: bool = False
) -> Freshness:
    """What `refresh` does, over a database."""
    resolved = folder.resolve()
    if not now and time.monotonic() < _resting.get(resolved, 0.0):
        latest = newest(folder)
        if latest is not None:
            return freshness_of(latest)
    with _MAKING, _alone(folder):
        done = _followed(db, names, folder)
        latest = newest(folder)
        size = latest.stat().st_size if latest else 0
        if size > _SMALL:
            _resting[resolved] = time.monotonic() + size / _BYTES_A_SECOND
    return done


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other process makes a copy here meanwhile; one that is killed lets go by itself."""
    folder.mkdir(parents=True, exist_ok=True)
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def _followed(db: database.Database, names: feeding.Names, folder: Path) -> Freshness:
    latest = newest(folder)
    number = _number(latest) + 1 if latest else 1
    with db.read() as source:
        head = events.head(source)
        if latest is not None:
            with open_copy(latest) as copy:
                known, followed = freshness(copy), _made_as_now(copy, names)
                behind = not followed or feeding.is_behind(source, copy)
            if not behind:
                return known
    # A log that is shorter is another one, restored from a backup. What was made of other tables
    # than today's lacks a past. Where most is new, making it anew is quicker.
    if latest is not None and not (followed and head.seq / 2 <= known.seq <= head.seq):
        latest = None
    with _draft(folder, latest, names) as copy:
        if latest is None:
            feeding.feed_ahead(db, copy, names, up_to=head.seq)
        with db.read() as source:
            feeding.feed(source, copy, names)
        done = freshness(copy)
    _publish(folder, number)
    return done


@contextlib.contextmanager
def _draft(folder: Path, latest: Path | None, names: feeding.Names) -> Iterator[Any]:
    """The copy that is being made; what a killed process left of one is put away."""
    draft = folder / _DRAFT
    for left in folder.glob("draft*"):
        left.unlink()
    if latest is not None and not _taken_again(folder, draft, names):
        shutil.copyfile(latest, draft)
    with contextlib.closing(duckdb.connect(str(draft))) as copy:
        yield copy


def _taken_again(folder: Path, draft: Path, names: feeding.Names) -> bool:
    """Take the oldest copy of a large world for the next one, if nobody reads it any more.

    It lacks a little more than the newest, and need not be written anew for that: what it lacks is fed.
    """
    oldest, *later = _files(folder)
    if len(later) < _KEPT - 1 or oldest.stat().st_size <= _SMALL:
        return False
    with _COUNTING:
        if _open[oldest.resolve()]:
            return False
        oldest.rename(draft)
    try:
        # Another process that still reads it has it locked.
        with contextlib.closing(duckdb.connect(str(draft))) as copy:
            if _made_as_now(copy, names):
                return True
    except duckdb.Error:
        pass
    draft.unlink()
    return False


def _publish(folder: Path, number: int) -> None:
    (folder / _DRAFT).rename(folder / f"analytics-{number}.duckdb")
    for old in _files(folder)[:-_KEPT]:
        old.unlink(missing_ok=True)


def runs(folder: Path) -> list[str]:
    """The finished simulation runs in a folder whose data were kept, the newest first."""
    found = [path.parent for path in folder.glob("*/manifest.json") if _shards(path.parent)]
    found.sort(key=lambda path: (path / "manifest.json").stat().st_mtime_ns, reverse=True)
    return [path.name for path in found if _RUN.fullmatch(path.name)]


def of_run(folder: Path, run: str) -> Path:
    """The copy of a finished run, made when it is asked for the first time: all its shards in one.

    Raises: RunUnknown.
    """
    place = folder / run
    if not _RUN.fullmatch(run) or not (place / "manifest.json").is_file() or not _shards(place):
        raise RunUnknown(run=run[:40])
    # People of a run are synthetic; they are named as the run is, so that its copy is always the same.
    names = feeding.Names(hashlib.sha256((place / "manifest.json").read_bytes()).digest())
    analytics = place / "analytics"
    with _MAKING, _alone(analytics):
        latest = newest(analytics)
        if latest is not None:
            with open_copy(latest) as copy:
                if _made_as_now(copy, names):
                    return latest
        number = _number(latest) + 1 if latest else 1
        with _draft(analytics, None, names) as copy:
            for shard in _shards(place):
                _feed_shard(shard, copy, names)
        _publish(analytics, number)
    return analytics / f"analytics-{number}.duckdb"


def _shards(place: Path) -> list[Path]:
    return sorted(place.glob("world-*.sqlite3"), key=lambda path: int(path.stem.split("-")[1]))


def _feed_shard(shard: Path, copy: Any, names: feeding.Names) -> None:
    # Not a byte of what a run left is altered by asking it.
    db = database.FrozenDatabase(shard)
    try:
        with db.read() as source:
            feeding.feed_besides(source, copy, names)
    finally:
        db.close()


def _made_as_now(copy: Any, names: feeding.Names) -> bool:
    """Whether a copy was made with the tables of today."""
    try:
        found = copy.execute("SELECT digest FROM made_as").fetchone()
    except duckdb.CatalogException:
        return False
    return found is not None and found[0] == feeding.made_as(names)


def freshness(copy: Any) -> Freshness:
    """How far a copy goes."""
    found = copy.execute("SELECT seq, occurred_at FROM watermark").fetchone()
    if found is None:
        return Freshness(seq=0, occurred_at=0)
    return Freshness(seq=found[0], occurred_at=found[1])


def freshness_of(path: Path) -> Freshness:
    """How far a published copy goes."""
    with open_copy(path) as copy:
        return freshness(copy)


@contextlib.contextmanager
def open_copy(path: Path) -> Iterator[Any]:
    """A published copy, read-only, with everything outside it locked away (finding 3.7)."""
    place = path.resolve()
    with _COUNTING:
        _open[place] += 1
    try:
        with contextlib.closing(duckdb.connect(str(path), read_only=True, config=_LOCKED)) as copy:
            yield copy
    finally:
        with _COUNTING:
            _open[place] -= 1


def scratch() -> Path:
    """Where a world in memory keeps its copy: a folder of this process's own."""
    return Path(tempfile.mkdtemp(prefix="yinxin-"))
