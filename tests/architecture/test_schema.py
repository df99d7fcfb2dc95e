"""schema.sql is what the migrations make, and the tables keep the rules that every stage shares."""

from __future__ import annotations

import re

import pytest

from engine.boot import tables
from engine.kernel import database, migrating
from tools import schema


@pytest.fixture(scope="module")
def db():
    made = database.SqliteDatabase(None)
    migrating.migrate(made, tables.STAGES)
    yield made
    made.close()


@pytest.fixture(scope="module")
def columns(db):
    """Table → its columns, by name."""
    with db.read() as connection:
        return {
            name: {
                row["name"]: row
                for row in connection.rows(f"SELECT * FROM pragma_table_info('{name}')")
            }
            for name in database.tables(connection, "sqlite")
        }


def test_each_schema_is_what_the_migrations_make():
    for stage, text in schema.schemas().items():
        path = migrating.ENGINE / stage / "schema.sql"
        assert path.exists(), "run: make schema"
        assert path.read_text(encoding="utf-8") == text, f"{path.parent.name}: run: make schema"


def test_every_stage_with_migrations_is_in_boot_s_table():
    found = {path.parent.name for path in migrating.ENGINE.glob("*/migrations")}
    assert found == set(tables.STAGES)


def test_a_table_of_facts_has_a_text_id(columns):
    for name, found in columns.items():
        if name not in tables.UNLOGGED:
            assert found["id"]["type"] == "TEXT", name
            assert found["id"]["pk"] == 1, name


def test_what_is_unlogged_exists_and_says_why(columns):
    assert set(tables.UNLOGGED) <= columns.keys()
    assert all(tables.UNLOGGED.values())


def test_columns_have_three_types_and_no_reserved_name(columns):
    for table, found in columns.items():
        for name, column in found.items():
            assert column["type"] in ("TEXT", "BIGINT", "BLOB"), f"{table}.{name}"
            assert name != "at", f"{table}.{name}"
            if name.endswith(("_at", "_fen", "_ms")):
                assert column["type"] == "BIGINT", f"{table}.{name}"


def test_a_status_is_checked_by_the_database(db, columns):
    with db.read() as connection:
        made = {
            row["name"]: row["sql"]
            for row in connection.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        }
    for table, found in columns.items():
        if "status" in found:
            assert re.search(r"CHECK \(\s*status IN", made[table]), table


def test_what_a_reviewer_scopes_by_is_there_from_the_first_migration(columns):
    for table in ("certificate_order", "certificate", "seal", "contract", "invoice", "review_case"):
        assert {"platform_id", "agency_id"} <= columns[table].keys(), table
