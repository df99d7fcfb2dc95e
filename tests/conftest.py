"""Worlds for the tests: in memory, in a file, and on both databases; counts that say themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine import boot
from engine.kernel import database
from tests.support import counting, fresh, guide_proofs, transitions
from tests.support import postgres as postgres_support


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--transitions`: fail when a move of a state machine was made by no test.

    `--results`, `--pictures`: see `guide_proofs`; the rest: `counting`.
    """
    parser.addoption("--transitions", action="store_true", default=False)
    parser.addoption("--counted", action="store_true", default=False)
    parser.addoption("--proofs", default="")
    parser.addoption("--results", default="", help="a file of how each test ended last")
    parser.addoption(
        "--pictures", default="", help="a folder for a picture of each step of the guide"
    )
    parser.addoption("--history", action="append", default=[], help="a saved history to walk again")


def pytest_configure(config: pytest.Config) -> None:
    """Note the moves that tests make, and how often they repeat."""
    watch = transitions.Watch()
    watch.start()
    config.pluginmanager.register(watch, "transitions")
    config.pluginmanager.register(counting.Counts(config), "counts")
    config.pluginmanager.register(guide_proofs.Watch(config), "guide-proofs")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test named after an address in memory: each process would name it otherwise.

    Workers that share a run must collect the same names, and a proof is found again by its name.
    """
    unsteady = [one.nodeid for one in items if " at 0x" in one.nodeid]
    if unsteady:
        raise pytest.UsageError(f"give these cases ids of their own: {unsteady[0]}")


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Callable[[int, int], int]:
    """`count(reduced, full)`: how often to repeat; every count stands in the run's summary."""

    def choose(reduced: int, full: int) -> int:
        chosen = counting.chosen(reduced, full)
        record_property("count", chosen)
        return chosen

    return choose


@pytest.fixture
def world() -> Iterator[boot.World]:
    """A seeded world in memory with a clock that stands still."""
    made = fresh.in_memory()
    yield made
    made.close()


@pytest.fixture
def file_world(tmp_path: Path) -> Iterator[boot.World]:
    """A seeded world over an SQLite file (WAL, synchronous=FULL)."""
    made = fresh.in_file(tmp_path / "world.sqlite3")
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_support.Server]:
    """A running PostgreSQL server; it fails, and never skips, where there is none."""
    server = postgres_support.Server()
    yield server
    server.stop()


@pytest.fixture
def postgres_address(postgres: postgres_support.Server) -> Iterator[str]:
    """How to connect to a fresh database with every migration applied."""
    name = postgres.create()
    yield postgres.address(name)
    postgres.drop(name)


@pytest.fixture
def postgres_world(postgres: postgres_support.Server) -> Iterator[boot.World]:
    """A seeded world on PostgreSQL."""
    name = postgres.seeded()
    made = fresh.on_postgresql(postgres.address(name))
    yield made
    made.close()
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_world(request: pytest.FixtureRequest) -> boot.World:
    """A seeded world on each of the two databases."""
    name = "file_world" if request.param == "sqlite" else "postgres_world"
    found = request.getfixturevalue(name)
    assert isinstance(found, boot.World)
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[database.Database]:
    """A database of each kind with nothing in it."""
    if request.param == "sqlite":
        db: database.Database = database.SqliteDatabase(tmp_path / "empty.sqlite3")
        yield db
        db.close()
        return
    server = request.getfixturevalue("postgres")
    name = server.create(migrated=False)
    db = database.PostgresqlDatabase(server.address(name))
    yield db
    db.close()
    server.drop(name)
