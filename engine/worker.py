"""The worker: does the staged jobs, delivers what is due, and is the only caller of providers.

`yinxin work` runs it as a process; a door runs one subject's jobs at once after its commit; a
simulation calls `run_due` when its clock says so. Being killed anywhere loses nothing: a job's lease
runs out and the next worker finds it, with the same idempotency key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from engine.kernel import actors, clock, errors, jobs, ports
from engine.kernel.engine import Engine

_log = logging.getLogger(__name__)
Handler = Callable[[ports.JobContext, jobs.Job], None]


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

    def deliver_due(self, payment_id: str = "") -> int:
        """Deliver the notices that outside parties owe us; how many."""


def run_due(
    world: Driven, *, subject: str | None = None, limit: int = 1_000, owner: str = "door"
) -> int:
    """Do due jobs (of one subject, where given), oldest first; how many were done."""
    done = 0
    while done < limit and _run_one(world, subject, owner):
        done += 1
    return done


def _run_one(world: Driven, subject: str | None, owner: str) -> bool:
    engine = world.engine
    now = engine.now()
    with engine.parts.db.write() as connection:
        job = jobs.claim(engine.parts, connection, now=now, owner=owner, subject=subject)
    if job is None:
        return False
    problem, final, again_at = "", False, 0
    try:
        world.handlers[job.kind](world, job)
    except ports.NotYet as working:
        again_at = max(working.until, now + 1)
    except errors.ProviderUnavailable as down:
        problem = down.code
    except errors.EngineError as refusal:
        problem, final = refusal.code, True
    except Exception as bug:  # noqa: BLE001
        # Whatever it is, the job must not be lost and the worker must go on: a human looks at it.
        _log.exception("job %s of kind %s", job.id, job.kind)
        problem, final = type(bug).__name__, True
    with engine.parts.db.write() as connection:
        if again_at:
            jobs.wait(connection, job, until=again_at)
        elif final:
            jobs.stick(connection, job, problem=problem)
        elif problem:
            jobs.postpone(connection, job, now=now, problem=problem)
        else:
            jobs.finish(connection, job)
    return True


def tick(world: Driven, *, owner: str) -> int:
    """One round of a worker: due jobs, due notices, and what both brought about; how much."""
    total = 0
    while done := run_due(world, owner=owner) + world.deliver_due():
        total += done
    return total


def sweep(world: Driven) -> int:
    """Forget what has had its time: stored replies past 72 h, contents that nothing opens. How many."""
    now, parts = world.engine.now(), world.engine.parts
    with parts.db.write() as connection:
        gone = connection.run("DELETE FROM reply WHERE expires_at <= ?", (now,))
    return gone + parts.blobs.sweep(parts.db)


SYSTEM = actors.System(job="worker")
IDLE_MS = clock.SECOND // 2
