"""Who may say what the provider answered: the platform's own jobs alone."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.operation import Operation


def require_inside(op: Operation) -> None:
    """Refuse everybody but a job.

    Raises: NotPermitted.
    """
    if not isinstance(op.actor, actors.System):
        raise errors.NotPermitted()
