"""What is promised under faults is checked by something that finds a breach; nothing sound is blamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.boot import World
from engine.kernel import actors, database, replies
from engine.kernel.engine import Engine
from engine.registration.actions import codes
from engine.registration.model import CodePurpose
from engine.staffing import actions as staffing
from simulations import invariants
from simulations.faults import arranging
from simulations.faults.doors import UnheardEngine
from simulations.faults.injector import Injector
from simulations.faults.plan import FaultPlan, Firing
from simulations.invariants import checking, walking
from tests.support import parties, worlds

SETUP = actors.System(job="setup")
ALWAYS = Firing(fires=1.0)
OFTEN = Firing(fires=0.5)


def under(world: World, later: Callable[..., None] = lambda *_: None, **sites: Firing) -> World:
    """The world with these sites switched on."""
    return arranging.with_faults(world, Injector(FaultPlan(**sites), 7), later)


def broken(world: World) -> set[str]:
    return {one.name for one in invariants.check(world) if one.violations}


def hire(world: World, number: int) -> Any:
    given = {"login": f"staff-{number}", "name": "试", "password": "a long password", "roles": ()}
    return world.engine.perform(staffing.create_staff, given, actor=SETUP, key=f"staff {number}")


@pytest.fixture
def certified(world: World) -> World:
    parties.certified(world, parties.Reviewers.of(world))
    return world


@pytest.mark.row("SIM-5")
def test_each_of_the_ten_promises_is_checked_by_invariants_that_there_are() -> None:
    known = set(invariants.names())
    assert list(invariants.PROMISES) == [f"I{number}" for number in range(1, 11)]
    for promise in invariants.PROMISES.values():
        assert promise.checked_by
        assert set(promise.checked_by) <= known


@pytest.mark.row("SIM-5")
def test_every_invariant_that_is_asked_stands_among_the_names(certified: World) -> None:
    asked = [one.name for one in invariants.check(under(certified, reply_lost=OFTEN))]
    assert sorted(asked) == sorted(invariants.names())
    plain = [one.name for one in invariants.check(certified)]
    assert set(asked) - set(plain) == {
        *(checking.TOLD, checking.SAME, checking.NOTHING, checking.SPENT)
    }


@pytest.mark.row("SIM-5")
def test_nothing_is_blamed_on_a_sound_world_however_much_fails(world: World) -> None:
    sites = ("reply_lost", "commit_failed", "disk_full", "database_busy", "clock_back")
    failing = under(world, **dict.fromkeys(sites, Firing(fires=0.2)))
    for number in range(40):
        hire(failing, number)
    assert broken(failing) == set()
    told = worlds.rows(world, "SELECT COUNT(*) AS n FROM staff WHERE login LIKE 'staff-%'")
    assert told == [{"n": 40}]
    engine = failing.engine
    assert isinstance(engine, UnheardEngine)
    assert len(engine.ledger) == 40


# -- canaries: a defect is planted, and what should find it does -------------------------------------


@pytest.mark.row("SIM-5")
def test_an_engine_that_forgets_its_replies_is_found_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = under(world, reply_lost=ALWAYS)
    monkeypatch.setattr(replies, "stored", lambda *_: None)
    monkeypatch.setattr(replies, "store", lambda *_: None)
    given = {"phone": "14200000001", "purpose": CodePurpose.SIGN_IN, "terms_accepted": True}
    # Done twice, the second code is refused because it comes too soon: that is no answer to the first.
    with pytest.raises(codes.CodeTooSoon):
        failing.engine.perform(codes.request_code, given, actor=SETUP, key="one")
    assert checking.SAME in broken(failing)


@pytest.mark.row("SIM-5")
def test_a_commit_that_failed_and_is_there_all_the_same_is_found_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = under(world, commit_failed=Firing(fires=0.3))
    write = database.SqliteDatabase.write

    class Committed:
        """A transaction that is committed whatever happens in it."""

        def __init__(self, db: database.SqliteDatabase) -> None:
            self._inner = write(db)

        def __enter__(self) -> database.Connection:
            return self._inner.__enter__()

        def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
            self._inner.__exit__(None, None, None)
            if problem is not None:
                raise database.StorageFailed()

    monkeypatch.setattr(database.SqliteDatabase, "write", lambda db: Committed(db))
    for number in range(20):
        hire(failing, number)
    assert broken(failing) == {checking.NOTHING}


@pytest.mark.row("SIM-5")
def test_a_clock_that_takes_the_log_back_is_found_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = under(world, clock_back=ALWAYS)
    hire(failing, 1)
    assert broken(failing) == set()
    monkeypatch.setattr(Engine, "_now", lambda engine, *_: 1_000_000)
    hire(failing, 2)
    assert broken(failing) == {walking.BACK}


@pytest.mark.row("SIM-5")
def test_an_acknowledged_act_that_the_log_does_not_know_is_found_out(world: World) -> None:
    failing = under(world, reply_lost=ALWAYS)
    hire(failing, 1)
    engine = failing.engine
    assert isinstance(engine, UnheardEngine)
    newest = worlds.rows(world, "SELECT MAX(seq) AS seq FROM event")[0]["seq"]
    engine.ledger.told("person:a", "mall.onboard", "k", newest + 1, None)
    assert broken(failing) == {checking.TOLD}


def _tampered(world: World, *statements: str) -> None:
    with world.engine.parts.db.write() as connection:
        connection.run("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.run(statement)
        connection.run("PRAGMA ignore_check_constraints = OFF")


def _forged(world: World, kind: str, body: str = "'{}'") -> None:
    """One more event of a kind about the subject that has one already."""
    with world.engine.parts.db.write() as connection:
        connection.run(
            "INSERT INTO event SELECT (SELECT MAX(seq) + 1 FROM event), occurred_at, operation, actor,"
            f" action, kind, version, subject, {body}, previous, mac FROM event WHERE kind = ?"
            " ORDER BY seq LIMIT 1",
            (kind,),
        )


def breaches() -> Iterator[tuple[str, Callable[[World], None]]]:
    yield (
        checking.KNOWN_STATE,
        lambda world: _tampered(world, "UPDATE certificate SET status = 'lost'"),
    )
    yield (
        checking.RESERVED,
        lambda world: _tampered(
            world, "UPDATE certificate SET status = 'requested'", "DELETE FROM job"
        ),
    )
    yield (
        checking.STUCK,
        lambda world: _tampered(world, "UPDATE job SET status = 'stuck', last_error = 'x'"),
    )
    yield walking.ONCE_ISSUED, lambda world: _forged(world, "certificate.issued")
    yield walking.BACK, lambda world: _forged(world, "certificate.issued")
    yield walking.TOUCHED, lambda world: _tampered(world, "UPDATE account SET status = 'frozen'")


@pytest.mark.row("SIM-5")
@pytest.mark.parametrize(("name", "tamper"), breaches(), ids=lambda one: str(one)[:30])
def test_a_breach_is_found(certified: World, name: str, tamper: Callable[[World], None]) -> None:
    assert name not in broken(certified)
    tamper(certified)
    assert name in broken(certified)


@pytest.mark.row("SIM-5")
def test_a_code_that_two_things_were_done_with_is_found(world: World) -> None:
    failing = under(world, reply_lost=ALWAYS)
    engine = failing.engine
    assert isinstance(engine, UnheardEngine)
    engine.ledger.spent("code_1")
    engine.ledger.spent("code_2")
    assert broken(failing) == set()
    engine.ledger.spent("code_1")
    assert broken(failing) == {checking.SPENT}


@pytest.mark.row("SIM-5")
def test_the_world_without_a_site_that_is_on_is_the_world_itself(world: World) -> None:
    assert under(world) is world
    assert under(world, reply_lost=Firing(on=0.0, fires=1.0)) is world
