"""How many certificates there are, for whoever watches the authorities."""

from __future__ import annotations

from engine.issuing import model, store
from engine.kernel import actors, errors
from engine.kernel.reader import Reader


def counts(q: Reader) -> list[model.StateCount]:
    """Certificates by agency, generation of its keys, usage and state; numbers alone, for all staff.

    Raises: NotPermitted. Source: PKI-1.
    """
    if not isinstance(q.actor, actors.Staff | actors.System):
        raise errors.NotPermitted()
    return store.counts(q)
