"""Invoices as their applicants and staff may see them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.invoicing import model, store
from engine.kernel import actors, errors, notes
from engine.kernel.reader import Reader
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.registration import queries as people
from engine.staffing import queries as staffing
from engine.staffing.model import Right

INVARIANTS = {
    "an invoice is for what was paid": (
        "SELECT i.id FROM invoice i WHERE i.total_fen <> (SELECT SUM(o.amount_fen) FROM"
        " invoiced_order x JOIN certificate_order o ON o.id = x.order_id"
        " WHERE x.invoice_id = i.id AND o.paid_at IS NOT NULL)"
    ),
    "an invoice never exceeds what was paid and not paid back": (
        "SELECT i.id FROM invoice i WHERE i.total_fen > COALESCE((SELECT SUM(p.amount_fen -"
        " COALESCE((SELECT SUM(r.amount_fen) FROM refund r WHERE r.payment_id = p.id"
        " AND r.trade_no = p.trade_no), 0)) FROM invoiced_order x JOIN payment p"
        " ON p.order_id = x.order_id WHERE x.invoice_id = i.id"
        " AND p.status IN ('paid', 'refunding', 'partly_refunded')), 0)"
    ),
    "an issued invoice has a number of 20 digits and a document": (
        "SELECT id FROM invoice WHERE status = 'issued' AND (LENGTH(number) <> 20"
        " OR blob_id IS NULL OR issued_at IS NULL)"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An order in the list to tick; `refused` is a code that says why it cannot be."""

    order: ordering.Order
    refused: str


def refusal(q: Reader, order: ordering.Order) -> str:
    """Why an order cannot be invoiced now (a code), or empty."""
    if order.paid_at is None:
        return "invoice.unpaid"
    if order.status in (ordering.OrderStatus.REJECTED, ordering.OrderStatus.CANCELLED):
        return "invoice.refunded"
    if store.of_order(q, order.id) is not None:
        return "invoice.invoiced"
    if order.enterprise_id is None:
        return "invoice.individual"
    if order.status is ordering.OrderStatus.COMPLETED:
        payment = orders.payment_of(q, order.id)
        # The provider may give some of it back unasked, or have been asked for it before.
        whole = payment is not None and payment.status is ordering.PaymentStatus.PAID
        return "" if whole else "invoice.partly_refunded"
    ready = order.status is ordering.OrderStatus.AWAITING_DOWNLOAD
    return "invoice.not_delivered" if ready else "invoice.in_review"


def candidates(q: Reader) -> list[Candidate]:
    """The signed-in person's certificate orders, with why some cannot be ticked (INV-1)."""
    me = people.person(q).account_id
    return [
        Candidate(order=order, refused=refusal(q, order))
        for order in orders.mine(q)
        if order.account_id == me
    ]


def mine(q: Reader) -> list[model.Invoice]:
    """The signed-in person's invoices, newest first (开票历史)."""
    return store.of_account(q, people.person(q).account_id)


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Invoice]:
    """An enterprise's invoices that the actor may see, newest first."""
    return [one for one in store.of_enterprise(q, enterprise_id) if _may_see(q, one)]


def by_number(q: Reader, number: str) -> model.Invoice | None:
    """The invoice with this 20-digit number, where the actor may see it."""
    found = store.by_number(q, number)
    return found if found is not None and _may_see(q, found) else None


def invoice(q: Reader, invoice_id: str) -> model.Invoice:
    """One invoice, as its applicant, entitled staff, or the platform itself.

    Raises: NotFound.
    """
    found = q.get(model.Invoice, "invoice", invoice_id)
    if not _may_see(q, found):
        raise errors.NotFound(what="invoice")
    return found


def document(q: Reader, invoice_id: str) -> bytes:
    """The drawn invoice (PDF) that the actor may see.

    Raises: NotFound, also before it is issued.
    """
    found = invoice(q, invoice_id)
    if found.blob_id is None:
        raise errors.NotFound(what="document")
    return q.blob(found.blob_id)


def _may_see(q: Reader, found: model.Invoice) -> bool:
    if isinstance(q.actor, actors.Person):
        return q.actor.account_id == found.account_id
    if isinstance(q.actor, actors.Staff):
        return staffing.has(
            q.actor, Right.LOOK_UP, platform_id=found.platform_id, agency_id=found.agency_id
        )
    return isinstance(q.actor, actors.System)


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: invoices that are not issued yet."""
    return [
        notes.Note(code="blocker.invoice_open", subject=one.id)
        for one in store.of_account(q, account_id)
        if not model.INVOICE.terminal(one.status)
    ]
