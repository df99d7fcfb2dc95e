"""Jobs that are stuck as the worker leaves them: their provider answers with a bug, or with nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from engine import worker
from engine.boot import World
from engine.issuing import model
from engine.kernel import actors, jobs
from engine.kernel.operation import Operation
from engine.providers.authorities import Agency
from tests.support import certifying, parties, worlds


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Broken(Agency):
    """A real authority behind a line that is not."""

    problem: Exception

    def issue(self, request: object) -> bytes:
        """Nothing but the problem."""
        raise self.problem


def behind(world: World, problem: Exception, agency_id: str = "dongfang") -> World:
    """The world, one of whose CAs cannot be asked for this reason."""
    agency = world.ports.agencies[agency_id]
    assert isinstance(agency, Agency)
    broken = _Broken(keys=agency.keys, profiles=agency.profiles, problem=problem)
    agencies = {**world.ports.agencies, agency_id: broken}
    return dataclasses.replace(world, ports=dataclasses.replace(world.ports, agencies=agencies))


def certificate(world: World) -> model.Certificate:
    """A certificate that was asked for, and whose job is stuck for a bug."""
    asked = certifying.request(world, certifying.approved(world, parties.Reviewers.of(world)))
    worker.run_due(behind(world, ZeroDivisionError("bug")))
    return asked


def stage(op: Operation, *, kind: str, subject: str, phone: str = "13800138000") -> str:
    """Stage a job with a personal value in its body."""
    op.record("test.staged", subject)
    return op.enqueue(kind, subject, {"phone": phone})


def put(world: World, kind: str, subject: str = "x") -> str:
    """A job of a kind that is due; its id."""
    given = {"kind": kind, "subject": subject}
    return world.engine.perform(stage, given, actor=worlds.SYSTEM)


class Driven:
    """A world whose handlers are the test's own, whatever the kind."""

    def __init__(self, world: World, handle: Callable[[jobs.Job], None], *kinds: str) -> None:
        self.engine, self.ports = world.engine, world.ports
        self.handlers: dict[str, worker.Handler] = {
            kind: lambda context, job: handle(job) for kind in kinds
        }
        self.together: dict[str, worker.Together] = {}

    def deliver_due(self, payment_id: str = "") -> int:
        """Nothing is owed."""
        return 0


def several(world: World, problem: Exception, **counts: int) -> dict[str, list[str]]:
    """So many jobs of each kind, which a worker has tried once and met this problem; their ids."""
    ids = {kind: [put(world, kind) for _ in range(n)] for kind, n in counts.items()}

    def refuse(job: jobs.Job) -> None:
        raise problem

    worker.run_due(Driven(world, refuse, *counts))
    return ids


def who(world: World, actor: actors.Actor) -> str:
    """How the newest fact names who did it; it has to be this actor."""
    [row] = worlds.rows(world, "SELECT actor FROM event ORDER BY seq DESC LIMIT 1")
    assert row["actor"] == actor.text
    return str(row["actor"])
