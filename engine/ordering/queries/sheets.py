"""What the two reviewers of an order compare."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import clock, identifiers
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.ordering import model, progress
from engine.ordering.model import choices
from engine.policies import model as policies
from engine.registration import pictures
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases


def _sheet(q: Reader, order_id: str) -> reviewing.Sheet:
    found = q.get(model.Order, "certificate_order", order_id)
    labels = {paper.code: paper.label for paper in progress.asked_of(q, found).attachments}
    papers = tuple(
        cases.paper(q, code, labels.get(code, code), blob_id) for code, blob_id in found.papers
    )
    fields = (*_asked(q, found), *_whose(q, found), *_before(q, found), *_chosen(q, found))
    return reviewing.Sheet(fields=fields, papers=papers, checks=_checks(q, found, set(labels)))


def _field(name: str, label: str, value: object) -> reviewing.SheetField:
    return reviewing.SheetField(name=name, label=label, value=value)  # type: ignore[arg-type]


def _asked(q: Reader, found: model.Order) -> Iterator[reviewing.SheetField]:
    """What is asked for."""
    yield _field("product", "Kind of certificate", choices.PRODUCTS[found.product])
    yield _field("business", "Kind of business", choices.BUSINESS[found.business])
    if found.why:
        yield _field("why", "Why it is replaced", choices.WHY[found.why])
    if found.scope:
        yield _field("scope", "What it may be used for", choices.in_words(found.scope))


def _whose(q: Reader, found: model.Order) -> Iterator[reviewing.SheetField]:
    """Whose it is, and who applied."""
    if found.enterprise_id is not None:
        enterprise = people.enterprise(q, found.enterprise_id)
        yield _field("enterprise", "Enterprise name", enterprise.name)
        yield _field("uscc", "Unified social credit code", enterprise.uscc)
    yield _person(q, "applicant", "Applicant", found.account_id)
    if found.delegate_account_id is not None:
        yield _person(q, "delegate", "Delegate", found.delegate_account_id)


def _person(q: Reader, name: str, label: str, account_id: str) -> reviewing.SheetField:
    whole = people.person_name(q, account_id)
    return cases.masked(q, name, label=label, whole=whole, mask=identifiers.masked_name)


def _before(q: Reader, found: model.Order) -> Iterator[reviewing.SheetField]:
    """The certificate before it, or that a delegation is within."""
    held = q.parts.holding(q, found.replaces) if found.replaces else None
    if held is not None:
        yield _field("earlier_serial", "Serial number of the earlier certificate", held.serial)
        until = clock.civil_date(held.ends).isoformat()
        yield _field("earlier_until", "The earlier certificate holds until", until)


def _chosen(q: Reader, found: model.Order) -> Iterator[reviewing.SheetField]:
    """Where, from whom, for how long and for how much."""
    agency = q.policy(policies.CertificateAgency, found.agency_id)
    yield _field("platform", "Platform", progress.platform_of(q, found).label)
    yield _field("agency", "Certification authority", agency.label)
    if found.years:
        yield _field("years", "Term in years", str(found.years))
    yield _field("amount", "Amount in yuan", f"{found.amount_fen / 100:,.2f}")


def _checks(q: Reader, found: model.Order, asked: set[str]) -> tuple[reviewing.Check, ...]:
    onboarded = found.enterprise_id is None or (
        mall.onboarded(q, found.platform_id, found.enterprise_id) is not None
    )
    after = progress.platform_of(q, found).payment == "after_review"
    checks = [
        reviewing.Check(label="The enterprise is onboarded at the platform", ok=onboarded),
        reviewing.Check(label="Paid, or to be paid after the reviews", ok=found.settled or after),
        reviewing.Check(
            label="Every paper the platform asks for is there",
            ok={code for code, _ in found.papers} >= asked,
        ),
        pictures.check(q, [blob_id for _, blob_id in found.papers]),
    ]
    if found.enterprise_id is None:
        checks[0] = reviewing.Check(
            label="The applicant's name is proven",
            ok=people.account(q, found.account_id).real_name_at is not None,
        )
    if found.delegate_account_id is not None and found.enterprise_id is not None:
        member = people.membership(q, found.enterprise_id, found.delegate_account_id)
        checks.append(
            reviewing.Check(label="The delegate belongs to the enterprise", ok=member is not None)
        )
    if found.replaces is not None:
        held = q.parts.holding(q, found.replaces)
        checks.append(
            reviewing.Check(
                label="The earlier certificate is not held by staff",
                ok=held is not None and held.held_by != "staff",
            )
        )
    return tuple(checks)


def review_sheet_certificate_platform(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the platform's reviewer compares."""
    return _sheet(q, subject_id)


def review_sheet_certificate_ca(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the CA's reviewer compares."""
    return _sheet(q, subject_id)
