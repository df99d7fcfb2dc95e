"""What follows from facts: whoever is subscribed is told of them."""

from __future__ import annotations

from engine.integrating import actions, model
from engine.integrating.actions.deliveries import Belongs
from engine.kernel import events
from engine.kernel.operation import Operation


def happened(op: Operation, event: events.Event, belongs: Belongs) -> None:
    """A fact happened that is published; `belongs` says to which platform and agency."""
    kind = model.by_fact().get(event.kind)
    if kind is not None:
        actions.publish(op, event, kind, belongs)
