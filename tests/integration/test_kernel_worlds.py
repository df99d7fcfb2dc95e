"""The same actions on both databases: the same rows, and a log that folds to the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import boot
from engine.boot import World
from engine.kernel import database, events
from engine.registration import model as registration
from engine.reviewing import actions as reviewing
from engine.staffing.model import Role
from tests.support import fold, registering, worlds


def a_small_registration(world: World) -> None:
    """Two people, one of them named; a claim that is rejected, corrected and approved twice."""
    person = registering.sign_up(world)
    registering.sign_up(world, "13900139000")
    assert registering.prove(world, person) is registration.ProofStatus.MATCHED
    reviewer, second = (worlds.staff(world, Role.ENTERPRISE_REVIEWER) for _ in range(2))
    claim = registering.claim(world, person)
    no = {"reasons": ("licence_unreadable",)}
    _decide(world, claim, reviewer, reviewing.reject, no)
    worlds.clock_of(world).advance(60_000)
    claim = registering.claim(world, person)
    for who in (reviewer, second):
        _decide(world, claim, who, reviewing.approve, {"note": "齐全"})


def _decide(world, claim, who, decide, arguments) -> None:
    sql = "SELECT id FROM review_case WHERE subject_id = ? AND decided_at IS NULL"
    given = {"case_id": worlds.rows(world, sql, claim.id)[0]["id"]}
    world.engine.perform(reviewing.claim, given, actor=who)
    world.engine.perform(decide, {**given, **arguments}, actor=who)


def test_the_log_folds_to_the_tables(any_world):
    a_small_registration(any_world)
    assert worlds.rows(any_world, "SELECT uscc FROM enterprise") == [
        {"uscc": registering.credit_code()}
    ]
    fold.require(any_world)


def test_the_fold_finds_a_row_that_was_changed_behind_the_log(any_world):
    registering.sign_up(any_world)
    worlds.run_sql(any_world, "UPDATE device SET label = 'other'")
    assert len(fold.differences(any_world)) == 1


def test_the_chain_holds_after_a_registration(any_world):
    a_small_registration(any_world)
    with any_world.engine.parts.db.read() as connection:
        count, breaks = events.verify(connection, any_world.keyring)
    assert breaks == []
    assert count == len(worlds.kinds(any_world)) > 20


def test_both_databases_and_memory_hold_the_very_same_rows(world, file_world, postgres_world):
    digests = set()
    for each in (world, file_world, postgres_world):
        a_small_registration(each)
        # Each database has a migration of its own for the triggers of the log.
        digests.add(worlds.digest(each, without=("migration",)))
    assert len(digests) == 1


def test_another_seed_makes_another_log():
    digests = set()
    for seed in (1, 2):
        each = boot.memory_world(seed=seed)
        a_small_registration(each)
        digests.add(worlds.digest(each))
        each.close()
    assert len(digests) == 2


def test_a_world_is_found_again_in_its_folder(tmp_path: Path):
    boot.create_world(tmp_path / "w", kind="demo", world_id="again")
    first = boot.open_world(tmp_path / "w")
    worlds.staff(first, Role.LEAD, login="lead")
    head = worlds.rows(first, "SELECT MAX(seq) AS seq FROM event")
    first.close()
    second = boot.open_world(tmp_path / "w")
    assert worlds.rows(second, "SELECT MAX(seq) AS seq FROM event") == head
    before = first.engine.now()
    assert second.engine.now() >= before
    second.close()


def test_settings_of_a_kind_that_a_world_has_not_are_entered_when_it_is_opened(tmp_path: Path):
    boot.create_world(tmp_path / "w", kind="demo", world_id="older")
    first = boot.open_world(tmp_path / "w")
    count = "SELECT COUNT(*) AS n FROM policy_version"
    before = worlds.rows(first, count)
    worlds.run_sql(first, "DELETE FROM policy_version WHERE kind = 'role'")
    assert worlds.rows(first, count) != before
    first.close()
    second = boot.open_world(tmp_path / "w")
    assert worlds.rows(second, count) == before
    lead = worlds.staff(second, Role.LEAD, login="lead")
    assert lead.grants[0].rights
    second.close()


def test_a_world_refuses_a_database_that_is_no_database(tmp_path: Path):
    (tmp_path / "broken.sqlite3").write_bytes(b"this is not a database" * 100)
    with pytest.raises(Exception, match="not a database"):
        boot.memory_world(db=database.SqliteDatabase(tmp_path / "broken.sqlite3"))
