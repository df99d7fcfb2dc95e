"""A disk that is full or broken: a write fails loudly, leaves nothing, and is done once later."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import boot
from engine.boot import World, memory_world
from engine.kernel import actors, database
from engine.staffing import actions as staffing
from tests.support import worlds

SETUP = actors.System(job="setup")


@pytest.fixture(params=["memory", "file"])
def sqlite_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    path = None if request.param == "memory" else tmp_path / "disk.sqlite3"
    world = memory_world(world_id="disk", db=database.SqliteDatabase(path))
    yield world
    world.close()
    boot.worlds.pop(world.id, None)


@contextlib.contextmanager
def no_room(world: World) -> Iterator[None]:
    """The database may not grow by a page: SQLite itself says that the disk is full."""
    limit(world, worlds.rows(world, "PRAGMA page_count")[0]["page_count"])
    yield
    limit(world, 4_294_967_294)


def limit(world: World, pages: int) -> None:
    with world.engine.parts.db.write() as connection:
        connection.rows(f"PRAGMA max_page_count = {pages}")


def hire(world: World, number: int) -> object:
    given = {"login": f"staff-{number}", "name": "试", "password": "a long password", "roles": ()}
    return world.engine.perform(staffing.create_staff, given, actor=SETUP, key=f"staff {number}")


def head(world: World) -> object:
    return worlds.rows(world, "SELECT MAX(seq) AS seq FROM event")


@pytest.mark.row("SIM-5")
def test_a_full_disk_is_told_of_leaves_nothing_and_the_same_key_does_it_once_later(
    sqlite_world: World,
) -> None:
    number, before = 0, head(sqlite_world)
    failed: database.StorageFailed | None = None
    with no_room(sqlite_world):
        while failed is None and number < 500:
            number, before = number + 1, head(sqlite_world)
            try:
                hire(sqlite_world, number)
            except database.StorageFailed as refusal:
                failed = refusal
        # A reader goes on, and sees nothing of what failed.
        assert head(sqlite_world) == before
    assert failed is not None
    assert failed.http_status == 503
    first = hire(sqlite_world, number)
    assert hire(sqlite_world, number) == first
    made = "SELECT COUNT(*) AS n FROM staff WHERE login = ?"
    assert worlds.rows(sqlite_world, made, f"staff-{number}") == [{"n": 1}]


@pytest.mark.row("SIM-5")
def test_a_file_that_may_not_grow_is_the_disk_s_fault(tmp_path: Path) -> None:
    path = tmp_path / "limited.sqlite3"
    with database.SqliteDatabase(path).write() as connection:
        connection.run("CREATE TABLE kept (content BLOB)")
    pid = os.fork()
    if pid == 0:
        status = 1
        with contextlib.suppress(BaseException):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, 64 * 1024))
            try:
                for _ in range(100):
                    with database.SqliteDatabase(path).write() as connection:
                        connection.run("INSERT INTO kept VALUES (?)", (b"x" * 4_000,))
            except database.StorageFailed:
                status = 0
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    again = database.SqliteDatabase(path)
    with again.write() as connection:
        assert connection.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        connection.run("INSERT INTO kept VALUES (?)", (b"y",))
    again.close()
