"""That evidence was handed out is a fact of the log: to whom, and of what; that a log goes on, too."""

from __future__ import annotations

from engine.evidence import queries
from engine.kernel import actors, errors
from engine.kernel.operation import Operation


def record_pack(op: Operation, *, contract_id: str, digest_hex: str, size: int) -> str:
    """Record a pack that was made for who acts. Composed by the doors, which make it.

    Emits: evidence.packed. Raises: NotFound, MayNot, NotAdministrator.
    """
    queries.require_entitled(op, contract_id)
    op.record("evidence.packed", contract_id, digest=digest_hex, size=size)
    return digest_hex


class ReasonNeeded(errors.InvalidInput):
    """Say why the log goes on from here, in {most} characters at most: every later check tells it."""


LONGEST_REASON = 300


def record_export(op: Operation) -> int:
    """Record that the whole log is taken along by who acts; up to which event. Composed by the doors.

    Emits: log.exported. Raises: MayNot, StepUpNeeded.
    """
    queries.require_exporter(op)
    size = op.head.seq
    op.record("log.exported", op.parts.world_id, size=size)
    return size


def resume_log(op: Operation, *, reason: str, known: int) -> int:
    """Record an operator's word that the log goes on from here, although heads knew `known` events of it.

    The number of the last event before. Only at the machine itself. Emits: log.resumed.
    Raises: NotAdministrator, ReasonNeeded.
    """
    if not isinstance(op.actor, actors.System):
        raise queries.NotAdministrator()
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ReasonNeeded(field="reason", most=LONGEST_REASON)
    size = op.head.seq
    op.record("log.resumed", op.parts.world_id, reason=reason.strip(), size=size, known=known)
    return size
