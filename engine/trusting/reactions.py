"""What follows from a changed setting: a new list, when the change comes into force."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.trusting import store


def setting_changed(op: Operation, event: events.Event) -> None:
    """A recognized agency was added, or its status or certificates changed."""
    version = op.get(policies.PolicyVersion, "policy_version", event.subject)
    # Before the first list there is nothing to renew: it will have what is set then.
    if version.kind == policies.RecognizedAgency.KIND and store.newest(op) is not None:
        op.enqueue("publish_trust_list", version.id, due_at=max(version.effective_at, op.now))
