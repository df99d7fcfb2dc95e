"""What follows at platforms from the end of a person's account."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.operation import Operation
from engine.mall import actions, store
from engine.registration import queries as people


def account_cancelled(op: Operation, event: events.Event) -> None:
    """Browsers signed in with the accounts the person opened are signed out, and their zones are left.

    An account whose enterprise has nobody left is closed: its password is known to nobody entitled.
    Emits: mall_account.closed, zone.left.
    """
    actions.leave_all_zones(op, account_id=event.subject)
    for account in store.opened_by(op, event.subject):
        store.end_sessions(op, account.id)
        if not people.has_members(op, account.enterprise_id):
            op.update("mall_account", account.id, {"status": "closed"}, was={"status": "active"})
            op.record("mall_account.closed", account.id)
