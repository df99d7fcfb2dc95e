"""Placing an order."""

from __future__ import annotations

import datetime

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.ordering import model, money, progress, store
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import model as registration
from engine.registration import queries as people


class NotOnboarded(errors.PolicyRefused):
    """This enterprise has no account at the trading platform yet. Onboard it there first."""


class NotOffered(errors.InvalidInput):
    """The trading platform does not offer this choice: {what}. Choose one of those it lists."""


class OrderRunning(errors.Conflict):
    """There already is an order for this enterprise at this platform. Finish or cancel it first."""


class HoldsCertificate(errors.PolicyRefused):
    """This enterprise holds a living certificate for this platform. It needs no second one."""


def place_order(
    op: Operation,
    *,
    enterprise_id: str,
    platform_id: str,
    agency_id: str,
    seal_agency_id: str,
    certificate_kind: str,
    years: int,
) -> model.Order:
    """Order an enterprise certificate for a trading platform (CRT-1).

    Emits: order.placed, and payment.requested or what review begins.
    Raises: NotOnboarded, NotOffered, OrderRunning, HoldsCertificate, mall.PlatformClosed,
    people.NotAMember, people.NotRealNamed.
    """
    account = people.real_named(op)
    roles = (registration.MemberRole.ADMINISTRATOR, registration.MemberRole.HANDLER)
    people.require_member(op, enterprise_id, roles)
    platform = _offering(
        op,
        platform_id,
        agency_id=agency_id,
        seal_agency_id=seal_agency_id,
        certificate_kind=certificate_kind,
        years=years,
    )
    if mall.onboarded(op, platform_id, enterprise_id) is None:
        raise NotOnboarded(field="platform_id")
    if store.open_order(op, enterprise_id, platform_id) is not None:
        raise OrderRunning()
    if store.living_certificate(op, enterprise_id, platform_id) is not None:
        raise HoldsCertificate(field="platform_id")
    agency = op.policy(policies.CertificateAgency, agency_id)
    first = _first_status(platform)
    order = model.Order(
        id=op.new_id("ord"),
        number=_number(op),
        account_id=account.id,
        enterprise_id=enterprise_id,
        platform_id=platform_id,
        agency_id=agency_id,
        seal_agency_id=seal_agency_id,
        certificate_kind=certificate_kind,
        years=years,
        amount_fen=agency.price_per_year_fen * years,
        policy_version=policy_queries.version_in_force(
            op, policies.CertificateAgency, agency_id
        ).id,
        status=first,
        papers=(),
        reasons=(),
        platform_approved_by=None,
        agency_approved_by=None,
        paid_at=None,
        created_at=op.now,
        ended_at=None,
        platform_version=policy_queries.version_in_force(op, policies.Platform, platform_id).id,
    )
    op.insert("certificate_order", order)
    op.record("order.placed", order.id, number=order.number, amount_fen=order.amount_fen)
    if first is model.OrderStatus.AWAITING_PAYMENT:
        money.request(op, order)
    elif first is model.OrderStatus.PLATFORM_REVIEW:
        progress.open_platform_review(op, order)
    return order


def _number(op: Operation) -> str:
    """`CA`, the business date and a count of five digits: `CA2026112400001`."""
    today = clock.civil_date(op.now)
    first, end = (f"CA{day:%Y%m%d}" for day in (today, today + datetime.timedelta(days=1)))
    return f"{first}{store.count_between(op, first, end) + 1:05d}"


def _first_status(platform: policies.Platform) -> model.OrderStatus:
    if platform.payment == "before_review":
        return model.OrderStatus.AWAITING_PAYMENT
    if platform.attachments:
        return model.OrderStatus.AWAITING_PAPERS
    return model.OrderStatus.PLATFORM_REVIEW


def _offering(
    op: Operation,
    platform_id: str,
    *,
    agency_id: str,
    seal_agency_id: str,
    certificate_kind: str,
    years: int,
) -> policies.Platform:
    platform = mall.open_platform(op, platform_id)
    offered: dict[str, tuple[object, tuple[object, ...]]] = {
        "agency_id": (agency_id, platform.agencies),
        "seal_agency_id": (seal_agency_id, platform.seal_agencies),
        "years": (years, platform.years),
        "certificate_kind": (certificate_kind, platform.certificate_kinds),
    }
    for field, (chosen, choices) in offered.items():
        if chosen not in choices:
            raise NotOffered(field=field, what=str(chosen))
    agency = op.policy(policies.CertificateAgency, agency_id)
    if certificate_kind == "national" and not agency.country_wide:
        raise NotOffered(field="certificate_kind", what=certificate_kind)
    return platform
