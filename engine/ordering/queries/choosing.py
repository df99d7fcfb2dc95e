"""What can be chosen with an order, and how the CAs compare (CRT-1)."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from engine.incidents import queries as incidents
from engine.kernel import clock
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.ordering import making, model, store
from engine.ordering.model import choices, shown
from engine.policies import model as policies
from engine.trusting import queries as trusting

# Fewer decisions than these say nothing of the next one.
FEWEST_DECISIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Agencies:
    """The CAs and seal agencies by id, as an applicant chooses among them: names, prices, terms."""

    certificate_agencies: dict[str, policies.CertificateAgency]
    seal_agencies: dict[str, policies.SealAgency]


def agencies(q: Reader) -> Agencies:
    """What can be chosen with an order beside the platform (CRT-1)."""
    return Agencies(
        certificate_agencies=q.policies(policies.CertificateAgency),
        seal_agencies=q.policies(policies.SealAgency),
    )


def offers(
    q: Reader, *, platform_id: str, product: str = "enterprise", business: str = "new"
) -> shown.Offering:
    """What a platform and its CAs offer for one kind of order, to be compared before it is placed.

    Raises: SettingUnknown, NotOffered. Guide: G-certificate-4.
    """
    try:
        kind, what = model.Product(product), model.Business(business)
    except ValueError:
        raise making.NotOffered(field="product", what=f"{product} {business}") from None
    platform = q.policy(policies.Platform, platform_id)
    asked = platform.asked(kind.value, what.value)
    sealed = kind is model.Product.ENTERPRISE
    judged = list(_judged(q, platform, kind, what))
    return shown.Offering(
        platform_id=platform_id,
        label=platform.label,
        open=platform.open,
        product=product,
        business=business,
        offered=kind.value in platform.products,
        download_mode=platform.download_mode,
        payment=platform.payment,
        attachments=asked.attachments,
        platform_review=asked.platform_review,
        agency_review=asked.agency_review,
        seal_agencies={
            name: q.policy(policies.SealAgency, name).label
            for name in (platform.seal_agencies if sealed else ())
        },
        offers=tuple(one for one in judged if isinstance(one, shown.Offer)),
        lacking=tuple(one for one in judged if isinstance(one, shown.Lacking)),
    )


def _judged(
    q: Reader, platform: policies.Platform, product: model.Product, business: model.Business
) -> Iterator[shown.Offer | shown.Lacking]:
    """What each CA of a platform offers, or why it does not; national ones go by the trust list alone."""
    refused = trusting.why_not(q, platform.agencies)
    for name in platform.agencies:
        agency = q.policy(policies.CertificateAgency, name)
        terms = tuple(_terms(platform, agency, product, business))
        kinds = tuple(
            kind for kind in platform.certificate_kinds if kind == "platform" or not refused[name]
        )
        if incidents.stopped(q, name) is not None:
            why = choices.NOT_OFFERED[choices.STOPPED]
            yield shown.Lacking(agency_id=name, label=agency.label, why=why)
            continue
        if not terms or not kinds:
            why = choices.NOT_OFFERED[refused[name] if terms else choices.NO_PRICE]
            yield shown.Lacking(agency_id=name, label=agency.label, why=why)
            continue
        lately = store.decided_in(q, name, agency.turnaround_of_last)
        yield shown.Offer(
            agency_id=name,
            label=agency.label,
            country_wide=not refused[name],
            national_refused=choices.NOT_OFFERED.get(refused[name]),
            certificate_kinds=kinds,
            terms=terms,
            pin_digits=agency.pin_digits,
            pin_tries=agency.pin_tries,
            promised_ms=agency.turnaround_hours * clock.HOUR,
            measured_ms=_median(lately),
            measured_of=len(lately),
            refund_percent_ready=agency.refund_percent_ready,
        )


def _median(lately: list[int]) -> int | None:
    return int(statistics.median(lately)) if len(lately) >= FEWEST_DECISIONS else None


def _terms(
    platform: policies.Platform,
    agency: policies.CertificateAgency,
    product: model.Product,
    business: model.Business,
) -> Iterator[shown.Term]:
    whole = product is model.Product.EVENT or business in (
        model.Business.REPLACEMENT,
        model.Business.CHANGE,
    )
    for years in (0,) if whole else sorted(platform.years):
        price = making.breakdown(agency, product, business, years)
        if price is not None:
            amount = sum(line.amount_fen for line in price)
            yield shown.Term(years=years, amount_fen=amount, price=price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words for what can be chosen, by code."""

    why: dict[str, Text]
    acts: dict[str, Text]


def words(q: Reader) -> Words:
    """Why a certificate can be replaced, and what one can be for."""
    return Words(why=dict(choices.WHY), acts=dict(choices.ACTS))
