"""What this stage asks of who keeps the trust list."""

from __future__ import annotations

from engine.kernel import actors, errors, jobs, ports
from engine.kernel.reader import Reader
from engine.trusting import actions, model, queries


def _asked(q: Reader) -> tuple[list[ports.Listed], int]:
    last = queries.newest(q)
    return queries.to_be_listed(q), 1 if last is None else last.sequence + 1


def _is_due(q: Reader) -> bool:
    last = queries.newest(q)
    return last is None or q.now >= model.renewed_at(last)


_SYSTEM = actors.System(job="publish_trust_list")


def publish_trust_list(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the next list signed and adopt it: who is recognized was changed."""
    agencies, sequence = context.engine.ask(_asked, _SYSTEM)
    publish(context, agencies, sequence)


def publish_due(context: ports.JobContext) -> int:
    """Take over the list that the scheme owes us: the first, or the next at half time; how many."""
    if not context.engine.ask(_is_due, _SYSTEM):
        return 0
    try:
        publish_next(context)
    except errors.Conflict:
        # Another process was first.
        return 0
    return 1


def publish_next(context: ports.JobContext) -> None:
    """Have a list signed now, because something beside the settings changed: its time, an agency's keys."""
    agencies, sequence = context.engine.ask(_asked, _SYSTEM)
    publish(context, agencies, sequence)


def publish(context: ports.JobContext, agencies: list[ports.Listed], sequence: int) -> None:
    """Have one list signed, and adopt it; its number makes that happen once, so no reply is kept."""
    document = context.ports.trust_scheme.publish(
        agencies, sequence=sequence, now=context.engine.now()
    )
    context.engine.perform(
        actions.adopt,
        {"document": document},
        actor=_SYSTEM,
    )
