"""The worker: does the staged jobs, delivers what is due, and is the only caller of providers.

`yinxin work` runs it as a process; a door runs one subject's jobs at once after its commit; a
simulation calls `run_due` when its clock says so. Being killed anywhere loses nothing: a job's lease
runs out and the next worker finds it, with the same idempotency key. Jobs of a kind that can be done
together are taken together, and what ended is put down in the transaction that takes the next.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.kernel import actors, clock, database, errors, jobs, ports, replies
from engine.kernel.engine import Engine

_log = logging.getLogger(__name__)
Handler = Callable[[ports.JobContext, jobs.Job], None]
# Does several jobs of a kind at once: all of them, or none and raises; then each is done by itself.
Together = Callable[[ports.JobContext, Sequence[jobs.Job]], None]
# So many at once: long enough to save transactions, short enough not to keep others waiting for one.
TOGETHER = 50
# So long, at most, another worker is waited for: one that was killed never ends what it had in hand.
_PATIENCE_S, _LOOK_EVERY_S = 20.0, 0.05


class Driven(Protocol):
    """A world as the worker needs it."""

    @property
    def engine(self) -> Engine:
        """The world's engine."""

    @property
    def ports(self) -> ports.Ports:
        """The world's outside parties."""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Job kind → what does it (`boot`'s table)."""

    @property
    def together(self) -> Mapping[str, Together]:
        """Job kind → what does several at once, where there is such a thing (`boot`'s table)."""

    def deliver_due(self, payment_id: str = "") -> int:
        """Deliver the notices that outside parties owe us; how many."""


def run_due(
    world: Driven, *, subject: str | None = None, limit: int = 1_000, owner: str = "door"
) -> int:
    """Do due jobs (of one subject, where given), oldest first; how many were done."""
    done = 0
    ended: list[_Ended] = []
    while claimed := _take(world, ended, subject=subject, owner=owner, most=limit - done):
        ended = _work(world, claimed)
        done += len(ended)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """How a job ended that was taken at `at`; well, where nothing is said."""

    job: jobs.Job
    at: int
    problem: str = ""
    final: bool = False
    again_at: int = 0


def _take(
    world: Driven, ended: Sequence[_Ended], *, subject: str | None, owner: str, most: int
) -> list[tuple[jobs.Job, int]]:
    """Put down what ended, and take the next due job, with those that can be done together with it."""
    if most <= 0 and not ended:
        return []
    parts, now = world.engine.parts, world.engine.now()
    with parts.db.write() as connection:
        for one in ended:
            _put_down(connection, one)
        if most <= 0:
            return []
        job = jobs.claim(parts, connection, now=now, owner=owner, subject=subject)
        if job is None:
            return []
        claimed = [job]
        if subject is None and job.kind in world.together and most > 1:
            claimed += jobs.claim_alike(
                parts, connection, job, now=now, owner=owner, most=min(most, TOGETHER) - 1
            )
    return [(one, now) for one in claimed]


def _put_down(connection: database.Connection, ended: _Ended) -> None:
    if ended.again_at:
        jobs.wait(connection, ended.job, until=ended.again_at)
    elif ended.final:
        jobs.stick(connection, ended.job, now=ended.at, problem=ended.problem)
    elif ended.problem:
        jobs.postpone(connection, ended.job, now=ended.at, problem=ended.problem)
    else:
        jobs.finish(connection, ended.job)


def _work(world: Driven, claimed: Sequence[tuple[jobs.Job, int]]) -> list[_Ended]:
    if len(claimed) > 1:
        kind = claimed[0][0].kind
        try:
            world.together[kind](world, [job for job, _ in claimed])
        except Exception as problem:  # noqa: BLE001
            # One of them is in the way of all: each by itself shows which, and does the others.
            _log.info(
                "%d jobs of kind %s one by one: %s", len(claimed), kind, type(problem).__name__
            )
        else:
            return [_Ended(job=job, at=at) for job, at in claimed]
    return [_work_one(world, job, at) for job, at in claimed]


def _work_one(world: Driven, job: jobs.Job, now: int) -> _Ended:
    problem, final, again_at = "", False, 0
    try:
        world.handlers[job.kind](world, job)
    except ports.NotYet as working:
        again_at = max(working.until, now + 1)
    except errors.ProviderUnavailable as down:
        problem = down.code
    except replies.KeyReused:
        # A worker recorded what came of this job and was killed before it could put it away. Asked once
        # more, the party answered otherwise, as whoever signs does: what was recorded first stands.
        _log.info("job %s of kind %s was recorded before", job.id, job.kind)
    except errors.EngineError as refusal:
        problem, final = refusal.code, True
    except Exception as bug:  # noqa: BLE001
        # Whatever it is, the job must not be lost and the worker must go on: a human looks at it.
        _log.exception("job %s of kind %s", job.id, job.kind)
        problem, final = type(bug).__name__, True
    return _Ended(job=job, at=now, problem=problem, final=final, again_at=again_at)


def tick(world: Driven, *, owner: str) -> int:
    """One round of a worker: due jobs, due notices, and what both brought about; how much."""
    total = 0
    while done := run_due(world, owner=owner) + world.deliver_due():
        total += done
    return total


def settle(world: Driven, *, owner: str) -> None:
    """Rounds until nothing is due, and until another worker has done what it has of that in hand."""
    tick(world, owner=owner)
    give_up, pause = time.monotonic() + _PATIENCE_S, threading.Event()
    while _in_hand(world) and time.monotonic() < give_up:
        pause.wait(_LOOK_EVERY_S)
        tick(world, owner=owner)


def _in_hand(world: Driven) -> bool:
    with world.engine.parts.db.read() as connection:
        return jobs.in_hand(connection, world.engine.now())


def sweep(world: Driven) -> int:
    """Forget what has had its time: stored replies past 72 h, contents that nothing opens. How many."""
    now, parts = world.engine.now(), world.engine.parts
    with parts.db.write() as connection:
        gone = connection.run("DELETE FROM reply WHERE expires_at <= ?", (now,))
    return gone + parts.blobs.sweep(parts.db)


SYSTEM = actors.System(job="worker")
IDLE_MS = clock.SECOND // 2
