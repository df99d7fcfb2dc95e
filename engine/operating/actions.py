"""Taking up again what the platform should have done outside and could not."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import errors, jobs
from engine.kernel.operation import Operation
from engine.operating import queries

_REASON_LONGEST = 500


class ReasonMissing(errors.InvalidInput):
    """Say in a few words why it will go through now: what was mended, or who is back."""


class ReasonTooLong(errors.InvalidInput):
    """A reason holds at most {limit} characters."""


class NoJobChosen(errors.InvalidInput):
    """Choose at least one job."""


class NotStuck(errors.Conflict):
    """Job {job} is not stuck: it is done, was taken up already, or will be tried again by itself."""


class NoneStuck(errors.Conflict):
    """No job of the kind “{kind}” is stuck. Somebody else may have taken them up already."""


def take_up(op: Operation, *, job_ids: tuple[str, ...], reason: str) -> int:
    """Have stuck jobs done again from now on, their tries counted anew: all of them or none; how many.

    Emits: job.taken_up. Raises: MayNot, ReasonMissing, ReasonTooLong, NoJobChosen, NotStuck.
    """
    queries.require(op)
    why = _reason(reason)
    if not job_ids:
        raise NoJobChosen(field="job_ids")
    found = []
    for job_id in dict.fromkeys(job_ids):
        job = jobs.stuck_one(op.connection, job_id)
        if job is None:
            raise NotStuck(job=job_id)
        found.append(job)
    return _take_up(op, found, why)


def take_up_kind(op: Operation, *, kind: str, reason: str) -> int:
    """Have every stuck job of a kind done again, as `take_up` does; how many.

    Emits: job.taken_up. Raises: MayNot, ReasonMissing, ReasonTooLong, NoneStuck.
    """
    queries.require(op)
    why = _reason(reason)
    found = jobs.stuck(op.connection, kind=kind)
    if not found:
        raise NoneStuck(kind=kind)
    return _take_up(op, found, why)


def _take_up(op: Operation, found: Sequence[jobs.Stuck], reason: str) -> int:
    for job in found:
        if not jobs.take_up(op.connection, job.id, now=op.now):
            raise NotStuck(job=job.id)
        op.record(
            "job.taken_up",
            job.subject,
            job=job.id,
            what=job.kind,
            problem=job.problem,
            tries=job.attempts,
            stuck_since=job.since,
            reason=reason,
        )
    return len(found)


def _reason(given: str) -> str:
    text = given.strip()
    if not text:
        raise ReasonMissing(field="reason")
    if len(text) > _REASON_LONGEST:
        raise ReasonTooLong(field="reason", limit=_REASON_LONGEST)
    return text
