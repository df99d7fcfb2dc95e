"""What is unfinished of a person here: their orders by step, and money on its way back."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader
from engine.ordering import model, progress, store

_MOVERS = {
    "order_awaiting_payment": Mover.CALLER,
    "order_awaiting_papers": Mover.CALLER,
    "order_platform_review": Mover.STAFF,
    "order_agency_review": Mover.STAFF,
    "order_awaiting_download": Mover.CALLER,
    "order_rejected": Mover.CALLER,
    "payment_refunding": Mover.OUTSIDE,
    "payment_came_twice": Mover.STAFF,
}


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage, the newest order first."""
    found = store.of_account(q, account_id)
    return [*_orders(q, found), *_money(q, found)]


def _orders(q: Reader, found: list[model.Order]) -> Iterator[Matter]:
    seen: set[tuple[str, str, str]] = set()
    for one in found:
        # A rejected order is open until there is another one at the same platform.
        about = (one.holder, one.platform_id, one.product.value)
        newest = about not in seen
        seen.add(about)
        open_still = not model.ORDER.terminal(one.status)
        if open_still or (newest and one.status is model.OrderStatus.REJECTED):
            yield _matter(q, one, "order", one.status.value, one.id, _since(q, one))


def _since(q: Reader, one: model.Order) -> int:
    """Since when an order stands where it stands: its newest step in the log."""
    return one.ended_at or events.newest(q.connection, one.id) or one.created_at


def _money(q: Reader, found: list[model.Order]) -> Iterator[Matter]:
    for one in found:
        payment = store.payment_of(q, one.id)
        if payment is None:
            continue
        if payment.status is model.PaymentStatus.REFUNDING:
            since = one.ended_at or payment.created_at
            lately = events.took(q.connection, began="payment.refunding", ended="payment.refunded")
            yield _matter(q, one, "payment", "refunding", payment.id, since, lately)
        for twice in store.twice_paid(q, payment.id):
            yield _matter(q, one, "payment", "came_twice", twice.id, twice.opened_at)


def _matter(
    q: Reader,
    one: model.Order,
    kind: str,
    state: str,
    subject: str,
    since: int,
    lately: tuple[int, ...] = (),
) -> Matter:
    return Matter(
        kind=kind,
        state=state,
        subject=subject,
        since=since,
        name=progress.title(q, one),
        number=one.number,
        lately=lately,
        platform_id=one.platform_id,
        agency_id=one.agency_id,
    )


MATTERS = Matters(movers=_MOVERS, of=_of)
