"""A to-do is done when the log says that its step was taken."""

from __future__ import annotations

from engine.kernel import actors, events
from engine.kernel.operation import Operation
from engine.messaging import actions, model, store


def step_taken(op: Operation, event: events.Event) -> None:
    """Close the to-dos that this fact answers, by the table `model.CLOSINGS` (MSG-1).

    Emits: message.done.
    """
    for closing in model.CLOSINGS:
        if closing.fact != event.kind:
            continue
        if closing.whose == "account":
            account_id = event.facts.get("account_id") or _acting(op)
            actions.close(op, store.open_todos_of(op, account_id, closing.kind))
        else:
            about = event.subject if closing.whose == "subject" else event.facts.get(closing.whose)
            actions.close(op, store.open_todos_about(op, str(about or ""), closing.kind))


def _acting(op: Operation) -> str:
    return op.actor.account_id if isinstance(op.actor, actors.Person) else ""
