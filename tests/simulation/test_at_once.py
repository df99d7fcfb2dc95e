"""Two demonstrations and a simulation at once: each with people of its own, and nobody of the others."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.boot import World, tables
from engine.kernel import catalog, database, events
from simulations import runs, scenario, stages
from tests.support import on_stage, registering

PATIENCE_S = 300
OWN_PHONE = "13800138000"
# An id of a row: what it is of, then 26 letters and digits (`ids.new_id`).
_ID = re.compile(r"\b[a-z]{3}_[0-9a-v]{26}\b")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The process's own demo world, with somebody in it."""
    with on_stage.process_of(tmp_path / "demo", monkeypatch) as world:
        registering.sign_up(world, OWN_PHONE)
        yield world


def _ids(db: database.Database) -> tuple[set[str], set[str]]:
    """The ids of a database's rows, and every id that stands anywhere in it."""
    own, named = set(), set()
    with db.read() as connection:
        for table in database.tables(connection, db.dialect):
            for row in database.dump(connection, table):
                own |= set(_ID.findall(str(row.get("id", ""))))
                for value in row.values():
                    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    named |= set(_ID.findall(text))
    return own, named


def _knows(world: World, phone: str) -> bool:
    return bool(world.engine.ask(lambda q: q.find("account.phone", phone), tables.INSIDE))


def _played(stage: stages.Stage) -> stages.Stage:
    for number in range(len(stage.story.steps)):
        stage.play(number)
    return stage


def _until_over(folder: runs.Folder) -> None:
    wait = threading.Event()
    for _ in range(PATIENCE_S * 20):
        if not folder.progress().moving:
            return
        wait.wait(0.05)
    raise AssertionError("the run did not end")


@pytest.mark.row("DEM-1", "DEM-2")
def test_two_demonstrations_and_a_simulation_at_once_have_no_row_of_each_other(
    own: World, tmp_path: Path
) -> None:
    before = on_stage.rows(own)
    everyday = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")
    plan = runs.Plan.of(everyday.model_copy(update={"horizon_days": 2}), 6, 5)
    folder = runs.start(plan, tmp_path / "run")
    begun = [stages.begin(story, seed=seed) for story, seed in (("second_try", 3), ("signing", 4))]
    with ThreadPoolExecutor(2) as both:
        played = list(both.map(_played, begun))
    assert [one.step for one in played] == [None, None]
    _until_over(folder)
    assert folder.progress().state == "finished"
    assert on_stage.rows(own) == before

    simulated = [database.SqliteDatabase(path) for path in folder.worlds()]
    every = [own.engine.parts.db, *(one.world.engine.parts.db for one in played), *simulated]
    assert len(every) >= 4
    told = [_ids(db) for db in every]
    for place, (ids, _named) in enumerate(told):
        assert ids
        for other, (_ids_there, named) in enumerate(told):
            assert place == other or not ids & named
    worlds = (own, *(one.world for one in played))
    phones = {one.id: one.state.cast["purchaser"]["identity"]["phone"] for one in played}
    for world in worlds:
        for home, phone in ((own.id, OWN_PHONE), *phones.items()):
            assert _knows(world, phone) == (home == world.id)
    for stage in played:
        with stage.world.engine.parts.db.read() as connection:
            count, breaks = events.verify(connection, stage.world.keyring)
        assert count > 0
        assert breaks == []
        stage.end()
    for db in simulated:
        db.close()
