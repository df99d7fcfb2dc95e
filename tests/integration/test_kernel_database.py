"""What both databases promise underneath the engine."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from engine.kernel import database, errors

T = "CREATE TABLE t (id TEXT PRIMARY KEY, n BIGINT, b BLOB)"


@pytest.fixture
def db(empty_database):
    with empty_database.write() as connection:
        connection.run(database.for_dialect(T, empty_database.dialect))
    return empty_database


def names(db: database.Database) -> list[str]:
    with db.read() as connection:
        return [row["id"] for row in connection.rows("SELECT id FROM t ORDER BY id")]


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2", "3.7.0", "2.8.17"])
def test_an_sqlite_that_can_lose_committed_work_is_refused(version):
    with pytest.raises(errors.ConfigurationError, match=rf"version {version} .* 3\.51\.3"):
        database.require_sound_sqlite(version)


@pytest.mark.parametrize("version", ["3.51.3", "3.51.10", "3.53.4", "4.0.0"])
def test_a_sound_sqlite_is_taken(version):
    database.require_sound_sqlite(version)


def test_the_sqlite_in_use_is_sound():
    database.require_sound_sqlite()


def test_a_file_is_in_wal_mode_with_full_sync_and_foreign_keys(tmp_path):
    db = database.SqliteDatabase(tmp_path / "x.sqlite3")
    with db.read() as connection:
        wanted = {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
            "trusted_schema": 0,
            "busy_timeout": 30_000,
        }
        for name, value in wanted.items():
            [row] = connection.rows(f"PRAGMA {name}")
            assert list(row.values()) == [value], name
    db.close()


def test_postgresql_is_serializable_in_both_directions(postgres_address):
    db = database.PostgresqlDatabase(postgres_address)
    for way in (db.write, db.read):
        with way() as connection:
            [row] = connection.rows("SHOW transaction_isolation")
            assert row == {"transaction_isolation": "serializable"}
    db.close()


def test_an_error_undoes_the_whole_block(db):
    def fail() -> None:
        with db.write() as connection:
            connection.run("INSERT INTO t (id) VALUES ('a')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(db) == []


def test_a_unique_violation_can_be_told_from_others(db):
    with db.write() as connection:
        connection.run("INSERT INTO t (id) VALUES ('a')")
    with pytest.raises(database.UniqueViolated), db.write() as connection:
        connection.run("INSERT INTO t (id) VALUES ('a')")
    assert names(db) == ["a"]


def test_a_read_sees_one_snapshot(db):
    with db.read() as connection:
        assert connection.rows("SELECT id FROM t") == []
        with db.write() as other:
            other.run("INSERT INTO t (id) VALUES ('late')")
        assert connection.rows("SELECT id FROM t") == []
    assert names(db) == ["late"]


def test_bytes_question_marks_and_percents_come_back_as_they_were(db):
    with db.write() as connection:
        connection.run("INSERT INTO t (id, n, b) VALUES (?, ?, ?)", ("100% ?", 2**62, b"\x00?%s"))
    with db.read() as connection:
        [row] = connection.rows("SELECT * FROM t WHERE id LIKE '100%' AND n = ?", (2**62,))
    assert (row["id"], row["n"], bytes(row["b"])) == ("100% ?", 2**62, b"\x00?%s")


def test_writers_wait_for_each_other(db):
    order: list[str] = []
    inside, go_on = threading.Event(), threading.Event()

    def second() -> None:
        inside.wait()
        go_on.set()
        with db.write() as connection:
            order.append("second")
            connection.run("INSERT INTO t (id) VALUES ('b')")

    thread = threading.Thread(target=second)
    thread.start()
    with db.write() as connection:
        inside.set()
        go_on.wait()
        connection.run("INSERT INTO t (id) VALUES ('a')")
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert names(db) == ["a", "b"]


def test_a_closed_database_s_file_can_be_deleted_after_an_abandoned_reader(tmp_path):
    """No cursor stays open: the write-ahead log can be emptied while nobody reads."""
    db = database.SqliteDatabase(tmp_path / "x.sqlite3")
    with db.write() as connection:
        connection.run(T)
        connection.run("INSERT INTO t (id) VALUES ('a')")
    assert names(db) == ["a"]
    db.checkpoint()
    assert (tmp_path / "x.sqlite3-wal").stat().st_size == 0
    db.close()


def test_a_file_that_waits_for_no_disk_is_whole_after_a_checkpoint(tmp_path):
    db = database.open_database(str(tmp_path / "x.sqlite3"), synchronous="OFF")
    with db.write() as connection:
        connection.run(T)
        connection.run("INSERT INTO t (id) VALUES ('a')")
        assert connection.rows("PRAGMA synchronous") == [{"synchronous": 0}]
    db.checkpoint()
    # Without the log beside it: the file alone is what a rename puts in its place.
    alone = database.SqliteDatabase(
        Path(shutil.copy(tmp_path / "x.sqlite3", tmp_path / "y.sqlite3"))
    )
    assert names(alone) == ["a"]
    alone.close()
    db.close()


def test_a_lost_postgresql_connection_is_not_handed_out_again(postgres, postgres_address):
    db = database.PostgresqlDatabase(postgres_address)
    with db.write() as connection:
        connection.run("CREATE TABLE t (id TEXT PRIMARY KEY)")
        [row] = connection.rows("SELECT pg_backend_pid() AS pid")
    other = database.PostgresqlDatabase(postgres_address)
    with other.read() as connection:
        connection.rows("SELECT pg_terminate_backend(?)", (row["pid"],))
    with pytest.raises(Exception, match=r"terminat|closed"):
        names(db)
    assert names(db) == []
    db.close()
    other.close()


def test_a_database_in_memory_refuses_a_question_from_within_its_own_transaction():
    db = database.SqliteDatabase(None)
    with pytest.raises(AssertionError, match="own transaction"), db.write(), db.read():
        pass
    db.close()


def test_dumps_are_in_the_same_order_on_both(db):
    with db.write() as connection:
        for name in ("b", "ab", "a", "Z", "王"):
            connection.run("INSERT INTO t (id, b) VALUES (?, ?)", (name, b"\x01"))
    with db.read() as connection:
        assert [row["id"] for row in database.dump(connection, "t")] == ["Z", "a", "ab", "b", "王"]
        assert database.tables(connection, db.dialect) == ["t"]


@pytest.mark.parametrize(
    ("address", "dialect"),
    [("memory", "sqlite"), ("postgresql://x/y", "postgresql"), ("dbname=x", "postgresql")],
)
def test_an_address_says_which_database_it_is(address, dialect):
    assert database.open_database(address).dialect == dialect
