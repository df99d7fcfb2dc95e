"""What follows at platforms from the end of a person's account, and of an enterprise."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.operation import Operation
from engine.mall import actions, store


def account_cancelled(op: Operation, event: events.Event) -> None:
    """Browsers signed in with the accounts the person opened are signed out, and their zones are left.

    Emits: zone.left.
    """
    actions.leave_all_zones(op, account_id=event.subject)
    for account in store.opened_by(op, event.subject):
        store.end_sessions(op, account.id)


def enterprise_closed(op: Operation, event: events.Event) -> None:
    """Its accounts are closed: their passwords are known to nobody entitled.

    Emits: mall_account.closed.
    """
    for account in store.living_of_enterprise(op, event.subject):
        store.end_sessions(op, account.id)
        op.update("mall_account", account.id, {"status": "closed"}, was={"status": "active"})
        op.record("mall_account.closed", account.id)
