"""What follows for staff from what happens in other stages."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.staffing import queries
from engine.staffing.store import people


def setting_changed(op: Operation, event: events.Event) -> None:
    """A changed role must not give anybody both the granting of roles and the reviewing.

    Raises: queries.people.GrantsAndReviews.
    """
    if event.facts["kind"] == policies.Role.KIND:
        for staff in people.everyone(op):
            if staff.status == "active":
                queries.require_no_conflict(op, staff)
