"""A finished run opened as a world: everything can be read, nothing can happen, not a byte changes."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import boot, worker
from engine.boot import World, pki_status, tables
from engine.boot.worlds import WorldExists
from engine.kernel import actors, clock, database, errors, events, migrating
from engine.kernel.engine import step_up
from engine.kernel.operation import Operation
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Role
from simulations import digests, invariants, opening, runs
from simulations.opening.adopting import ManyShards, NotFinished
from simulations.runs import Folder
from tests.support import kept_run

DEMO_NOW = 1_900_000_000_000


@pytest.fixture
def folder() -> Iterator[Path]:
    yield kept_run.folder()
    opening.close_all()


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@step_up
def _write(op: Operation) -> None:
    op.record("clock.advanced", op.parts.world_id)


@pytest.mark.row("SIM-8", "SIM-3")
def test_an_opened_run_is_the_run_to_the_last_byte(folder: Path) -> None:
    before = sum_of(folder / "world-0.sqlite3")
    opened = opening.opened(folder)
    [outcome] = Folder(folder).outcomes()
    assert digests.of_world(opened.world) == outcome.digest
    # Its keys are the run's: the chain holds, and what is sealed opens.
    with opened.world.engine.parts.db.read() as connection:
        assert events.verify(connection, opened.world.keyring) == (outcome.events, [])
    assert opened.world.engine.now() == kept_run.quiet().end_ms == opened.ends_at
    assert invariants.broken(invariants.check(opened.world)) == 0
    assert sum_of(folder / "world-0.sqlite3") == before
    assert not list(folder.glob("world-0.sqlite3-*"))
    assert opening.open_read_only(folder) is opened.world


@pytest.mark.row("SIM-8")
def test_nothing_happens_in_an_opened_run(folder: Path) -> None:
    before = sum_of(folder / "world-0.sqlite3")
    world = opening.open_read_only(folder)
    staff = world.engine.ask(staff_queries.everyone, tables.INSIDE)[0]
    who = world.engine.ask(staff_queries.actor, tables.INSIDE, staff.id)
    assert who is not None
    for actor in (who, actors.System(job="setup")):
        # Refused for what it is, before anybody is asked for a code.
        with pytest.raises(database.ReadOnlyWorld):
            world.engine.perform(_write, {}, actor=actor, key="k")
    with pytest.raises(database.ReadOnlyWorld):
        worker.run_due(world)
    with pytest.raises(database.ReadOnlyWorld):
        world.bank.pay("pay_none")
    with pytest.raises(database.ReadOnlyWorld), world.engine.parts.db.write():
        raise AssertionError("it was opened for writing")
    assert sum_of(folder / "world-0.sqlite3") == before


@pytest.mark.row("SIM-8")
def test_the_authorities_of_an_opened_run_are_shown_and_nothing_of_them_is_kept(
    folder: Path,
) -> None:
    before = sum_of(folder / "world-0.sqlite3")
    world = opening.open_read_only(folder)
    found = pki_status.status(world, tables.INSIDE)
    assert all(one.answers for one in found.authorities if one.answers is not None)
    assert sum_of(folder / "world-0.sqlite3") == before


@pytest.mark.row("SIM-8")
def test_a_run_of_another_engine_is_refused_by_name(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "old"
    copy.mkdir()
    shutil.copy(folder / "plan.json", copy)
    shutil.copy(folder / "world-0.sqlite3", copy)
    db = database.SqliteDatabase(copy / "world-0.sqlite3")
    with db.write() as connection:
        connection.run("UPDATE migration SET digest = 'another' WHERE stage = 'mall'")
    db.close()
    with pytest.raises(migrating.MadeByAnother, match="world-0"):
        opening.open_read_only(copy)


def test_what_is_not_there_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(opening.NothingKept):
        opening.opened(folder, shard=3)
    with pytest.raises(opening.NothingKept):
        opening.opened(folder, replication=1)
    with pytest.raises(runs.NoRun):
        opening.opened(tmp_path)
    assert opening.shards_of(folder) == [(0, 0)]


# -- adopting ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[opening.Adopted, World]]:
    made = opening.adopt(
        kept_run.folder(), tmp_path_factory.mktemp("adopted") / "demo", machine_ms=DEMO_NOW
    )
    world = boot.open_world(made.path, the_clock=clock.ManualClock(DEMO_NOW))
    yield made, world
    world.close()
    boot.worlds.pop(world.id, None)


@pytest.mark.row("SIM-8")
def test_an_adopted_run_is_a_demo_world_that_goes_on_from_its_end(
    adopted: tuple[opening.Adopted, World],
) -> None:
    made, world = adopted
    assert world.kind == "demo"
    assert world.engine.now() == kept_run.quiet().end_ms == made.goes_on_at
    [outcome] = Folder(kept_run.folder()).outcomes()
    with world.engine.parts.db.read() as connection:
        count, breaks = events.verify(connection, world.keyring)
        assert count > outcome.events
        assert breaks == []
        # The log says what it is and where from.
        told = events.read(connection, after=outcome.events)
    assert told[-1].kind == "world.adopted"
    assert told[-1].facts["run"] == kept_run.folder().name
    assert invariants.broken(invariants.check(world)) == 0
    # It goes on: whatever is due is done.
    worker.run_due(world)
    status = pki_status.status(world, tables.INSIDE)
    assert all(one.answers for one in status.authorities if one.answers is not None)


@pytest.mark.row("SIM-8", "S-PI-7")
def test_what_an_adopted_world_issues_comes_from_keys_that_no_seed_makes(
    adopted: tuple[opening.Adopted, World], tmp_path: Path
) -> None:
    made, world = adopted
    again = opening.adopt(kept_run.folder(), tmp_path / "other", machine_ms=DEMO_NOW)
    mine, theirs = (
        {path.name: path.read_bytes() for path in (one.path / "keys").rglob("*") if path.is_file()}
        for one in (made, again)
    )
    for name in ("key-encryption", "server-shares", "dongfang-g2.key.pem", "root-g2.cert.pem"):
        assert mine[name] != theirs[name]
    # The history stays what it was: its authorities are the run's.
    assert mine["dongfang.cert.pem"] == theirs["dongfang.cert.pem"]
    present = world.ports.agencies["dongfang"].chain()[0]
    run = opening.open_read_only(kept_run.folder())
    assert present != run.ports.agencies["dongfang"].chain()[0]
    assert len(world.roots) == 2
    opening.close_all()


@pytest.mark.row("SIM-8")
def test_files_of_an_adopted_world_open_and_its_staff_have_new_passwords(
    adopted: tuple[opening.Adopted, World],
) -> None:
    made, world = adopted
    with world.engine.reader(tables.INSIDE) as q:
        ids = [row["id"] for row in q.rows("SELECT id FROM blob ORDER BY id LIMIT 20")]
        assert ids
        assert all(q.blob(one) for one in ids)
        assert q.rows("SELECT COUNT(*) AS n FROM blob_content") == [{"n": 0}]
    assert {role for one in made.staff for role in one.profile.roles} == {*map(str, Role)}
    [first] = [one for one in made.staff if one.profile.login == "all-round-1"]
    door = actors.System(job="staff-door")
    old = {"login": first.profile.login, "password": "a roster of the simulation"}
    with pytest.raises(errors.NotPermitted):
        world.engine.perform(staffing.sign_in, old, actor=door)
    new = {"login": first.profile.login, "password": first.password}
    assert world.engine.perform(staffing.sign_in, new, actor=door).token
    assert len({one.password for one in made.staff}) == len(made.staff)


def test_what_cannot_be_adopted_is_refused_by_name(folder: Path, tmp_path: Path) -> None:
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    many = tmp_path / "many"
    many.mkdir()
    plan["scenario"]["shards"] = 3
    (many / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    with pytest.raises(ManyShards, match="3 shards"):
        opening.adopt(many, tmp_path / "demo", machine_ms=DEMO_NOW)
    stopped = tmp_path / "stopped"
    stopped.mkdir()
    shutil.copy(folder / "plan.json", stopped)
    with pytest.raises(NotFinished):
        opening.adopt(stopped, tmp_path / "demo", machine_ms=DEMO_NOW)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "world.toml").write_text("", encoding="utf-8")
    with pytest.raises(WorldExists):
        opening.adopt(folder, tmp_path / "there", machine_ms=DEMO_NOW)
    assert not (tmp_path / "demo").exists()
