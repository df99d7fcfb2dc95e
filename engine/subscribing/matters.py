"""What is unfinished of a person here: service orders to pay, and their money on its way back."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.subscribing import model, queries, store

_MOVERS = {
    "service_awaiting_payment": Mover.CALLER,
    "service_refunding": Mover.OUTSIDE,
}


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage, the newest order first."""
    return [matter for one in store.of_account(q, account_id) for matter in _about(q, one)]


def _about(q: Reader, one: model.ServiceOrder) -> Iterator[Matter]:
    if one.status is model.ServiceStatus.AWAITING_PAYMENT:
        yield _matter(q, one, "awaiting_payment", one.created_at, until=queries.lapses_at(q, one))
        return
    payment = orders.payment_for(q, one.id)
    if payment is not None and payment.status is ordering.PaymentStatus.REFUNDING:
        since = one.ended_at or payment.created_at
        lately = events.took(q.connection, began="payment.refunding", ended="payment.refunded")
        yield _matter(q, one, "refunding", since, lately=lately)


def _matter(
    q: Reader,
    one: model.ServiceOrder,
    state: str,
    since: int,
    *,
    until: int | None = None,
    lately: tuple[int, ...] = (),
) -> Matter:
    return Matter(
        kind="service",
        state=state,
        subject=one.id,
        since=since,
        name=queries.service_of(q, one).label.zh,
        number=one.number,
        until=until,
        lately=lately,
        platform_id=one.platform_id,
        agency_id=one.agency_id or None,
    )


MATTERS = Matters(movers=_MOVERS, of=_of)
