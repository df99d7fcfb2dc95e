"""Orders as their applicants, reviewers and the stages above may see them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import actors, errors, identifiers, notes
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.ordering import model, progress, store
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import pictures
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right

# A question whose every row is a violation.
INVARIANTS = {
    "a ledger posting adds up to zero": (
        "SELECT posting_id AS id FROM ledger_line GROUP BY posting_id HAVING SUM(amount_fen) <> 0"
    ),
    "what was paid and not refunded stands in the ledger": (
        "SELECT p.id FROM payment p WHERE COALESCE((SELECT SUM(l.amount_fen) FROM ledger_line l"
        " WHERE l.order_id = p.order_id AND l.account = 'bank'), 0)"
        " <> CASE WHEN p.status IN ('paid', 'refunding') THEN p.amount_fen ELSE 0 END"
    ),
    "an order is downloadable only when paid and approved by two": (
        "SELECT id FROM certificate_order WHERE status IN ('awaiting_download', 'completed')"
        " AND (paid_at IS NULL OR platform_approved_by IS NULL OR agency_approved_by IS NULL"
        " OR platform_approved_by = agency_approved_by)"
    ),
    "an enterprise holds one living certificate per platform": (
        "SELECT MIN(o.id) AS id FROM certificate_order o JOIN certificate_order p"
        " ON p.enterprise_id = o.enterprise_id AND p.platform_id = o.platform_id AND p.id <> o.id"
        " WHERE o.status = 'completed' AND p.status = 'completed'"
        " AND p.created_at >= o.created_at AND o.certificate_until > p.created_at"
        " GROUP BY o.enterprise_id, o.platform_id"
    ),
    "a paid order that ended badly is refunded": (
        "SELECT o.id FROM certificate_order o JOIN payment p ON p.order_id = o.id"
        " WHERE o.status IN ('rejected', 'cancelled') AND p.status = 'paid'"
    ),
}


def order(q: Reader, order_id: str) -> model.Order:
    """One order, as its applicant, an entitled member of staff, or the platform itself.

    Raises: NotFound.
    """
    found = q.get(model.Order, "certificate_order", order_id)
    if isinstance(q.actor, actors.Staff):
        staffing.require(q, Right.LOOK_UP, platform_id=found.platform_id, agency_id=found.agency_id)
    elif isinstance(q.actor, actors.Person):
        if q.actor.account_id != found.account_id:
            raise errors.NotFound(what="order")
    elif not isinstance(q.actor, actors.System):
        raise errors.NotFound(what="order")
    return found


def mine(q: Reader) -> list[model.Order]:
    """The signed-in person's orders, newest first (我的订单)."""
    return store.of_account(q, people.person(q).account_id)


def open_orders(q: Reader, account_id: str) -> list[model.Order]:
    """A person's orders that have not ended, newest first."""
    return [one for one in store.of_account(q, account_id) if not model.ORDER.terminal(one.status)]


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: open orders, and money that is not back yet."""
    return [
        *(
            notes.Note(code="blocker.order_open", subject=one.id, params={"number": one.number})
            for one in open_orders(q, account_id)
        ),
        *(
            notes.Note(code="blocker.refund_running", subject=one, params={"number": number})
            for one, number in store.refunding(q, account_id)
        ),
        *(
            notes.Note(code="blocker.money_came_twice", subject=one, params={"number": number})
            for one, number in store.came_twice(q, account_id)
        ),
    ]


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Order]:
    """An enterprise's orders, newest first."""
    return store.of_enterprise(q, enterprise_id)


def by_number(q: Reader, number: str) -> model.Order | None:
    """The order with this number."""
    return store.by_number(q, number)


def payment_of(q: Reader, order_id: str) -> model.Payment | None:
    """The payment of an order that the actor may see."""
    order(q, order_id)
    return store.payment_of(q, order_id)


_REFUNDS = {
    model.PaymentStatus.REFUNDING: model.RefundProgress.RUNNING,
    model.PaymentStatus.REFUNDED: model.RefundProgress.DONE,
}


def rejection(q: Reader, order_id: str) -> tuple[registration.ReasonTold, ...]:
    """Why an order was rejected, in both languages, for those who may see the order.

    Raises: NotFound.
    """
    return people.reasons_told(q, order(q, order_id).reasons)


def to_correct(q: Reader, order_id: str) -> tuple[registration.ReasonTold, ...]:
    """Why the enterprise's order before this one was rejected here, where nothing was approved since.

    Raises: NotFound.
    """
    earlier = cases.corrected(q, store.earlier_at(q, order(q, order_id)))
    if earlier is None:
        return ()
    return people.reasons_told(q, q.get(reviewing.Case, "review_case", earlier).reasons)


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


def my_payments(q: Reader) -> list[model.PaymentShown]:
    """The signed-in person's payments with refunds and receipts, newest first (ACC-9)."""
    account_id = people.person(q).account_id
    payer = identifiers.masked_name(people.person_name(q, account_id))
    orders = {found.id: found for found in store.of_account(q, account_id)}
    twice = store.paid_twice(q, account_id)
    return [
        model.PaymentShown(
            id=one.id,
            order_id=one.order_id,
            order_number=orders[one.order_id].number,
            order_status=shown_status(orders[one.order_id]),
            amount_fen=one.amount_fen,
            status=one.status,
            created_at=one.created_at,
            paid_at=one.paid_at,
            refund=_REFUNDS.get(one.status, model.RefundProgress.NONE),
            refunded_at=one.refunded_at,
            came_twice_fen=twice.get(one.id, 0),
            receipt=_receipt(one, payer),
        )
        for one in store.payments_of(q, account_id)
    ]


def _receipt(payment: model.Payment, payer: str) -> model.Receipt | None:
    if payment.paid_at is None:
        return None
    return model.Receipt(
        number=payment.trade_no,
        payer=payer,
        amount_fen=payment.amount_fen,
        paid_at=payment.paid_at,
    )


def ledger(q: Reader, order_id: str) -> list[model.LedgerLine]:
    """The postings of an order."""
    return store.ledger(q, order_id)


def shown_status(found: model.Order) -> str:
    """The one label that an applicant sees: both reviews are `in_review` (审核中)."""
    return "in_review" if found.status in model.IN_REVIEW else found.status.value


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
