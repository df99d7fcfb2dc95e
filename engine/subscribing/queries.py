"""What services there are, and service orders as their persons, staff and other stages see them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import actors, clock, errors, events, notes
from engine.kernel.reader import Reader
from engine.ordering import queries as orders
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import queries as people
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from engine.subscribing import model, store

INVARIANTS = store.INVARIANTS
_S = model.ServiceStatus


def catalogue(q: Reader, *, category: str = "", platform_id: str = "") -> list[model.Offered]:
    """The services that can be ordered now, by what they are for, each with its terms and prices (PAY-2).

    A service is offered for its platforms that are open.
    """
    platforms = q.policies(policies.Platform)
    found = []
    for service_id, service in sorted(q.policies(policies.Service).items()):
        places = tuple(
            model.Place(platform_id=name, label=platforms[name].label)
            for name in service.platforms
            if name in platforms and platforms[name].open and platform_id in ("", name)
        )
        if service.open and places and category in ("", service.category):
            found.append(_offered(service_id, service, places))
    return sorted(found, key=lambda one: one.category)


def _offered(
    service_id: str, service: policies.Service, places: tuple[model.Place, ...]
) -> model.Offered:
    return model.Offered(
        service_id=service_id,
        category=service.category,
        label=service.label,
        text=service.text,
        unit=service.unit,
        price_fen=service.price_fen,
        terms=tuple(
            model.Term(months=months, amount_fen=months * service.price_fen)
            for months in sorted(service.terms)
        ),
        most=service.most,
        platforms=places,
        agency_id=service.agency,
        buyers=tuple(service.buyers),
        refund_percent=service.refund_percent,
    )


def service_of(q: Reader, order: model.ServiceOrder) -> policies.Service:
    """The service as its setting was when it was ordered."""
    return policy_queries.of_version(q, policies.Service, order.policy_version)


def order(q: Reader, order_id: str) -> model.ServiceOrder:
    """One service order, as the one who ordered it, an entitled member of staff, or the platform itself.

    Raises: NotFound.
    """
    found = q.get(model.ServiceOrder, "service_order", order_id)
    if isinstance(q.actor, actors.Staff):
        staffing.require(q, Right.LOOK_UP, platform_id=found.platform_id, agency_id=found.agency_id)
    elif isinstance(q.actor, actors.Person):
        if q.actor.account_id != found.account_id:
            raise errors.NotFound(what="order")
    elif not isinstance(q.actor, actors.System):
        raise errors.NotFound(what="order")
    return found


def own(q: Reader, order_id: str) -> model.ServiceOrder:
    """One service order for the person who ordered it, who alone pays for it and gives it up.

    Raises: NotFound.
    """
    found = order(q, order_id)
    if people.person(q).account_id != found.account_id:
        raise errors.NotFound(what="order")
    return found


def mine(q: Reader, *, category: str = "", status: str = "") -> list[model.OrderShown]:
    """The signed-in person's service orders, newest first, of one category or status where one is named."""
    me = people.person(q).account_id
    return [
        shown(q, one)
        for one in store.of_account(q, me)
        if category in ("", one.category) and status in ("", one.status.value)
    ]


def shown(q: Reader, one: model.ServiceOrder) -> model.OrderShown:
    """An order with the names of what it names."""
    service = service_of(q, one)
    enterprise = people.enterprise(q, one.enterprise_id) if one.enterprise_id else None
    runs = one.status is _S.ACTIVE and one.ends_at is not None
    return model.OrderShown(
        id=one.id,
        number=one.number,
        category=one.category,
        service_id=one.service_id,
        label=service.label,
        account_id=one.account_id,
        enterprise_id=one.enterprise_id,
        enterprise_name=enterprise.name if enterprise else "",
        platform_id=one.platform_id,
        platform_label=q.policy(policies.Platform, one.platform_id).label,
        agency_id=one.agency_id,
        months=one.months,
        quantity=one.quantity,
        amount_fen=one.amount_fen,
        status=one.status,
        state=state_of(q, one),
        paid_at=one.paid_at,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        created_at=one.created_at,
        ended_at=one.ended_at,
        days_left=_days_left(q, one) if runs else None,
    )


def _days_left(q: Reader, one: model.ServiceOrder) -> int:
    assert one.ends_at is not None
    return max(0, (clock.civil_date(one.ends_at) - clock.civil_date(q.now)).days)


def state_of(q: Reader, one: model.ServiceOrder) -> str:
    """The one label of an order: paid and not begun is `to_begin`."""
    waits = one.status is _S.ACTIVE and one.starts_at is not None and q.now < one.starts_at
    return "to_begin" if waits else one.status.value


def detail(q: Reader, order_id: str) -> model.Detail:
    """One service order for its person: what happened, and what can be done with it now.

    Raises: NotFound.
    """
    found = own(q, order_id)
    service = service_of(q, found)
    unpaid = found.status is _S.AWAITING_PAYMENT
    refundable = found.status is _S.ACTIVE and store.after(q, found) is None
    return model.Detail(
        order=shown(q, found),
        text=service.text,
        unit=service.unit,
        payable=unpaid,
        cancellable=unpaid,
        refundable=refundable,
        refund_fen=refund_of(q, found) if refundable else 0,
        unused_months=model.unused_months(found, q.now) if refundable else 0,
        renewable=_renewable(q, found),
        lapses_at=lapses_at(q, found) if unpaid else None,
        history=tuple(_history(q, found)),
    )


def refund_of(q: Reader, found: model.ServiceOrder) -> int:
    """What goes back if a paid order is given up now."""
    if found.status is not _S.ACTIVE:
        return 0
    return model.refund_fen(found, q.now, service_of(q, found).refund_percent)


def lapses_at(q: Reader, found: model.ServiceOrder) -> int:
    """When an unpaid order is closed by itself."""
    return found.created_at + q.policy(policies.ServiceRules).lapse_hours * clock.HOUR


def _renewable(q: Reader, found: model.ServiceOrder) -> bool:
    service = q.policies(policies.Service).get(found.service_id)
    offered = service is not None and service.open and found.platform_id in service.platforms
    begun = found.status in (_S.ACTIVE, _S.COMPLETED)
    unpaid = store.unpaid(q, found.holder, found.service_id, found.platform_id)
    return offered and begun and unpaid is None


# Fact → what it is called in the history of an order.
_TOLD = {
    "service_order.placed": "placed",
    "payment.paid": "paid",
    "service_order.cancelled": "cancelled",
    "service_order.lapsed": "lapsed",
    "service_order.given_up": "given_up",
    "service_order.completed": "service_completed",
    "payment.refunding": "refunding",
    "order.refunded": "refunded",
}


def _history(q: Reader, found: model.ServiceOrder) -> Iterator[model.Step]:
    payment = orders.payment_for(q, found.id)
    about = [found.id, *([payment.id] if payment else [])]
    for event in events.of_subjects(q.connection, about):
        code = _TOLD.get(event.kind)
        if code is None:
            continue
        amount = event.facts.get("amount_fen")
        if code == "paid":
            amount = found.amount_fen
        yield model.Step(
            occurred_at=event.occurred_at,
            code=code,
            amount_fen=amount if isinstance(amount, int) else None,
        )


def of_account(q: Reader, account_id: str) -> list[model.ServiceOrder]:
    """A person's service orders, newest first, for the stages above."""
    return store.of_account(q, account_id)


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.ServiceOrder]:
    """An enterprise's service orders, newest first."""
    return store.of_enterprise(q, enterprise_id)


def by_number(q: Reader, number: str) -> model.ServiceOrder | None:
    """The service order with this number."""
    return store.by_number(q, number)


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: unpaid orders, and a person's own service that runs."""
    return [
        notes.Note(
            code="blocker.service_unpaid"
            if one.status is _S.AWAITING_PAYMENT
            else "blocker.service_running",
            subject=one.id,
            params={"number": one.number},
        )
        for one in store.of_account(q, account_id)
        if one.status is _S.AWAITING_PAYMENT
        or (one.status is _S.ACTIVE and one.enterprise_id is None)
    ]
