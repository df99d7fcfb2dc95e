"""What an account of a platform, and the stages above, may ask of the mall."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.reader import Reader
from engine.mall import model, store
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import queries as people


def account_by_token(q: Reader, token: str) -> actors.MallAccount | None:
    """Whose living session a mall cookie's token stands for; looked up on every request."""
    found = store.session(q, token)
    if found is None:
        return None
    return actors.MallAccount(mall_account_id=found[0], platform_id=found[1])


def signed_in(q: Reader) -> model.MallAccount:
    """The actor's own mall account.

    Raises: NotPermitted when the actor is not a signed-in mall account.
    """
    if not isinstance(q.actor, actors.MallAccount):
        raise errors.NotPermitted()
    return mall_account(q, q.actor.mall_account_id)


def mall_account(q: Reader, mall_account_id: str) -> model.MallAccount:
    """One mall account.

    Raises: NotFound.
    """
    return q.get(model.MallAccount, "mall_account", mall_account_id)


def enterprise_of(q: Reader, mall_account_id: str) -> registration.Enterprise:
    """The enterprise behind a mall account.

    Raises: NotFound.
    """
    return people.enterprise(q, mall_account(q, mall_account_id).enterprise_id)


def onboarded(q: Reader, platform_id: str, enterprise_id: str) -> model.MallAccount | None:
    """An enterprise's account on a platform, the first made."""
    found = store.of_enterprise(q, platform_id, enterprise_id)
    return found[0] if found else None


def suppliers(q: Reader, platform_id: str) -> list[model.MallAccount]:
    """The suppliers of a platform."""
    return store.of_platform(q, platform_id, model.MallRole.SUPPLIER.value)


def purchase_order(q: Reader, purchase_order_id: str) -> model.PurchaseOrder:
    """One purchase order; a mall account sees its own.

    Raises: NotFound.
    """
    found = q.get(model.PurchaseOrder, "purchase_order", purchase_order_id)
    if isinstance(q.actor, actors.MallAccount) and q.actor.mall_account_id not in (
        found.purchaser_id,
        found.supplier_id,
    ):
        raise errors.NotFound(what="purchase order")
    return found


def my_orders(q: Reader) -> list[model.PurchaseOrder]:
    """The signed-in account's purchase orders, newest first."""
    return store.orders_of(q, signed_in(q).id)


def platforms(q: Reader) -> dict[str, policies.Platform]:
    """The trading platforms in force, by id."""
    return q.policies(policies.Platform)


def find_platforms(q: Reader, text: str) -> dict[str, policies.Platform]:
    """Platforms whose name holds the text, in either language."""
    wanted = text.strip().lower()
    return {
        platform_id: platform
        for platform_id, platform in platforms(q).items()
        if wanted in platform.label.zh.lower() or wanted in platform.label.en.lower()
    }
