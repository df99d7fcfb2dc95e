"""Jobs: leased, found again when their worker dies, postponed with growing waits, handed to a human."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import actors, clock, codec, errors, jobs
from engine.kernel.operation import Operation
from tests.support import worlds

ACTOR = actors.System(job="test")


def stage(op: Operation, *, subject: str, due_in: int = 0) -> str:
    op.record("test.staged", subject)
    return op.enqueue("test", subject, {"phone": "13800138000"}, due_at=op.now + due_in)


def put(world: World, subject: str = "s1", due_in: int = 0) -> str:
    return world.engine.perform(stage, {"subject": subject, "due_in": due_in}, actor=ACTOR)


def claim(world: World, owner: str = "w1", subject: str | None = None) -> jobs.Job | None:
    parts = world.engine.parts
    now = world.engine.now()
    with parts.db.write() as connection:
        return jobs.claim(parts, connection, now=now, owner=owner, subject=subject)


class Driven:
    """A world whose handler of `test` jobs is the test's own."""

    def __init__(self, world: World, handler: Callable[[jobs.Job], None]) -> None:
        self.engine, self.ports = world.engine, world.ports
        self.handlers = {"test": lambda context, job: handler(job)}
        self.together: dict[str, worker.Together] = {}

    def deliver_due(self, payment_id: str = "") -> int:
        return 0


def held(world: World) -> dict[str, object]:
    [row] = worlds.rows(world, "SELECT status, attempts, due_at, lease_until, last_error FROM job")
    return row


def test_a_job_is_claimed_once_while_its_lease_lasts(any_world):
    job_id = put(any_world)
    first = claim(any_world)
    assert first is not None
    assert (first.id, first.attempts, first.body) == (job_id, 1, {"phone": "13800138000"})
    worlds.clock_of(any_world).advance(jobs.LEASE_MS - 1)
    assert claim(any_world, "w2") is None


def test_a_dead_worker_s_job_is_found_again_with_the_same_id(any_world):
    job_id = put(any_world)
    claim(any_world)
    worlds.clock_of(any_world).advance(jobs.LEASE_MS)
    again = claim(any_world, "w2")
    assert again is not None
    assert (again.id, again.attempts) == (job_id, 2)


def test_a_job_waits_until_it_is_due(any_world):
    put(any_world, due_in=5_000)
    assert claim(any_world) is None
    with any_world.engine.parts.db.read() as connection:
        due = jobs.next_due(connection)
    assert due == any_world.engine.now() + 5_000
    worlds.clock_of(any_world).advance(5_000)
    assert claim(any_world) is not None


def test_jobs_are_done_in_the_order_they_fell_due(any_world):
    put(any_world, "late", due_in=2_000)
    put(any_world, "early", due_in=1_000)
    worlds.clock_of(any_world).advance(3_000)
    done: list[str] = []
    assert worker.run_due(Driven(any_world, lambda job: done.append(job.subject))) == 2
    assert done == ["early", "late"]
    assert worlds.rows(any_world, "SELECT id FROM job") == []


def test_a_door_runs_its_own_subject_s_jobs_alone(any_world):
    put(any_world, "s1")
    put(any_world, "s2")
    done: list[str] = []
    driven = Driven(any_world, lambda job: done.append(job.subject))
    assert worker.run_due(driven, subject="s2") == 1
    assert done == ["s2"]


def test_an_unreachable_provider_postpones_with_growing_waits_and_then_a_human_looks(any_world):
    put(any_world)

    def refuse(job: jobs.Job) -> None:
        raise errors.ProviderUnavailable()

    driven = Driven(any_world, refuse)
    for attempt, wait in enumerate(jobs.BACKOFF_MS, start=1):
        assert worker.run_due(driven) == 1
        row = held(any_world)
        assert (row["status"], row["attempts"]) == ("ready", attempt)
        assert row["due_at"] == any_world.engine.now() + wait
        assert row["last_error"] == "kernel.provider_unavailable"
        worlds.clock_of(any_world).advance(wait)
    assert worker.run_due(driven) == 1
    assert held(any_world)["status"] == "stuck"
    worlds.clock_of(any_world).advance(clock.DAY)
    assert worker.run_due(driven) == 0


def test_a_weekend_without_a_provider_heals_by_itself_within_an_hour_of_its_end(any_world):
    put(any_world)
    back_at = any_world.engine.now() + 2 * clock.DAY + 13 * clock.HOUR
    done: list[int] = []

    def handle(job: jobs.Job) -> None:
        now = any_world.engine.now()
        assert now - job.created_at == job.postponed_ms
        assert not job.is_last_attempt
        if now < back_at:
            raise errors.ProviderUnavailable()
        done.append(now)

    driven = Driven(any_world, handle)
    while not done:
        assert worker.run_due(driven) == 1
        if not done:
            worlds.clock_of(any_world).set(held(any_world)["due_at"])
    assert back_at <= done[0] <= back_at + clock.HOUR
    assert worlds.rows(any_world, "SELECT id FROM job") == []


@pytest.mark.parametrize("problem", [errors.Conflict(), ZeroDivisionError("bug")])
def test_a_refusal_or_a_bug_hands_the_job_to_a_human_and_the_worker_goes_on(any_world, problem):
    put(any_world, "bad")
    put(any_world, "good")
    done: list[str] = []

    def handle(job: jobs.Job) -> None:
        if job.subject == "bad":
            raise problem
        done.append(job.subject)

    assert worker.run_due(Driven(any_world, handle)) == 2
    assert done == ["good"]
    assert held(any_world)["status"] == "stuck"


@pytest.mark.parametrize("problem", [errors.ProviderUnavailable(), errors.Conflict()])
def test_a_worker_that_lost_its_lease_leaves_the_job_to_who_took_it_over(any_world, problem):
    """The first worker fails after the second one took over: only the second one decides."""
    put(any_world)

    def slow(job: jobs.Job) -> None:
        if job.attempts == 1:
            worlds.clock_of(any_world).advance(jobs.LEASE_MS)
            assert claim(any_world, "w2") is not None
        raise problem

    worker.run_due(Driven(any_world, slow), owner="w1", limit=1)
    row = held(any_world)
    assert (row["status"], row["attempts"], row["last_error"]) == ("ready", 2, None)
    assert row["lease_until"] == any_world.engine.now() + jobs.LEASE_MS


def test_a_job_s_body_is_encrypted_and_bound_to_its_job(any_world):
    one, other = put(any_world, "s1"), put(any_world, "s2")
    bodies = worlds.rows(any_world, "SELECT body FROM job")
    assert b"13800138000" not in b"".join(bytes(row["body"]) for row in bodies)
    worlds.run_sql(
        any_world,
        "UPDATE job SET body = (SELECT body FROM job WHERE id = ?) WHERE id = ?",
        one,
        other,
    )
    with pytest.raises(errors.ConfigurationError):
        claim(any_world, subject="s2")


def test_a_claimed_job_is_a_frozen_value(world):
    put(world)
    job = claim(world)
    assert job is not None
    with pytest.raises(dataclasses.FrozenInstanceError):
        job.id = "other"  # type: ignore[misc]
    assert codec.canonical(job.body) == '{"phone":"13800138000"}'
