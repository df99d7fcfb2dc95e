"""What this stage asks of who keeps the trust list."""

from __future__ import annotations

from engine.kernel import actors, jobs, ports
from engine.kernel.reader import Reader
from engine.trusting import actions, queries


def _asked(q: Reader) -> tuple[list[ports.Listed], int, str]:
    last = queries.newest(q)
    if last is None:
        return queries.to_be_listed(q), 1, ""
    return queries.to_be_listed(q), last.sequence + 1, last.id


def publish_trust_list(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the next list signed and adopt it; a renewal that another list has overtaken is none."""
    system = actors.System(job="publish_trust_list")
    agencies, sequence, last = context.engine.ask(_asked, system)
    if job.subject.startswith("trl_") and job.subject != last:
        return
    publish(context, agencies, sequence, key=job.id)


def publish_first(context: ports.JobContext) -> None:
    """Give a world its first list, where it has none."""
    system = actors.System(job="publish_trust_list")
    agencies, sequence, last = context.engine.ask(_asked, system)
    if not last:
        publish(context, agencies, sequence, key="trust_list/1")


def publish_next(context: ports.JobContext) -> None:
    """Have a list signed now, because something beside the settings changed: an agency's keys."""
    system = actors.System(job="publish_trust_list")
    agencies, sequence, _ = context.engine.ask(_asked, system)
    publish(context, agencies, sequence, key=f"trust_list/{sequence}")


def publish(
    context: ports.JobContext, agencies: list[ports.Listed], sequence: int, *, key: str
) -> None:
    """Have one list signed, and adopt it."""
    document = context.ports.trust_scheme.publish(
        agencies, sequence=sequence, now=context.engine.now()
    )
    context.engine.perform(
        actions.adopt,
        {"document": document},
        actor=actors.System(job="publish_trust_list"),
        key=key,
    )
