"""Orders that can be ticked, of every kind, and why some cannot be (INV-1).

A kind of order is one row of the table below: who reads a person's, and one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.invoicing import model, store
from engine.kernel import errors
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.ordering import model as ordering
from engine.ordering import progress
from engine.ordering import queries as orders
from engine.ordering.model import choices
from engine.policies import model as policies
from engine.registration import queries as people
from engine.subscribing import model as subscribing
from engine.subscribing import queries as services


class OrderKindUnknown(errors.InvalidInput):
    """There is no such kind of order. Choose certificates, information services or platform services."""


def _of_certificate(q: Reader, order: ordering.Order) -> model.Billable:
    product, business = choices.PRODUCTS[order.product], choices.BUSINESS[order.business]
    return model.Billable(
        order_kind="certificate",
        id=order.id,
        number=order.number,
        account_id=order.account_id,
        enterprise_id=order.enterprise_id,
        platform_id=order.platform_id,
        agency_id=order.agency_id,
        title=Text(zh=f"{product.zh} · {business.zh}", en=f"{product.en} · {business.en}"),
        created_at=order.created_at,
        paid_at=order.paid_at,
        paid_fen=0,
        refunded_fen=0,
        invoiced_fen=0,
        tax_item=q.policy(policies.InvoiceRules).certificate_tax,
        quantity=max(order.years, 1),
        unit="",
        refused=_undelivered(q, order),
    )


def _undelivered(q: Reader, order: ordering.Order) -> str:
    """What a platform that asks for the download first is still waiting for, as a code."""
    ended = (ordering.OrderStatus.COMPLETED, ordering.OrderStatus.REJECTED)
    if order.status in (*ended, ordering.OrderStatus.CANCELLED):
        return ""
    if progress.platform_of(q, order).invoice_after == "payment":
        return ""
    ready = order.status is ordering.OrderStatus.AWAITING_DOWNLOAD
    return "invoice.not_delivered" if ready else "invoice.in_review"


def _certificates(q: Reader, account_id: str) -> list[model.Billable]:
    return [_of_certificate(q, one) for one in orders.mine(q) if one.account_id == account_id]


def _certificate(q: Reader, order_id: str) -> model.Billable:
    return _of_certificate(q, orders.own(q, order_id))


def _of_service(q: Reader, order: subscribing.ServiceOrder) -> model.Billable:
    service = services.service_of(q, order)
    return model.Billable(
        order_kind=order.category,
        id=order.id,
        number=order.number,
        account_id=order.account_id,
        enterprise_id=order.enterprise_id,
        platform_id=order.platform_id,
        agency_id=order.agency_id,
        title=service.label,
        created_at=order.created_at,
        paid_at=order.paid_at,
        paid_fen=0,
        refunded_fen=0,
        invoiced_fen=0,
        tax_item=service.tax,
        quantity=order.months * order.quantity,
        unit="",
    )


def _services(category: str) -> Callable[[Reader, str], list[model.Billable]]:
    def found(q: Reader, account_id: str) -> list[model.Billable]:
        mine = services.mine(q, category=category)
        return [_of_service(q, services.own(q, one.id)) for one in mine]

    return found


def _service(category: str) -> Callable[[Reader, str], model.Billable]:
    def found(q: Reader, order_id: str) -> model.Billable:
        order = services.own(q, order_id)
        if order.category != category:
            raise errors.NotFound(what="order")
        return _of_service(q, order)

    return found


@dataclass(frozen=True, slots=True)
class Source:
    """Where the orders of a kind come from: a person's, and one that must be theirs."""

    of_account: Callable[[Reader, str], list[model.Billable]]
    own: Callable[[Reader, str], model.Billable]


# Kind of order, in the order in which the phone shows them → where its orders come from.
SOURCES: Mapping[str, Source] = {
    "certificate": Source(_certificates, _certificate),
    "information": Source(_services("information"), _service("information")),
    "platform": Source(_services("platform"), _service("platform")),
}


def source(order_kind: str) -> Source:
    """The row of a kind of order.

    Raises: OrderKindUnknown.
    """
    if order_kind not in SOURCES:
        raise OrderKindUnknown(field="order_kind")
    return SOURCES[order_kind]


def with_money(q: Reader, found: Sequence[model.Billable]) -> list[model.Billable]:
    """Orders with what was paid, given back and invoiced, and why some cannot be ticked."""
    ids = [one.id for one in found]
    moved, held = orders.came_and_went(q, ids), store.held_of(q, ids)
    told = []
    for one in found:
        paid, refunded = moved.get(one.id, (0, 0))
        filled = replace(
            one, paid_fen=paid, refunded_fen=refunded, invoiced_fen=held.get(one.id, 0)
        )
        told.append(replace(filled, refused=_refusal(filled)))
    return told


def _refusal(one: model.Billable) -> str:
    if one.paid_fen == 0:
        return "invoice.unpaid"
    if one.invoiced_fen > 0 and one.left_fen == 0:
        return "invoice.invoiced"
    if one.paid_fen <= one.refunded_fen:
        return "invoice.refunded"
    return one.refused


def candidates(q: Reader, order_kind: str = "certificate") -> list[model.Billable]:
    """The signed-in person's orders of a kind, newest first, with why some cannot be ticked (INV-1).

    Guide: G-invoice-2, G-invoice-4. Raises: OrderKindUnknown.
    """
    me = people.person(q).account_id
    return with_money(q, source(order_kind).of_account(q, me))


def order_kinds(q: Reader) -> list[model.OrderKind]:
    """The kinds of order, and how many of the person's orders of each can be ticked (INV-1)."""
    told = []
    for kind in SOURCES:
        found = candidates(q, kind)
        ready = sum(not one.refused for one in found)
        told.append(model.OrderKind(kind=kind, ready=ready, total=len(found)))
    return told


def own(q: Reader, order_kind: str, order_ids: Sequence[str]) -> list[model.Billable]:
    """Orders of the signed-in person by their ids, each once.

    Raises: NotFound for somebody else's, OrderKindUnknown.
    """
    found = source(order_kind)
    return with_money(q, [found.own(q, order_id) for order_id in dict.fromkeys(order_ids)])
