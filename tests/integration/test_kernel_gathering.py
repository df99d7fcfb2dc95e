"""Writes that wait for their turn share a commit: none is half, none is told of too early, none is lost."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.kernel import database, errors, gathering


class _Refused(errors.Conflict):
    """Refused for this test."""


class _Bug(Exception):
    pass


def _table(path: Path) -> database.SqliteDatabase:
    db = database.SqliteDatabase(path)
    with db.write() as connection:
        connection.run("CREATE TABLE kept (id TEXT PRIMARY KEY)")
    return db


def _kept(db: database.SqliteDatabase) -> set[str]:
    with db.read() as connection:
        return {row["id"] for row in connection.rows("SELECT id FROM kept")}


def _together(writes: gathering.Writes, db: Any, works: dict[str, Callable[..., Any]]) -> dict:
    """Run each in a thread of its own while the database is held, so that they all wait; what came out."""
    outcomes: dict[str, Any] = {}

    def one(name: str) -> None:
        try:
            outcomes[name] = writes.do(works[name])
        except Exception as problem:  # noqa: BLE001
            outcomes[name] = problem

    threads = [threading.Thread(target=one, args=(name,)) for name in works]
    waiting = vars(writes)["_waiting"]
    with db.write():
        for thread in threads:
            thread.start()
        # The first is at the database already, and still waits among them.
        while len(waiting) < len(works):
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    return outcomes


def _keeps(name: str, transactions: list[int] | None = None) -> Callable[..., str]:
    def work(connection: database.Connection) -> str:
        connection.run("INSERT INTO kept (id) VALUES (?)", (name,))
        if transactions is not None:
            transactions.append(id(connection))
        return name

    return work


def _commits(db: database.SqliteDatabase) -> int:
    version = db.version()
    assert version is not None
    return version


def test_those_who_wait_are_written_in_one_transaction(tmp_path: Path):
    db = _table(tmp_path / "one.sqlite3")
    names = {f"{number:02d}": _keeps(f"{number:02d}") for number in range(gathering.MOST)}
    before = _commits(db)
    outcomes = _together(gathering.Writes(db), db, names)
    assert outcomes == {name: name for name in names}
    assert _kept(db) == set(names)
    # The one that held them up changed nothing.
    assert _commits(db) == before + 1
    db.close()


def test_a_refused_act_is_undone_alone(tmp_path: Path):
    db = _table(tmp_path / "one.sqlite3")

    def refused(connection: database.Connection) -> None:
        connection.run("INSERT INTO kept (id) VALUES ('half')")
        raise _Refused()

    outcomes = _together(
        gathering.Writes(db), db, {"a": _keeps("a"), "refused": refused, "b": _keeps("b")}
    )
    assert isinstance(outcomes["refused"], _Refused)
    assert _kept(db) == {"a", "b"}
    db.close()


def test_a_bug_of_one_costs_the_others_nothing(tmp_path: Path):
    db = _table(tmp_path / "one.sqlite3")
    tried: list[str] = []

    def bug(connection: database.Connection) -> None:
        tried.append("bug")
        connection.run("INSERT INTO kept (id) VALUES ('half')")
        raise _Bug

    def counted(connection: database.Connection) -> str:
        tried.append("a")
        return _keeps("a")(connection)

    writes = gathering.Writes(db)
    outcomes = _together(writes, db, {"a": counted, "bug": bug, "b": _keeps("b")})
    assert isinstance(outcomes["bug"], _Bug)
    assert outcomes["a"] == "a"
    assert _kept(db) == {"a", "b"}
    assert not vars(writes)["_waiting"]
    # Both were tried within the transaction that failed, and once more by themselves.
    assert tried.count("bug") == 2
    db.close()


def test_one_that_is_alone_leaves_nothing_waiting_when_it_fails(tmp_path: Path):
    db = _table(tmp_path / "one.sqlite3")
    writes = gathering.Writes(db)

    def bug(connection: database.Connection) -> None:
        raise _Bug

    with pytest.raises(_Bug):
        writes.do(bug)
    assert not vars(writes)["_waiting"]
    assert writes.do(_keeps("a")) == "a"
    assert _kept(db) == {"a"}
    db.close()


def test_more_than_fit_into_one_transaction_are_all_written(tmp_path: Path, count):
    db = _table(tmp_path / "one.sqlite3")
    many = count(3, 20) * gathering.MOST + 5
    names = {str(number): _keeps(str(number)) for number in range(many)}
    outcomes = _together(gathering.Writes(db), db, names)
    assert outcomes == {name: name for name in names}
    assert _kept(db) == set(names)
    db.close()


def test_nobody_is_told_before_the_commit(tmp_path: Path):
    """A commit that fails is nobody's success: each is written again by itself."""
    db = _table(tmp_path / "one.sqlite3")
    with db.write() as connection:
        connection.run(
            "CREATE TABLE child (id TEXT PRIMARY KEY, parent TEXT REFERENCES kept (id)"
            " DEFERRABLE INITIALLY DEFERRED)"
        )

    def orphan(connection: database.Connection) -> str:
        connection.run("INSERT INTO child (id, parent) VALUES ('c', 'nobody')")
        return "orphan"

    outcomes = _together(
        gathering.Writes(db), db, {"a": _keeps("a"), "orphan": orphan, "b": _keeps("b")}
    )
    assert isinstance(outcomes["orphan"], Exception)
    assert (outcomes["a"], outcomes["b"]) == ("a", "b")
    assert _kept(db) == {"a", "b"}
    db.close()


def test_killed_among_others_none_of_them_happened(tmp_path: Path):
    path = tmp_path / "one.sqlite3"
    _table(path).close()

    def killed(connection: database.Connection) -> None:
        connection.run("INSERT INTO kept (id) VALUES ('killed')")
        os.kill(os.getpid(), signal.SIGKILL)

    pid = os.fork()
    if pid == 0:
        own = database.SqliteDatabase(path)
        works = {"a": _keeps("a"), "b": _keeps("b"), "killed": killed, "c": _keeps("c")}
        _together(gathering.Writes(own), own, works)
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    db = database.SqliteDatabase(path)
    assert _kept(db) == set()
    db.close()
