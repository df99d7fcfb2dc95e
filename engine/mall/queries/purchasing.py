"""Purchase orders as both sides see them (MAL-5)."""

from __future__ import annotations

from engine.kernel import actors, errors, paging
from engine.kernel.reader import Reader
from engine.mall import model, store
from engine.mall.queries.accounts import enterprise_of, signed_in

PAGE_SIZE = 20


def suppliers(q: Reader, platform_id: str) -> list[model.MallAccount]:
    """The suppliers of a platform."""
    return store.of_platform(q, platform_id, model.MallRole.SUPPLIER.value)


def suppliers_here(q: Reader) -> list[model.Counterpart]:
    """Whom the signed-in account can order from: the platform's suppliers but its own enterprise.

    Raises: NotPermitted.
    """
    mine = signed_in(q)
    return [
        model.Counterpart(id=one.id, enterprise=enterprise.name, uscc=enterprise.uscc)
        for one in suppliers(q, mine.platform_id)
        if one.enterprise_id != mine.enterprise_id
        for enterprise in [enterprise_of(q, one.id)]
    ]


def purchase_order(q: Reader, purchase_order_id: str) -> model.OrderRow:
    """One purchase order with lines, awardee and the names of both sides; a mall account sees its own.

    Raises: NotFound.
    """
    found = store.order_row(q, purchase_order_id)
    if found is None or (
        isinstance(q.actor, actors.MallAccount)
        and q.actor.mall_account_id not in (found.purchaser_id, found.supplier_id)
    ):
        raise errors.NotFound(what="purchase order")
    return found


def my_orders(q: Reader, *, window: paging.Window | None = None) -> list[model.PurchaseOrder]:
    """The signed-in account's purchase orders, newest first."""
    return store.orders_of(q, signed_in(q).id, window)


def orders_page(q: Reader, *, text: str = "", page: int = 1) -> model.OrdersPage:
    """A page of the signed-in account's purchase orders by number, title, awardee or name of a side.

    A page past the end is the last one. Raises: NotPermitted.
    """
    mine, wanted = signed_in(q).id, text.strip()
    count, total_fen = store.order_totals(q, mine, wanted)
    pages = max(1, -(-count // PAGE_SIZE))
    shown = max(1, min(page, pages))
    rows = store.order_rows(q, mine, wanted, limit=PAGE_SIZE, offset=(shown - 1) * PAGE_SIZE)
    return model.OrdersPage(
        rows=tuple(rows), page=shown, pages=pages, count=count, total_fen=total_fen
    )
