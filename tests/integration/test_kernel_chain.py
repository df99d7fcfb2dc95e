"""The event chain: whatever somebody with the database's password does to it is found."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import codec, events, ids, vault
from tests.support import worlds
from tests.support.registering import sign_up

_TRIGGERS = {
    "sqlite": ("DROP TRIGGER event_is_not_updated", "DROP TRIGGER event_is_not_deleted"),
    "postgresql": ("DROP TRIGGER event_is_not_changed ON event",),
}


@pytest.fixture
def logged(any_world: World) -> World:
    """A world with some history."""
    sign_up(any_world)
    sign_up(any_world, "13900139000")
    return any_world


def drop_triggers(world: World) -> None:
    for statement in _TRIGGERS[world.engine.parts.db.dialect]:
        worlds.run_sql(world, statement)


def head(world: World) -> events.Head:
    with world.engine.parts.db.read() as connection:
        return events.head(connection)


def breaks(world: World, known: events.Head | None = None) -> list[events.Break]:
    with world.engine.parts.db.read() as connection:
        return events.verify(connection, world.keyring, known)[1]


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'x' WHERE seq = 2",
        "UPDATE event SET body = body",
        "DELETE FROM event WHERE seq = 2",
        "DELETE FROM event",
    ],
)
def test_the_database_refuses_to_change_the_log(logged, statement):
    with worlds.unchanged(logged), pytest.raises(Exception, match="append-only"):
        worlds.run_sql(logged, statement)


def test_postgresql_refuses_to_truncate_the_log(postgres_world):
    with worlds.unchanged(postgres_world), pytest.raises(Exception, match="append-only"):
        worlds.run_sql(postgres_world, "TRUNCATE event")


def test_sqlite_refuses_to_replace_an_event(file_world):
    sign_up(file_world)
    columns = ", ".join(worlds.rows(file_world, "SELECT * FROM event LIMIT 1")[0])
    others = columns.replace("actor", "'mallory'")
    with worlds.unchanged(file_world), pytest.raises(Exception, match=r"UNIQUE|append-only"):
        worlds.run_sql(
            file_world,
            f"INSERT OR REPLACE INTO event ({columns}) SELECT {others} FROM event WHERE seq = 2",
        )


def test_an_honest_log_has_no_breaks(logged):
    assert breaks(logged) == []
    assert breaks(logged, head(logged)) == []


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("occurred_at", 1),
        ("operation", "op_x"),
        ("actor", "staff:stf_x"),
        ("action", "mall.onboard"),
        ("kind", "order.paid"),
        ("version", 2),
        ("subject", "acc_x"),
        ("body", "{}"),
        ("mac", bytes(32)),
        ("previous", bytes(32)),
    ],
)
def test_an_edit_of_any_column_is_found(logged, column, value):
    drop_triggers(logged)
    assert worlds.run_sql(logged, f"UPDATE event SET {column} = ? WHERE seq = 3", value) == 1
    found = breaks(logged)
    assert found
    assert found[0].seq in (3, 4)


def test_a_moved_number_is_found(logged):
    drop_triggers(logged)
    last = head(logged).seq
    worlds.run_sql(logged, "UPDATE event SET seq = seq + 1000 WHERE seq = ?", last)
    assert {found.problem for found in breaks(logged)} == {"missing", "changed"}


def test_a_deletion_in_the_middle_is_found(logged):
    drop_triggers(logged)
    worlds.run_sql(logged, "DELETE FROM event WHERE seq = 3")
    assert breaks(logged)[0] == events.Break(seq=3, problem="missing")


def test_a_deletion_of_the_first_is_found(logged):
    drop_triggers(logged)
    worlds.run_sql(logged, "DELETE FROM event WHERE seq = 1")
    assert breaks(logged)[0] == events.Break(seq=1, problem="missing")


def test_two_events_in_exchanged_places_are_found(logged):
    drop_triggers(logged)
    for old, new in ((3, 9_000), (4, 3), (9_000, 4)):
        worlds.run_sql(logged, "UPDATE event SET seq = ? WHERE seq = ?", new, old)
    assert {found.seq for found in breaks(logged)} >= {3, 4}


def test_an_event_added_without_the_key_is_found(logged):
    """Somebody knows how it is done, and has everything but the log's key."""
    last = head(logged)
    with logged.engine.parts.db.write() as connection:
        event = events.read(connection, after=last.seq - 1)[0]
        forged = events.Event(
            **{
                name: getattr(event, name)
                for name in events.Event.__dataclass_fields__
                if name != "seq"
            },
            seq=last.seq + 1,
        )
        stranger = vault.Keyring.fresh(ids.seeded(99, "stranger"))
        events.append(connection, stranger, last, forged, codec.canonical(forged.body))
    assert breaks(logged) == [events.Break(seq=last.seq + 1, problem="changed")]


@pytest.mark.row("AUD-1")
def test_a_cut_tail_is_found_with_a_head_kept_elsewhere(logged):
    known = head(logged)
    drop_triggers(logged)
    worlds.run_sql(logged, "DELETE FROM event WHERE seq > ?", known.seq - 2)
    assert breaks(logged) == []
    assert breaks(logged, known) == [
        events.Break(seq=known.seq - 1, problem="the tail was cut or rewritten")
    ]


def test_a_rewritten_tail_is_found_with_a_head_kept_elsewhere(logged):
    """Even by somebody who holds the log's key: the kept head is not theirs to change."""
    known = head(logged)
    drop_triggers(logged)
    worlds.run_sql(logged, "DELETE FROM event WHERE seq = ?", known.seq)
    sign_up(logged, "13700137000")
    assert head(logged).seq > known.seq
    assert breaks(logged) == []
    assert len(breaks(logged, known)) == 1


def test_an_emptied_log_is_found_with_a_head_kept_elsewhere(logged):
    known = head(logged)
    drop_triggers(logged)
    worlds.run_sql(logged, "DELETE FROM event")
    assert len(breaks(logged, known)) == 1


def test_at_most_twenty_breaks_are_listed(logged):
    drop_triggers(logged)
    worlds.run_sql(logged, "UPDATE event SET actor = 'x'")
    assert len(breaks(logged)) == 20


def test_readers_see_old_events_in_their_newest_form(logged):
    """An upcaster lifts an old event when it is read; the row and its mac stay as they were."""

    def lift(body):
        return {**body, "facts": {**body["facts"], "lifted": True}}

    events.upcasters["account.registered", 1] = lift
    try:
        with logged.engine.parts.db.read() as connection:
            found = [
                event for event in events.read_all(connection) if event.kind == "account.registered"
            ]
        assert [(event.version, event.facts) for event in found] == [(2, {"lifted": True})] * 2
        assert breaks(logged) == []
    finally:
        del events.upcasters["account.registered", 1]
