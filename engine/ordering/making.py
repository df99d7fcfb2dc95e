"""Making an order of any kind: its price, who will review it, its number, and how it begins."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from engine.incidents import queries as incidents
from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.ordering import model, money, progress, store
from engine.ordering.model import choices
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.trusting import queries as trusting


class NotOffered(errors.InvalidInput):
    """The trading platform does not offer this choice: {what}. Choose one of those it lists."""


class OrderRunning(errors.Conflict):
    """There already is an order for this certificate at this platform. Finish or cancel it first."""


class NotCountryWide(errors.PolicyRefused):
    """{agency} sells no country-wide certificates now: {problem}. Choose another CA or platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody orders, as the kinds of business have checked it."""

    account_id: str
    product: model.Product
    business: model.Business
    holder: str
    enterprise_id: str | None
    platform_id: str
    agency_id: str
    seal_agency_id: str
    certificate_kind: str
    years: int
    replaces: str | None = None
    carries_until: int | None = None
    delegate_account_id: str | None = None
    scope: tuple[str, ...] = ()
    why: str = ""


def make(op: Operation, wanted: Wanted) -> model.Order:
    """Make the order and begin it: with payment, papers, review, or the download where nothing is asked.

    Emits: order.placed, and payment.requested, case.opened or message.sent.
    Raises: NotOffered, NotCountryWide, OrderRunning, incidents.IssuingStopped.
    """
    incidents.require_issuing(op, wanted.agency_id)
    _require_country_wide(op, wanted)
    running = store.open_order(op, wanted.holder, wanted.platform_id, wanted.product)
    if running is not None:
        raise OrderRunning(order_id=running.id)
    platform = op.policy(policies.Platform, wanted.platform_id)
    asked = platform.asked(wanted.product.value, wanted.business.value)
    price = _price(op, wanted)
    amount = sum(line.amount_fen for line in price)
    order = model.Order(
        id=op.new_id("ord"),
        number=_number(op),
        account_id=wanted.account_id,
        product=wanted.product,
        business=wanted.business,
        holder=wanted.holder,
        enterprise_id=wanted.enterprise_id,
        delegate_account_id=wanted.delegate_account_id,
        scope=wanted.scope,
        replaces=wanted.replaces,
        why=wanted.why,
        platform_id=wanted.platform_id,
        agency_id=wanted.agency_id,
        seal_agency_id=wanted.seal_agency_id,
        certificate_kind=wanted.certificate_kind,
        years=wanted.years,
        carries_until=wanted.carries_until,
        download_mode=platform.download_mode,
        price=price,
        amount_fen=amount,
        platform_reviews=int(asked.platform_review),
        agency_reviews=int(asked.agency_review),
        policy_version=policy_queries.version_in_force(
            op, policies.CertificateAgency, wanted.agency_id
        ).id,
        platform_version=policy_queries.version_in_force(
            op, policies.Platform, wanted.platform_id
        ).id,
        status=_first_status(platform, asked, amount),
        papers=(),
        reasons=(),
        platform_approved_by=None,
        agency_approved_by=None,
        paid_at=None,
        created_at=op.now,
        ended_at=None,
    )
    op.insert("certificate_order", order)
    _begin(op, order)
    return order


def _require_country_wide(op: Operation, wanted: Wanted) -> None:
    """A national certificate is sold by a CA that the trust list in force grants that, as binding asks."""
    if wanted.certificate_kind != "national":
        return
    why = trusting.why_not(op, (wanted.agency_id,))[wanted.agency_id]
    if why:
        agency = op.policy(policies.CertificateAgency, wanted.agency_id)
        raise NotCountryWide(
            field="certificate_kind",
            agency=agency.label.zh,
            problem=choices.NOT_OFFERED[why].en,
        )


def _begin(op: Operation, order: model.Order) -> None:
    op.record(
        "order.placed",
        order.id,
        number=order.number,
        amount_fen=order.amount_fen,
        product=order.product,
        business=order.business,
    )
    if order.status is model.OrderStatus.AWAITING_PAYMENT:
        money.request(op, order)
    elif order.status is model.OrderStatus.PLATFORM_REVIEW:
        progress.open_platform_review(op, order)
    elif order.status is model.OrderStatus.AGENCY_REVIEW:
        progress.open_agency_review(op, order)
    elif order.status is model.OrderStatus.AWAITING_DOWNLOAD:
        progress.tell_ready(op, order)


def _number(op: Operation) -> str:
    """`CA`, the business date and a count of five digits: `CA2026112400001`."""
    today = clock.civil_date(op.now)
    first, end = (f"CA{day:%Y%m%d}" for day in (today, today + datetime.timedelta(days=1)))
    return f"{first}{store.count_between(op, first, end) + 1:05d}"


def _first_status(
    platform: policies.Platform, asked: policies.Asked, amount_fen: int
) -> model.OrderStatus:
    if amount_fen > 0 and platform.payment == "before_review":
        return model.OrderStatus.AWAITING_PAYMENT
    if asked.attachments:
        return model.OrderStatus.AWAITING_PAPERS
    if asked.platform_review:
        return model.OrderStatus.PLATFORM_REVIEW
    if asked.agency_review:
        return model.OrderStatus.AGENCY_REVIEW
    if amount_fen > 0:
        return model.OrderStatus.AWAITING_PAYMENT
    return model.OrderStatus.AWAITING_DOWNLOAD


def _price(op: Operation, wanted: Wanted) -> tuple[model.PriceLine, ...]:
    agency = op.policy(policies.CertificateAgency, wanted.agency_id)
    lines = breakdown(agency, wanted.product, wanted.business, wanted.years)
    if lines is None:
        raise NotOffered(field="years", what=f"{wanted.product} {wanted.business} {wanted.years}")
    return lines


def breakdown(
    agency: policies.CertificateAgency, product: model.Product, business: model.Business, years: int
) -> tuple[model.PriceLine, ...] | None:
    """What a kind of order costs, line by line: the price of so many single years, and what several save.

    None where the CA does not offer it.
    """
    whole = agency.price(product.value, business.value, years)
    if whole is None:
        return None
    single = agency.price(product.value, business.value, 1) if years > 1 else None
    if single is None or single * years <= whole:
        return (model.PriceLine(code=business.value, amount_fen=whole),)
    return (
        model.PriceLine(code=business.value, amount_fen=single * years),
        model.PriceLine(code="several_years", amount_fen=whole - single * years),
    )
