"""What is due later: unknown callers are forgotten."""

from __future__ import annotations

from engine.calls import actions
from engine.kernel import actors, jobs, ports

_FORGETTER = actors.System(job="forget_caller")


def forget_caller(context: ports.JobContext, job: jobs.Job) -> None:
    """Destroy what a caller without an account left, after the days that the rules of calls say."""
    context.engine.perform(actions.forget, {"call_id": job.subject}, actor=_FORGETTER, key=job.key)
