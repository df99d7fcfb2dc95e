"""Ordering a service for an enterprise or for oneself, for the first time or for further months."""

from __future__ import annotations

import datetime

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.ordering import money
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import model as registration
from engine.registration import queries as people
from engine.subscribing import model, queries, store

MAY_ORDER = (registration.MemberRole.ADMINISTRATOR, registration.MemberRole.HANDLER)


class ServiceClosed(errors.PolicyRefused):
    """This service is not offered for this platform now. Choose one of the catalogue."""


class ServiceTermNotOffered(errors.InvalidInput):
    """This service is not offered for {months} months. Choose one of its terms."""


class QuantityNotOffered(errors.InvalidInput):
    """One order is for 1 to {most} {unit}. Enter another quantity."""


class BuyerNotServed(errors.PolicyRefused):
    """This service is not offered to such a buyer. Order it for an enterprise, or for yourself."""


class ServiceWantsOnboarding(errors.PolicyRefused):
    """This enterprise has no account at this platform yet. Onboard it there, then order the service."""


class ServiceOrderUnpaid(errors.Conflict):
    """Order {number} for this service is not paid yet. Pay it, or take it back first."""


def place_order(
    op: Operation,
    *,
    service_id: str,
    platform_id: str,
    months: int,
    quantity: int = 1,
    enterprise_id: str = "",
) -> model.ServiceOrder:
    """Order a service for an enterprise, or without one for oneself; it is paid next (PAY-2).

    Where it runs already the new order continues it, once it is paid.
    Emits: service_order.placed, payment.requested, message.sent.
    Raises: ServiceClosed, ServiceTermNotOffered, QuantityNotOffered, BuyerNotServed,
    ServiceWantsOnboarding, ServiceOrderUnpaid, mall.PlatformClosed, people.NotAMember,
    people.NotRealNamed.
    """
    account = people.real_named(op)
    if enterprise_id:
        people.require_member(op, enterprise_id, MAY_ORDER)
    service = _offered(op, service_id, platform_id)
    _require_chosen(service, months, quantity, enterprise_id)
    _require_onboarded(op, service, platform_id, enterprise_id)
    holder = enterprise_id or account.id
    running = store.unpaid(op, holder, service_id, platform_id)
    if running is not None:
        raise ServiceOrderUnpaid(order_id=running.id, number=running.number)
    before = store.last_running(op, holder, service_id, platform_id)
    order = model.ServiceOrder(
        id=op.new_id("svo"),
        number=_number(op),
        category=service.category,
        service_id=service_id,
        account_id=account.id,
        enterprise_id=enterprise_id or None,
        holder=holder,
        platform_id=platform_id,
        agency_id=service.agency,
        months=months,
        quantity=quantity,
        amount_fen=service.price_fen * months * quantity,
        policy_version=policy_queries.version_in_force(op, policies.Service, service_id).id,
        status=model.SERVICE_ORDER.initial,
        paid_at=None,
        starts_at=None,
        ends_at=None,
        created_at=op.now,
        ended_at=None,
        follows=before.id if before else None,
    )
    op.insert("service_order", order)
    op.record(
        "service_order.placed",
        order.id,
        number=order.number,
        category=order.category,
        service_id=service_id,
        amount_fen=order.amount_fen,
    )
    _ask_payment(op, order)
    return order


def _offered(op: Operation, service_id: str, platform_id: str) -> policies.Service:
    mall.open_platform(op, platform_id)
    service = op.policies(policies.Service).get(service_id)
    if service is None or not service.open or platform_id not in service.platforms:
        raise ServiceClosed(field="service_id")
    return service


def _require_chosen(
    service: policies.Service, months: int, quantity: int, enterprise_id: str
) -> None:
    if months not in service.terms:
        raise ServiceTermNotOffered(field="months", months=months)
    if not 1 <= quantity <= service.most:
        raise QuantityNotOffered(field="quantity", most=service.most, unit=service.unit.zh)
    if ("enterprise" if enterprise_id else "person") not in service.buyers:
        raise BuyerNotServed(field="enterprise_id")


def _require_onboarded(
    op: Operation, service: policies.Service, platform_id: str, enterprise_id: str
) -> None:
    wanted = service.onboarded and bool(enterprise_id)
    if wanted and mall.onboarded(op, platform_id, enterprise_id) is None:
        raise ServiceWantsOnboarding(
            field="platform_id", enterprise_id=enterprise_id, platform_id=platform_id
        )


def _ask_payment(op: Operation, order: model.ServiceOrder) -> None:
    """It is owed from now on, and closed by itself when nobody pays."""
    request_payment(op, order)
    op.enqueue("lapse_service_order", order.id, due_at=queries.lapses_at(op, order))


def request_payment(op: Operation, order: model.ServiceOrder) -> None:
    """Ask for the payment of a service order; it earns for its category.

    Emits: payment.requested, statement.awaited.
    """
    money.request_for(
        op,
        order_id=order.id,
        amount_fen=order.amount_fen,
        account_id=order.account_id,
        number=order.number,
        revenue=f"revenue_{order.category}",
    )


def _number(op: Operation) -> str:
    """`FW`, the business date and a count of five digits: `FW2026112800001`."""
    today = clock.civil_date(op.now)
    first, end = (f"FW{day:%Y%m%d}" for day in (today, today + datetime.timedelta(days=1)))
    return f"{first}{store.count_between(op, first, end) + 1:05d}"
