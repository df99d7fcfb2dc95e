"""Placing an order for a first certificate: an enterprise's, a person's own, or one for a single event."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.ordering import making, model, store
from engine.ordering.making import NotCountryWide, NotOffered, OrderRunning
from engine.ordering.model import choices
from engine.registration import model as registration
from engine.registration import queries as people

__all__ = [
    "HoldsCertificate",
    "NotCountryWide",
    "NotOffered",
    "NotOnboarded",
    "OrderRunning",
    "TermNotOffered",
    "place_order",
]
MAY_ORDER = (registration.MemberRole.ADMINISTRATOR, registration.MemberRole.HANDLER)


class NotOnboarded(errors.PolicyRefused):
    """This enterprise has no account at the trading platform yet. Onboard it there first."""


class HoldsCertificate(errors.PolicyRefused):
    """There is a living certificate for this platform already. Renew or replace that one instead."""


class TermNotOffered(errors.InvalidInput):
    """A certificate for a single event holds for its day; it has no term in years."""


def place_order(
    op: Operation,
    *,
    platform_id: str,
    agency_id: str,
    seal_agency_id: str,
    certificate_kind: str,
    years: int,
    enterprise_id: str = "",
    product: str = "enterprise",
    scope: tuple[str, ...] = (),
) -> model.Order:
    """Order a first certificate for a trading platform (CRT-1, CRT-2).

    A person's own and an event's may be without an enterprise; an event's has `years=0` and names its one
    act in `scope`. Emits: order.placed, and payment.requested or what review begins.
    Raises: NotOnboarded, NotOffered, NotCountryWide, OrderRunning, HoldsCertificate, TermNotOffered,
    mall.PlatformClosed, people.NotAMember, people.NotRealNamed. Guide: G-notice-4, G-certificate-2,
    G-certificate-4.
    """
    account = people.real_named(op)
    kind = _product(product)
    if kind is model.Product.INDIVIDUAL:
        enterprise_id = ""
    if enterprise_id or kind is model.Product.ENTERPRISE:
        people.require_member(op, enterprise_id, MAY_ORDER)
    _require_offered(
        op,
        kind,
        platform_id,
        agency_id=agency_id,
        seal_agency_id=seal_agency_id,
        certificate_kind=certificate_kind,
        years=years,
    )
    _require_scope(kind, scope)
    if enterprise_id and mall.onboarded(op, platform_id, enterprise_id) is None:
        raise NotOnboarded(
            field="platform_id", enterprise_id=enterprise_id, platform_id=platform_id
        )
    holder = enterprise_id or account.id
    if store.living_certificate(op, holder, platform_id, kind) is not None:
        raise HoldsCertificate(field="platform_id")
    return making.make(
        op,
        making.Wanted(
            account_id=account.id,
            product=kind,
            business=model.Business.NEW,
            holder=holder,
            enterprise_id=enterprise_id or None,
            platform_id=platform_id,
            agency_id=agency_id,
            seal_agency_id=seal_agency_id,
            certificate_kind=certificate_kind,
            years=years,
            scope=scope,
        ),
    )


def _product(text: str) -> model.Product:
    try:
        return model.Product(text)
    except ValueError:
        raise NotOffered(field="product", what=text) from None


def _require_scope(product: model.Product, scope: tuple[str, ...]) -> None:
    """An event's certificate is for one act; every other new one is for all of them."""
    wanted = 1 if product is model.Product.EVENT else 0
    if len(scope) != wanted or not set(scope) <= set(choices.ACTS):
        raise NotOffered(field="scope", what=", ".join(scope))


def _require_offered(
    op: Operation,
    product: model.Product,
    platform_id: str,
    *,
    agency_id: str,
    seal_agency_id: str,
    certificate_kind: str,
    years: int,
) -> None:
    platform = mall.open_platform(op, platform_id)
    if product is model.Product.EVENT and years:
        raise TermNotOffered(field="years")
    # A person of their own has no electronic seal, and an event has no term.
    sealed = product is model.Product.ENTERPRISE
    offered: dict[str, tuple[object, tuple[object, ...]]] = {
        "product": (product.value, platform.products),
        "agency_id": (agency_id, platform.agencies),
        "seal_agency_id": (seal_agency_id, platform.seal_agencies if sealed else ("",)),
        "years": (years, platform.years if product is not model.Product.EVENT else (0,)),
        "certificate_kind": (certificate_kind, platform.certificate_kinds),
    }
    for field, (chosen, listed) in offered.items():
        if chosen not in listed:
            raise NotOffered(field=field, what=str(chosen))
