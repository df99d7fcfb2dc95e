"""What tests ask of a world as a whole: its content, and people who act in it."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from collections.abc import Collection, Iterator

from engine.boot import World
from engine.kernel import actors, clock, codec, database
from engine.staffing import actions as staffing
from engine.staffing import model as staff_model
from engine.staffing import queries as staff_queries

SYSTEM = actors.System(job="test")
PASSWORD = "correct horse battery staple"


def content(world: World, *, without: Collection[str] = ()) -> dict[str, list[database.Row]]:
    """Every row of every table in a canonical order; the same on both databases."""
    db = world.engine.parts.db
    with db.read() as connection:
        return {
            name: database.dump(connection, name)
            for name in database.tables(connection, db.dialect)
            if name not in without
        }


def digest(world: World, *, without: Collection[str] = ()) -> str:
    """SHA-256 of the canonical dump of all tables."""
    return hashlib.sha256(codec.canonical(content(world, without=without)).encode()).hexdigest()


@contextlib.contextmanager
def unchanged(world: World, *, without: Collection[str] = ()) -> Iterator[None]:
    """Whatever happens inside leaves no trace in any table, also when it is refused."""
    before = content(world, without=without)
    try:
        yield
    finally:
        # Also while an exception passes, so that the order of two context managers hides nothing.
        assert content(world, without=without) == before


def clock_of(world: World) -> clock.ManualClock:
    """The world's clock, which the test owns."""
    found = world.engine.parts.clock
    assert isinstance(found, clock.ManualClock)
    return found


def rows(world: World, sql: str, *parameters: object) -> list[database.Row]:
    """The answer of the database itself."""
    with world.engine.parts.db.read() as connection:
        return connection.rows(sql, parameters)


def run_sql(world: World, sql: str, *parameters: object) -> int:
    """Go around the engine, as somebody with the database's password would."""
    with world.engine.parts.db.write() as connection:
        return connection.run(sql, parameters)


def kinds(world: World) -> list[str]:
    """The kinds of all facts in the log, oldest first."""
    return [row["kind"] for row in rows(world, "SELECT kind FROM event ORDER BY seq")]


def staff(
    world: World,
    *roles: staff_model.Role,
    login: str = "",
    scope_kind: str = "all",
    scope_id: str = "",
) -> actors.Staff:
    """A new member of staff with these roles, as an actor."""
    made = world.engine.perform(
        staffing.create_staff,
        {
            "login": login or f"staff-{len(rows(world, 'SELECT id FROM staff')) + 1}",
            "name": "王审核",
            "password": PASSWORD,
            "roles": roles,
            "scope_kind": scope_kind,
            "scope_id": scope_id,
        },
        actor=SYSTEM,
    )
    found = world.engine.ask(staff_queries.actor, SYSTEM, made.id)
    assert found is not None
    # As if the second factor was proved a moment ago; its own tests prove when it must be.
    return dataclasses.replace(found, second_factor_at=1 << 62)
