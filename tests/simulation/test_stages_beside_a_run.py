"""Two demonstrations and a simulation at once: nobody's row is found in a database that is not theirs."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.boot import World, tables
from engine.kernel import events
from simulations import runs, stages
from tests.support import on_stage, registering, short_way

pytestmark = [pytest.mark.row("DEM-1"), pytest.mark.row("SIM-4")]
OWN_PHONE = "13800138000"
# Two short stories, each with somebody else in it.
STORIES = {"second_try": 21, "red_letter": 22}
_ID = re.compile("[a-z]{3}_[0-9a-v]{26}")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The process's own world, with somebody in it."""
    with on_stage.process_of(tmp_path / "demo", monkeypatch) as world:
        registering.sign_up(world, OWN_PHONE)
        yield world


def _ids(database: Path) -> set[str]:
    """The ids of all rows of a database."""
    found: set[str] = set()
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        named = "SELECT name FROM sqlite_master WHERE type = 'table'"
        for (table,) in connection.execute(named).fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            if "id" in columns:
                rows = connection.execute(f"SELECT id FROM {table}").fetchall()
                found |= {str(row[0]) for row in rows}
    return {one for one in found if _ID.fullmatch(one)}


def _knows(world: World, phone: str) -> bool:
    return bool(world.engine.ask(lambda q: q.find("account.phone", phone), tables.INSIDE))


def _breaks(world: World) -> list[events.Break]:
    with world.engine.parts.db.read() as connection:
        return events.verify(connection, world.keyring)[1]


def test_two_demonstrations_and_a_run_share_no_row(own: World, tmp_path: Path) -> None:
    acting = [stages.begin(story, seed=seed) for story, seed in STORIES.items()]
    before, known = on_stage.rows(own), _ids(tmp_path / "demo" / "yinxin.sqlite3")
    steps = [[(one, n) for n in range(len(one.story.steps))] for one in acting]
    turns = [turn for pair in itertools.zip_longest(*steps) for turn in pair if turn]
    waiting, meanwhile = iter(turns), 0

    def play_on(progress: object) -> None:
        """Whenever the run tells how far it is, one of the demonstrations goes a step."""
        nonlocal meanwhile
        for stage, number in itertools.islice(waiting, 1):
            stage.play(number)
            meanwhile += 1

    folder = runs.Folder(tmp_path / "run")
    result = runs.carry_out(short_way.plan(people=8), folder, play_on)
    assert result.violations == 0
    assert meanwhile > 2, "the run went on while both demonstrations were played"
    for stage, number in waiting:
        stage.play(number)
    assert [stage.step for stage in acting] == [None, None]
    # The process's own world has not moved; every log is whole.
    assert on_stage.rows(own) == before
    assert [_breaks(world) for world in (own, *(one.world for one in acting))] == [[], [], []]
    # Each database knows its own people alone.
    phones = {one.id: one.state.cast["purchaser"]["identity"]["phone"] for one in acting}
    for world in (own, *(one.world for one in acting)):
        for home, phone in ((own.id, OWN_PHONE), *phones.items()):
            assert _knows(world, phone) == (home == world.id)
    # Nor is the id of any row in two of them.
    found = [known, *(_ids(one.folder / "yinxin.sqlite3") for one in acting)]
    found += [_ids(path) for path in folder.worlds()]
    assert all(len(one) > 10 for one in found)
    for one, other in itertools.combinations(found, 2):
        assert not one & other
    for stage in acting:
        stage.end()
