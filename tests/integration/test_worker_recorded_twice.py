"""A worker that is killed once it has recorded an outcome: its job is found again, and the first stands."""

from __future__ import annotations

import threading

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import jobs
from simulations.faults import arranging
from simulations.faults.injector import Injector
from simulations.faults.plan import FaultPlan, Firing
from tests.support import parties, worlds

_SEAL = "SELECT id, ses FROM seal WHERE status = 'active' AND kind = 'company'"
_WAITING = "SELECT attempts FROM job WHERE kind = 'make_seal'"


@pytest.mark.row("SIM-5")
@pytest.mark.row("SEA-3")
def test_a_seal_that_a_worker_recorded_before_it_was_killed_stays_and_its_job_ends(
    any_world: World,
) -> None:
    party = parties.certified(any_world, parties.Reviewers.of(any_world))
    parties.approve_seal(any_world, party)
    killed = Injector(FaultPlan(worker_killed_after=Firing(fires=1.0)), 1)
    dying = arranging.with_faults(any_world, killed, lambda delay, act: None)
    assert not arranging.tick(dying, owner="first")
    made = worlds.rows(any_world, _SEAL)
    assert len(made) == 1
    # It died before it could put the job away, so the job is still under its lease.
    assert [row["attempts"] for row in worlds.rows(any_world, _WAITING)] == [1]
    worlds.clock_of(any_world).advance(jobs.LEASE_MS + 1)
    worker.tick(any_world, owner="second")
    assert worlds.rows(any_world, _WAITING) == []
    assert worlds.rows(any_world, _SEAL) == made


@pytest.mark.row("SIM-5")
def test_a_worker_that_is_killed_before_it_records_anything_loses_nothing(any_world: World) -> None:
    party = parties.certified(any_world, parties.Reviewers.of(any_world))
    parties.approve_seal(any_world, party)
    killed = Injector(FaultPlan(worker_killed_before=Firing(fires=1.0)), 1)
    dying = arranging.with_faults(any_world, killed, lambda delay, act: None)
    assert not arranging.tick(dying, owner="first")
    assert worlds.rows(any_world, _SEAL) == []
    worlds.clock_of(any_world).advance(jobs.LEASE_MS + 1)
    worker.tick(any_world, owner="second")
    assert len(worlds.rows(any_world, _SEAL)) == 1


@pytest.mark.row("SIM-2")
def test_a_job_under_a_lease_is_due_when_the_lease_ends(any_world: World) -> None:
    parts, now = any_world.engine.parts, worlds.clock_of(any_world).now_ms()
    with parts.db.write() as connection:
        connection.run("DELETE FROM job")
        connection.run(
            "INSERT INTO job (id, kind, subject, due_at, lease_until, attempts, status, created_at)"
            " VALUES ('job_1', 'a_kind', 'somebody', ?, 0, 0, 'ready', ?)",
            (now - 5, now - 5),
        )
        assert jobs.next_due(connection) == now - 5
        assert jobs.claim(parts, connection, now=now, owner="one", subject=None) is not None
        assert jobs.next_due(connection) == now + jobs.LEASE_MS


def test_whoever_settles_waits_for_what_another_worker_has_in_hand(any_world: World) -> None:
    parts, now = any_world.engine.parts, worlds.clock_of(any_world).now_ms()
    with parts.db.write() as connection:
        connection.run(
            "INSERT INTO job (id, kind, subject, due_at, lease_until, attempts, status, created_at)"
            " VALUES ('job_1', 'a_kind', 'somebody', ?, 0, 0, 'ready', ?)",
            (now - 5, now - 5),
        )
        taken = jobs.claim(parts, connection, now=now, owner="one", subject="somebody")
    assert taken is not None
    settling = threading.Thread(target=worker.settle, args=(any_world,), kwargs={"owner": "two"})
    settling.start()
    settling.join(0.3)
    assert settling.is_alive()
    with parts.db.write() as connection:
        jobs.finish(connection, taken)
    settling.join()
    assert worlds.rows(any_world, "SELECT id FROM job") == []
