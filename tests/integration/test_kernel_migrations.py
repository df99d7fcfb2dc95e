"""Migrations: from empty on both databases, killed anywhere, refused when an old one was changed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import boot
from engine.boot import tables
from engine.kernel import database, migrating

STAGES = ("kernel", "policies", "staffing")


def schema(db: database.Database) -> dict[str, list[str]]:
    """Every table with its columns, and how many rows the ledger has."""
    with db.read() as connection:
        found = {}
        for name in database.tables(connection, db.dialect):
            if db.dialect == "sqlite":
                columns = connection.rows(f"SELECT name FROM pragma_table_info('{name}')")
            else:
                columns = connection.rows(
                    "SELECT column_name AS name FROM information_schema.columns"
                    " WHERE table_name = ? ORDER BY ordinal_position",
                    (name,),
                )
            found[name] = [row["name"] for row in columns]
        if "migration" in found:
            ledger = connection.rows("SELECT stage, name FROM migration ORDER BY stage, name")
            found["migration"] = [f"{row['stage']}/{row['name']}" for row in ledger]
        return found


def test_an_empty_database_becomes_complete_and_a_second_run_applies_nothing(empty_database):
    applied = migrating.migrate(empty_database, tables.STAGES)
    assert len(applied) >= len(tables.STAGES)
    assert {"event", "account", "review_case", "ticket"} <= schema(empty_database).keys()
    assert migrating.migrate(empty_database, tables.STAGES) == []


def test_both_databases_get_the_same_tables_and_columns(tmp_path, postgres_world):
    db = database.SqliteDatabase(tmp_path / "x.sqlite3")
    migrating.migrate(db, tables.STAGES)
    one, other = schema(db), schema(postgres_world.engine.parts.db)
    db.close()
    one.pop("migration")
    other.pop("migration")
    assert one == other


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


def test_a_migration_interrupted_before_any_statement_has_not_happened(empty_database):
    """Stopped once before each statement and each commit: what is there was made by whole files."""
    stopped_at: set[tuple[str, str]] = set()
    previous = ""

    def before(statement: str) -> None:
        nonlocal previous
        place, previous = (previous, statement), statement
        if place not in stopped_at:
            stopped_at.add(place)
            raise Killed

    while True:
        previous = ""
        try:
            migrating.migrate(empty_database, STAGES, before)
        except Killed:
            found = schema(empty_database)
            made = _tables_of(found["migration"], empty_database.dialect)
            assert found.keys() - {"migration"} == made
        else:
            break
    statements = [
        statement
        for stage in STAGES
        for migration in migrating.of_stage(stage, empty_database.dialect)
        for statement in (*migration.statements, "commit")
    ]
    assert len(stopped_at) >= len(statements)
    assert schema(empty_database).keys() >= {"event", "policy_version", "staff"}


def _tables_of(places: list[str], dialect: str) -> set[str]:
    """The tables that whole migration files create."""
    found: set[str] = set()
    for stage in STAGES:
        for migration in migrating.of_stage(stage, dialect):
            if f"{stage}/{migration.name}" in places:
                for statement in migration.statements:
                    words = statement.split()
                    if statement.startswith("CREATE TABLE"):
                        found.add(words[2])
                    elif statement.startswith("DROP TABLE"):
                        found.remove(words[2])
                    elif words[:2] == ["ALTER", "TABLE"] and words[3:5] == ["RENAME", "TO"]:
                        found.remove(words[2])
                        found.add(words[5])
    return found


def _in_child(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitpid(pid, 0)[1]


@pytest.mark.parametrize("last", ["commit", "CREATE TABLE staff_session", "CREATE TABLE reply"])
def test_a_process_killed_in_a_migration_leaves_old_or_new(tmp_path, last):
    """SIGKILL, on a real file: another process finds whole files only, and goes on."""
    path = tmp_path / "killed.sqlite3"

    def work() -> None:
        def before(statement: str) -> None:
            if statement.startswith(last):
                os.kill(os.getpid(), signal.SIGKILL)

        migrating.migrate(database.SqliteDatabase(path), STAGES, before)

    assert os.WIFSIGNALED(_in_child(work))
    db = database.SqliteDatabase(path)
    found = schema(db)
    assert found.keys() - {"migration"} == _tables_of(found["migration"], "sqlite")
    assert migrating.migrate(db, STAGES)
    assert {"event", "policy_version", "staff", "staff_session"} <= schema(db).keys()
    db.close()


def test_a_changed_migration_is_refused(empty_database):
    migrating.migrate(empty_database, STAGES)
    with empty_database.write() as connection:
        connection.run("UPDATE migration SET digest = 'x' WHERE name = '0001_staffing.sql'")
    with pytest.raises(migrating.MigrationChanged, match=r"0001_staffing\.sql of staffing"):
        migrating.migrate(empty_database, STAGES)


def test_a_failing_statement_undoes_its_file(empty_database, tmp_path, monkeypatch):
    folder = tmp_path / "broken" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_broken.sql").write_text(
        "CREATE TABLE one (id TEXT PRIMARY KEY)\n\nCREATE TABLE two (id TEXT) NONSENSE\n"
    )
    monkeypatch.setattr(migrating, "ENGINE", tmp_path)
    with pytest.raises(Exception, match=r"syntax|unknown table option"):
        migrating.migrate(empty_database, ["broken"])
    assert schema(empty_database) == {"migration": []}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_statements_hold_no_semicolon_outside_a_trigger_or_function(dialect):
    for stage in tables.STAGES:
        for migration in migrating.of_stage(stage, dialect):
            for statement in migration.statements:
                if "BEGIN" not in statement:
                    assert ";" not in statement, f"{stage}/{migration.name}"
                assert " at " not in statement.lower().replace("\n", " "), statement


def test_a_world_migrates_when_it_is_opened(tmp_path: Path):
    boot.create_world(tmp_path / "w", kind="demo", world_id="migrating")
    made = boot.open_world(tmp_path / "w")
    assert migrating.migrate(made.engine.parts.db, tables.STAGES) == []
    made.close()
