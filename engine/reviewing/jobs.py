"""What becomes due at the desk by itself."""

from __future__ import annotations

from engine.kernel import actors, jobs, ports
from engine.reviewing import actions


def forget_handover(context: ports.JobContext, job: jobs.Job) -> None:
    """What was said at a handover has been kept long enough."""
    context.engine.perform(
        actions.forget_handover,
        {"handover_id": job.subject},
        actor=actors.System(job="forget_handover"),
        key=job.key,
    )
