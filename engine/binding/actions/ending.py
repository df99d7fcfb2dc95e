"""A binding is given up, rejected, or moves along to a new certificate (BND-3)."""

from __future__ import annotations

from engine.binding import model, store
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.mall import queries as mall_accounts
from engine.messaging import actions as messaging


class NothingBound(errors.NotFound):
    """This account is not bound to a certificate."""


def unbind(op: Operation) -> model.Binding:
    """The signed-in mall account gives up its binding, or takes back one that is in review.

    The registration of its enterprise stays and is decided. Emits: binding.unbound, message.sent. Raises:
    NothingBound.
    """
    account = mall_accounts.signed_in(op)
    found = store.living(op, account.id)
    if found is None:
        raise NothingBound(what="binding")
    messaging.notify(
        op,
        account_id=found.account_id,
        kind="binding.unbound",
        params={"login": account.login},
        subject=found.id,
    )
    return end(op, found)


def end(op: Operation, found: model.Binding) -> model.Binding:
    """End a binding. Composed by `unbind` and by reactions.

    Emits: binding.unbound.
    """
    status = model.BINDING.advance(found.status, "end")
    op.update(
        "binding",
        found.id,
        {"status": status, "ended_at": op.now},
        was={"status": found.status},
    )
    op.record("binding.unbound", found.id, mall_account_id=found.mall_account_id)
    return op.get(model.Binding, "binding", found.id)


def reject(op: Operation, found: model.Binding) -> model.Binding:
    """A waiting binding has failed with its entity's registration. Composed by the decision.

    Emits: binding.rejected.
    """
    status = model.BINDING.advance(found.status, "reject")
    op.update(
        "binding",
        found.id,
        {"status": status, "ended_at": op.now},
        was={"status": found.status},
    )
    op.record("binding.rejected", found.id, mall_account_id=found.mall_account_id)
    return op.get(model.Binding, "binding", found.id)
