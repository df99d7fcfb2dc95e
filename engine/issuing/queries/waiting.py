"""Whose certificates wait because their authority issues nothing for now."""

from __future__ import annotations

from collections.abc import Iterable

from engine.incidents import queries as incidents
from engine.issuing import model, store
from engine.kernel.reader import Reader
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.registration import queries as people

_S = ordering.OrderStatus


def waiting(q: Reader, found: Iterable[ordering.Order]) -> list[model.Waiting]:
    """Those of some orders that can't go on until their authority issues again, in their order.

    An order in review does not wait, nor one whose certificate was issued and is to be taken into use.
    """
    told = []
    for order in found:
        step = _held(q, order)
        since = None if step is None else incidents.stopped_since(q, order.agency_id)
        if step is not None and since is not None:
            told.append(
                model.Waiting(order_id=order.id, number=order.number, since=since, step=step)
            )
    return told


def _held(q: Reader, order: ordering.Order) -> model.WaitsWith | None:
    """The step that a stop would hold, of an order as it stands."""
    if order.status is _S.AWAITING_PAYMENT:
        return model.WaitsWith.PAYING
    if order.status is not _S.AWAITING_DOWNLOAD:
        return None
    known = store.of_order(q, order.id)
    if known is None:
        return model.WaitsWith.DOWNLOADING
    return model.WaitsWith.ISSUING if known.status is model.CertificateStatus.REQUESTED else None


def my_waiting(q: Reader) -> list[model.Waiting]:
    """The signed-in person's orders that wait because issuing is stopped, newest first.

    Raises: NotPermitted.
    """
    people.person(q)
    return waiting(q, orders.mine(q))
