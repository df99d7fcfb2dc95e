"""AU-1: seven kinds of tampering at random places, by raw SQL: each found, or younger than the newest head.

Who tampers has the database; for the last two kinds the key of the events' MACs too. Each attempt is made
in a transaction that is undone, and judged twice: where the log lies, and out of an export by the verifier
with the heads that somebody kept elsewhere.
"""

from __future__ import annotations

import io
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.boot import World
from engine.evidence import checking, exporting, growing
from engine.evidence.verifier import log_command
from engine.evidence.verifier.log import Finding
from engine.kernel import database, events
from tests.support import fresh, worlds
from tests.support import heads as support
from tests.support import postgres as postgres_support

_COLUMNS = "occurred_at, operation, actor, action, kind, version, subject, body, previous, mac"
_NAMES = _COLUMNS.split(", ")
_EDITED = ("occurred_at", "operation", "actor", "action", "kind", "version", "subject", "body")
_TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER event_is_not_updated",
        "DROP TRIGGER event_is_not_deleted",
        "DROP TRIGGER event_is_not_replaced",
    ),
    "postgresql": ("DROP TRIGGER event_is_not_changed ON event",),
}


class _Undone(Exception):
    """Ends an attempt: its transaction is rolled back."""


@dataclass
class Ground:
    """A log with several heads, and some events that are younger than the newest."""

    world: World
    signed: int
    size: int
    chance: random.Random

    @property
    def keyring(self) -> Any:
        return self.world.keyring


def ground_of(world: World, folder: Path, *, people: int = 6) -> Ground:
    kept = support.with_heads(world, folder)
    for number in range(people):
        support.write(kept, number)
        worlds.clock_of(kept).advance(60_000)
        growing.grow(kept.engine.parts)
    signed = support.size(kept)
    support.write(kept, people)
    for statement in _TRIGGERS[world.engine.parts.db.dialect]:
        worlds.run_sql(kept, statement)
    return Ground(kept, signed, support.size(kept), random.Random(9162))


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("tampering")
    world = fresh.in_file(folder / "world.sqlite3")
    yield ground_of(world, folder)
    world.close()


def _row(c: database.Connection, seq: int) -> dict[str, Any]:
    return c.rows(f"SELECT {_COLUMNS} FROM event WHERE seq = ?", (seq,))[0]


def _put(c: database.Connection, seq: int, row: dict[str, Any]) -> None:
    marks = ", ".join("?" for _ in _NAMES)
    values = (seq, *(row[name] for name in _NAMES))
    c.run(f"INSERT INTO event (seq, {_COLUMNS}) VALUES (?, {marks})", values)


def _move(c: database.Connection, first: int, by: int) -> None:
    """Give the events from one on other numbers, past the numbers that are taken."""
    c.run("UPDATE event SET seq = -seq - ? WHERE seq >= ?", (by, first))
    c.run("UPDATE event SET seq = -seq WHERE seq < 0")


def _rehash(g: Ground, c: database.Connection, first: int) -> None:
    """Compute every MAC from an event on anew, with the key."""
    previous = events.mac_at(c, first - 1) or events.GENESIS
    for row in c.rows(f"SELECT seq, {_COLUMNS} FROM event WHERE seq >= ? ORDER BY seq", (first,)):
        columns = tuple(row[name] for name in ("seq", *_NAMES[:-2]))
        mac = events.mac_of(g.keyring, previous, columns)
        c.run("UPDATE event SET previous = ?, mac = ? WHERE seq = ?", (previous, mac, row["seq"]))
        previous = mac


def edit(g: Ground, c: database.Connection, seq: int) -> int:
    name = g.chance.choice(_EDITED)
    value: Any = 7 if name in ("occurred_at", "version") else f"forged {g.chance.random()}"
    c.run(f"UPDATE event SET {name} = ? WHERE seq = ?", (value, seq))
    return seq


def delete(g: Ground, c: database.Connection, seq: int) -> int:
    """Remove one, and close the gap every other time."""
    c.run("DELETE FROM event WHERE seq = ?", (seq,))
    if g.chance.random() < 0.5:
        _move(c, seq + 1, -1)
    return seq


def insert(g: Ground, c: database.Connection, seq: int) -> int:
    forged = {**_row(c, seq), "subject": "forged", "mac": g.chance.randbytes(32)}
    _move(c, seq, 1)
    _put(c, seq, forged)
    return seq


def swap(g: Ground, c: database.Connection, seq: int) -> int:
    other = g.chance.choice([n for n in range(1, g.size + 1) if n != seq])
    rows = {seq: _row(c, other), other: _row(c, seq)}
    c.run("DELETE FROM event WHERE seq IN (?, ?)", (seq, other))
    for number, row in rows.items():
        _put(c, number, row)
    return min(seq, other)


def cut(g: Ground, c: database.Connection, seq: int) -> int:
    c.run("DELETE FROM event WHERE seq >= ?", (seq,))
    return seq


def rehash(g: Ground, c: database.Connection, seq: int) -> int:
    c.run("UPDATE event SET actor = 'staff:forged' WHERE seq = ?", (seq,))
    _rehash(g, c, seq)
    return seq


def fork(g: Ground, c: database.Connection, seq: int) -> int:
    """Another history from an event on, shorter or longer than the one there was."""
    sample = _row(c, seq)
    c.run("DELETE FROM event WHERE seq >= ?", (seq,))
    for number in range(seq, seq + g.chance.randrange(1, g.size - seq + 20)):
        _put(c, number, {**sample, "subject": f"forged {number}"})
    _rehash(g, c, seq)
    return seq


# What needs the key of the MACs, or leaves the chain whole: the heads alone find it.
BY_HEADS = (cut, rehash, fork)
KINDS = (edit, delete, insert, swap, *BY_HEADS)


def judged(
    g: Ground, kind: Callable[[Ground, database.Connection, int], int], seq: int
) -> tuple[int, checking.Checked, list[Finding]]:
    """Tamper, look, and undo: the first event that was touched, and what was found in both ways."""
    parts, kept = g.world.engine.parts, support.heads(g.world)
    found: tuple[int, checking.Checked, list[Finding]] | None = None
    try:
        with parts.db.write() as c:
            place = kind(g, c, seq)
            checked = checking.check(parts, c)
            export = io.BytesIO(b"".join(exporting.lines(parts, c)))
            lines = log_command.check_log(export, kept=[("kept", kept)], key=kept[-1].key)
            found = place, checked, lines
            raise _Undone
    except _Undone:
        assert found is not None
        return found


def _told_at(checked: checking.Checked, place: int) -> bool:
    """Whether a break names the place: the event itself, or a span that it is in."""
    return any(
        one.params.get("seq") in (place - 1, place, place + 1)
        or one.params.get("first", 0) <= place <= one.params.get("last", -1)
        for one in checked.breaks
    )


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_tampering_is_found_or_is_younger_than_the_newest_head(
    ground: Ground, count: Callable[[int, int], int], kind: Callable[..., int]
) -> None:
    for _ in range(count(12, 100)):
        seq = ground.chance.randrange(1, ground.size + 1)
        place, checked, lines = judged(ground, kind, seq)
        failed = [line for line in lines if not line[0]]
        whole = kind in BY_HEADS or (kind is delete and place == ground.size)
        if whole and place > ground.signed:
            # Named: so many events no head was signed over yet.
            assert (checked.breaks, failed) == ((), [])
            assert checked.newest is not None
            assert checked.newest.size == ground.signed < place
            continue
        assert checked.breaks, (kind, place)
        # Without the key of the MACs a verifier can only say how many events are younger than the heads.
        assert failed or place > ground.signed, (kind, place)
        assert any("younger than the newest head" in told for _, _, told in lines) or failed
        assert _told_at(checked, place), (kind, place, support.texts(checked))
    assert support.checked(ground.world).breaks == ()
    assert support.size(ground.world) == ground.size


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_found_on_postgresql_too(
    postgres: postgres_support.Server, tmp_path: Path, kind: Callable[..., int]
) -> None:
    name = postgres.seeded()
    world = fresh.on_postgresql(postgres.address(name))
    try:
        ground = ground_of(world, tmp_path, people=2)
        for seq in (1, ground.signed // 2, ground.signed):
            place, checked, lines = judged(ground, kind, seq)
            assert checked.breaks, (kind, place)
            assert not all(line[0] for line in lines)
        assert support.checked(ground.world).breaks == ()
    finally:
        world.close()
        postgres.drop(name)


@pytest.mark.row("AUD-1")
def test_the_very_event_is_named_and_without_its_leaf_the_span(ground: Ground) -> None:
    """The leaves that were signed tell it; where they are gone, the heads before and after bound it."""
    at = ground.signed // 2
    _, checked, _ = judged(ground, rehash, at)
    told = f"The log is not what was signed: it differs first at event {at}."
    assert support.texts(checked) == [told]
    folder = support.folder_of(ground.world)
    aside = folder.path / "aside"
    (folder.path / "tree").rename(aside)
    try:
        _, checked, lines = judged(ground, rehash, at)
    finally:
        aside.rename(folder.path / "tree")
    sizes = [0, *(head.size for head in support.heads(ground.world))]
    first, last = next((a + 1, b) for a, b in itertools.pairwise(sizes) if a < at <= b)
    told = f"among events {first} to {last}."
    assert support.texts(checked)[0].endswith(told)
    assert any(f"among events {first} to {last}" in text for _, _, text in lines)


@pytest.mark.row("AUD-1")
def test_nothing_is_signed_over_what_the_chain_does_not_hold(tmp_path: Path) -> None:
    """An edit of an event that no head is over yet is not taken into one."""
    world = fresh.in_file(tmp_path / "world.sqlite3")
    ground = ground_of(world, tmp_path, people=2)
    worlds.run_sql(ground.world, "UPDATE event SET actor = 'x' WHERE seq = ?", ground.size)
    with pytest.raises(growing.LogNotSigned, match="changed before a head was signed"):
        growing.grow(ground.world.engine.parts)
    assert support.heads(ground.world)[-1].size == ground.signed
    world.close()
