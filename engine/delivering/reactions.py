"""What follows for addresses from the end of a person's account."""

from __future__ import annotations

from engine.delivering import actions
from engine.kernel import events
from engine.kernel.operation import Operation


def account_cancelled(op: Operation, event: events.Event) -> None:
    """A person who has left for good has no addresses here any more.

    Emits: address.deleted.
    """
    actions.forget_addresses(op, account_id=event.subject)
