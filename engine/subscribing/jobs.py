"""What is due later: unpaid orders lapse, and the end of a service is told and comes."""

from __future__ import annotations

from engine.kernel import actors, jobs, ports
from engine.subscribing import actions


def lapse_service_order(context: ports.JobContext, job: jobs.Job) -> None:
    """Close a service order that nobody paid in time."""
    context.engine.perform(
        actions.lapse,
        {"order_id": job.subject},
        actor=actors.System(job="lapse_service_order"),
        key=job.key,
    )


def watch_service_order(context: ports.JobContext, job: jobs.Job) -> None:
    """Remind of a service's end, or end it."""
    context.engine.perform(
        actions.watch,
        {"order_id": job.subject},
        actor=actors.System(job="watch_service_order"),
        key=job.key,
    )
