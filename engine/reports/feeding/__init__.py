"""Feeding a copy: what the log says has changed, read in one snapshot and written in one transaction.

The rows that changed since the watermark are read from the engine's tables and take the places of their old
copies; the new events become events of cases and steps between them; what is counted of a fact is counted
anew where something around it changed. All of it is written with the new watermark in one transaction, so
that a copy is never between two moments and a stopped feeder has done nothing. A copy made anew is the same
to the last row; it takes the events of a long log beforehand, and is published once it is whole.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
from pathlib import Path
from typing import Any

from engine.kernel import calendar, catalog, clock, database, events, vault
from engine.reports.feeding import mirror
from engine.reports.feeding.mirror import Names

__all__ = [
    "Names",
    "feed",
    "feed_ahead",
    "feed_besides",
    "is_behind",
    "lifecycles",
    "made_as",
    "names_in",
    "watermark",
]

_HERE = Path(__file__).parent
_SCHEMA = _HERE.parent / "schema.sql"
_LIFECYCLE = catalog.DATA / "reports" / "lifecycle.toml"
# Shanghai is eight hours ahead, all year.
_EAST = 8 * clock.HOUR
_STEPS = tuple(_HERE / name for name in ("facts.sql", "lifecycle.sql", "figures.sql"))


class Lifecycles(catalog.Declared):
    """Which kinds of fact make up the life of each kind of case."""

    certificate_order: tuple[str, ...]
    service_order: tuple[str, ...]
    contract: tuple[str, ...]
    seal: tuple[str, ...]
    invoice: tuple[str, ...]
    account: tuple[str, ...]


def lifecycles() -> dict[str, tuple[str, ...]]:
    """The kinds of fact of each kind of case."""
    found = catalog.load(_LIFECYCLE, Lifecycles)
    return {kind: getattr(found, kind) for kind in Lifecycles.model_fields}


def names_in(keyring: vault.Keyring) -> Names:
    """What a world's accounts are called in its copies."""
    return Names(keyring.mac("blind-index", b"report.account"))


def feed(source: database.Connection, copy: Any, names: Names) -> None:
    """Bring a copy up to what `source` sees, in one transaction."""
    copy.execute("BEGIN")
    after, head = _watermark_or_tables(copy), events.head(source)
    if after == 0:
        _begin(copy, names)
        _prepare(copy)
        mirror.copy_events(source, copy, names, after=_ahead(copy), up_to=head.seq, before=0)
        mirror.copy_rows(source, copy, names)
    else:
        _prepare(copy)
        mirror.copy_changed(source, copy, names, after=after)
    _count(copy, after)
    _mark(copy, head.seq, head.occurred_at)
    copy.execute("COMMIT")


def feed_ahead(db: database.Database, copy: Any, names: Names, *, up_to: int) -> None:
    """Bring the events of a long log into a draft beforehand, each batch in a snapshot of its own.

    A log never changes; so the one snapshot in which the rest is read is a short one, and a database that
    keeps everything since its oldest reader has less to keep.
    """
    _watermark_or_tables(copy)
    for after in range(_ahead(copy), up_to, mirror.BATCH):
        with db.read() as source:
            last = min(after + mirror.BATCH, up_to)
            mirror.copy_events(source, copy, names, after=after, up_to=last, before=0)


def is_behind(source: database.Connection, copy: Any) -> bool:
    """Whether a copy lacks something of a world: events of its log, or what the log does not tell of."""
    return watermark(copy) != events.head(source).seq or mirror.moved_besides(source, copy)


def _ahead(copy: Any) -> int:
    ((found,),) = copy.execute("SELECT coalesce(max(seq), 0) FROM event_fact").fetchall()
    return int(found)


def feed_besides(source: database.Connection, copy: Any, names: Names) -> None:
    """Put another log's events and rows behind those of a copy: the next shard of a run.

    Shards share no row; their events are numbered on.
    """
    copy.execute("BEGIN")
    before, head = _watermark_or_tables(copy), events.head(source)
    if before == 0:
        _begin(copy, names)
    _prepare(copy)
    mirror.copy_events(source, copy, names, after=0, up_to=head.seq, before=before)
    mirror.copy_rows(source, copy, names)
    _count(copy, before)
    ((newest,),) = copy.execute("SELECT coalesce(max(occurred_at), 0) FROM event_fact").fetchall()
    _mark(copy, before + head.seq, newest)
    copy.execute("COMMIT")


def _watermark_or_tables(copy: Any) -> int:
    """Where a copy stands; an empty one gets its tables."""
    made = copy.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'watermark'")
    if made.fetchall() == [(0,)]:
        copy.execute(_text(_SCHEMA))
    return watermark(copy)


def _prepare(copy: Any) -> None:
    kinds = [(kind, case) for case, kinds in lifecycles().items() for kind in kinds]
    copy.execute("CREATE OR REPLACE TEMP TABLE lifecycle_kind (kind VARCHAR, case_kind VARCHAR)")
    mirror.write(copy, "lifecycle_kind", ("kind", "case_kind"), kinds)
    copy.execute("CREATE OR REPLACE TEMP TABLE arrived (fact VARCHAR, id VARCHAR)")


def _count(copy: Any, after: int) -> None:
    for path in _STEPS:
        if path.name == "figures.sql" and not _anything_counted(copy):
            return
        for statement in _statements(path):
            copy.execute(statement, {"after": after} if "$after" in statement else {})


def _anything_counted(copy: Any) -> bool:
    """Whether something changed of which something is counted: a sign-in, say, changes nothing."""
    ((found,),) = copy.execute(
        "SELECT EXISTS (SELECT 1 FROM told) OR EXISTS (SELECT 1 FROM arrived WHERE fact IN ("
        " SELECT unnest($counted)))",
        {"counted": list(mirror.COUNTED)},
    ).fetchall()
    return bool(found)


def _mark(copy: Any, seq: int, occurred_at: int) -> None:
    copy.execute("DELETE FROM watermark")
    copy.execute("INSERT INTO watermark VALUES (?, ?)", [seq, occurred_at])


def watermark(copy: Any) -> int:
    """The newest event that a copy knows."""
    found = copy.execute("SELECT seq FROM watermark").fetchall()
    return int(found[0][0]) if found else 0


def made_as(names: Names) -> str:
    """What a copy depends on besides the log: one that was made otherwise is made anew."""
    told = hashlib.sha256()
    copies = sorted((_HERE.parent / "copies").glob("*.py"))
    for path in (_SCHEMA, _LIFECYCLE, *_STEPS, _HERE / "made.py", *copies):
        told.update(path.read_bytes())
    told.update(repr(_office_hours()[:2]).encode())
    told.update(names.of("").encode())
    return told.hexdigest()


def _begin(copy: Any, names: Names) -> None:
    copy.execute("DELETE FROM made_as")
    copy.execute("INSERT INTO made_as VALUES (?)", [made_as(names)])
    copy.execute("DELETE FROM calendar_day")
    told = ("day_number", "is_open", "opens_at", "closes_at", "before_ms")
    mirror.write(copy, "calendar_day", told, _office_hours())
    copy.execute("UPDATE calendar_day SET day = DATE '1970-01-01' + day_number")


@functools.cache
def _office_hours() -> list[tuple[int, bool, int, int, int]]:
    """Every day that the calendar knows: its number, whether and when it is open, what came before it."""
    days = calendar.china()
    years = sorted(year.year for year in days.year)
    found: list[tuple[int, bool, int, int, int]] = []
    before = 0
    first, last = (clock.start_of(datetime.date(year, 1, 1)) for year in (years[0], years[-1] + 1))
    for start in range(first, last, clock.DAY):
        window = days.window(clock.civil_date(start))
        opens, closes = window or (start, start)
        number = (start + _EAST) // clock.DAY
        found.append((number, window is not None, opens, closes, before))
        before += closes - opens
    return found


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _statements(path: Path) -> list[str]:
    """The statements of a file; a line that ends in a semicolon ends one."""
    return [part for part in _text(path).split(";\n") if part.strip()]
