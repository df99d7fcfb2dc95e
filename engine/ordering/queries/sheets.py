"""What the two reviewers of an order compare."""

from __future__ import annotations

from engine.kernel import identifiers
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.ordering import model, progress
from engine.policies import model as policies
from engine.registration import pictures
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases


def _sheet(q: Reader, order_id: str) -> reviewing.Sheet:
    found = q.get(model.Order, "certificate_order", order_id)
    enterprise = people.enterprise(q, found.enterprise_id)
    platform = progress.platform_of(q, found)
    agency = q.policy(policies.CertificateAgency, found.agency_id)
    labels = {paper.code: paper.label for paper in platform.attachments}
    fields = (
        reviewing.SheetField(name="enterprise", label="Enterprise name", value=enterprise.name),
        reviewing.SheetField(
            name="uscc", label="Unified social credit code", value=enterprise.uscc
        ),
        cases.masked(
            q,
            "applicant",
            label="Applicant",
            whole=people.person_name(q, found.account_id),
            mask=identifiers.masked_name,
        ),
        reviewing.SheetField(name="platform", label="Platform", value=platform.label),
        reviewing.SheetField(name="agency", label="Certification authority", value=agency.label),
        reviewing.SheetField(name="years", label="Term in years", value=str(found.years)),
        reviewing.SheetField(
            name="amount", label="Amount in yuan", value=f"{found.amount_fen / 100:,.2f}"
        ),
    )
    papers = tuple(
        cases.paper(q, code, labels.get(code, code), blob_id) for code, blob_id in found.papers
    )
    onboarded = mall.onboarded(q, found.platform_id, found.enterprise_id)
    checks = (
        reviewing.Check(
            label="The enterprise is onboarded at the platform", ok=onboarded is not None
        ),
        reviewing.Check(
            label="Paid, or to be paid after the reviews",
            ok=found.paid_at is not None or platform.payment == "after_review",
        ),
        reviewing.Check(
            label="Every paper the platform asks for is there",
            ok={code for code, _ in found.papers} >= set(labels),
        ),
        pictures.check(q, [blob_id for _, blob_id in found.papers]),
    )
    return reviewing.Sheet(fields=fields, papers=papers, checks=checks)


def review_sheet_certificate_platform(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the platform's reviewer compares."""
    return _sheet(q, subject_id)


def review_sheet_certificate_ca(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the CA's reviewer compares."""
    return _sheet(q, subject_id)
