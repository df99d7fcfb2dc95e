"""Applying for an invoice over paid orders, and what becomes of an application before it is numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from engine.delivering import queries as delivering
from engine.invoicing import model, queries, store
from engine.invoicing.actions import buyers, moving, titles
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases

REVIEW = "invoice"


class OrdersMissing(errors.InvalidInput):
    """Tick at least one order."""


class TooManyOrders(errors.InvalidInput):
    """One invoice is for {most} orders at most. Apply for the others separately."""


class OrderUnpaid(errors.PolicyRefused):
    """Order {number} is not paid yet. Pay it first, then apply for its invoice."""


class OrderRefunded(errors.PolicyRefused):
    """Order {number} was paid back, so there is nothing to invoice."""


class OrderStillOpen(errors.PolicyRefused):
    """Order {number} is still in review. It can be invoiced once its certificate is approved."""


class OrderNotDelivered(errors.PolicyRefused):
    """The certificate of order {number} is not downloaded yet. Download it, then apply for its invoice."""


class OrderInvoiced(errors.Conflict):
    """Order {number} is in an invoice already. Look at the invoice history (开票历史)."""


REFUSALS: dict[str, type[errors.EngineError]] = {
    "invoice.unpaid": OrderUnpaid,
    "invoice.refunded": OrderRefunded,
    "invoice.in_review": OrderStillOpen,
    "invoice.not_delivered": OrderNotDelivered,
    "invoice.invoiced": OrderInvoiced,
}


class SpecialNeedsCompany(errors.PolicyRefused):
    """A special VAT invoice needs a company's title with its code. Choose one, or an ordinary invoice."""


class PaperNotOffered(errors.PolicyRefused):
    """The CA of these orders has no paper invoices. Choose an electronic one."""


class AddressMissing(errors.InvalidInput):
    """Choose an address for the paper invoice, or add one first."""


class LinesRefused(errors.PolicyRefused):
    """The tax service would not take the lines of this invoice. Ask customer service to issue it."""


def apply_for_invoice(
    op: Operation,
    *,
    order_ids: tuple[str, ...],
    kind: str = "ordinary",
    order_kind: str = "certificate",
    medium: str = "electronic",
    title_id: str = "",
    title: model.GivenTitle | None = None,
    address_id: str = "",
    email: str = "",
    remarks: str = "",
) -> model.InvoiceShown:
    """Apply for one invoice over paid orders of one payer; without a title the default one is taken.

    What `invoice_rules` names is looked at by the desk first; everything else goes to the tax service.
    Guide: G-invoice-7, G-titles-7. Emits: invoice.applied_for, case.opened, title.added.
    Raises: OrdersMissing, TooManyOrders, OrderUnpaid, OrderRefunded, OrderStillOpen, OrderNotDelivered,
    OrderInvoiced, SeveralPayers, SeveralSellers, KindUnknown, MediumUnknown, OrderKindUnknown,
    TitleMissing, SpecialNeedsCompany, PaperNotOffered, AddressMissing, RemarksTooLong, LinesRefused,
    TaxItemUnknown, what a title raises, NotFound for somebody else's order, title or address.
    """
    people.person(op)
    queries.require_known(medium, kind)
    chosen = _chosen(op, order_kind, order_ids)
    buyer = buyers.buyer_of(op, chosen[0], title_id, title)
    if kind == "special" and not (buyer.kind == "company" and buyer.said.code):
        raise SpecialNeedsCompany(field="title_id")
    if medium == "paper" and not queries.paper_offered(op, chosen):
        raise PaperNotOffered(field="medium")
    lines = _lines(op, chosen)
    rules = op.policy(policies.InvoiceRules)
    total = sum(one.gross_fen for one in lines)
    reviewed = queries.reviewed_for(
        op, kind=kind, payers_own=buyer.payers_own, total_fen=total, rules=rules
    )
    details = _details(op, buyer, medium, address_id, email, remarks)
    made = _invoice(op, chosen, lines, kind, medium, buyer, details, bool(reviewed))
    moving.put(op, made)
    op.record(
        "invoice.applied_for",
        made.id,
        total_fen=made.total_fen,
        order_kind=order_kind,
        medium=medium,
        reviewed=list(reviewed),
    )
    moving.rebalance(op, [(one.order_id, one.order_kind) for one in made.lines])
    begin(op, made)
    return queries.shown(op, made)


def _chosen(op: Operation, order_kind: str, order_ids: Sequence[str]) -> list[model.Billable]:
    """The ticked orders, each of which can be invoiced, and together."""
    chosen = queries.own(op, order_kind, order_ids)
    if not chosen:
        raise OrdersMissing(field="order_ids")
    most = op.policy(policies.InvoiceRules).orders_most
    if len(chosen) > most:
        raise TooManyOrders(field="order_ids", most=most)
    for one in chosen:
        if one.refused:
            raise REFUSALS[one.refused](field="order_ids", number=one.number)
    queries.require_together(chosen)
    return chosen


def _lines(op: Operation, chosen: Sequence[model.Billable]) -> tuple[model.Line, ...]:
    rules = op.policy(policies.InvoiceRules)
    lines = tuple(queries.line_of(op, one) for one in chosen)
    wrong = model.faults(
        lines, line_fen=rules.line_tolerance_fen, total_fen=rules.total_tolerance_fen
    )
    if wrong or any(one.permille not in rules.rates_permille for one in lines):
        raise LinesRefused(field="order_ids")
    return lines


def _details(
    op: Operation, buyer: buyers.Buyer, medium: str, address_id: str, email: str, remarks: str
) -> tuple[model.Details, str]:
    """What is given beside the orders, and the address that a paper invoice goes to."""
    said = asdict(buyer.said) | {"remarks": buyers.checked_remarks(remarks)}
    said["email"] = titles.checked_email(email) or said["email"]
    if medium != "paper":
        return model.Details(**said), ""
    address = delivering.address(op, address_id) if address_id else delivering.default_address(op)
    if address is None:
        raise AddressMissing(field="address_id")
    said |= {
        "recipient": address.recipient,
        "recipient_phone": address.phone,
        "region": address.region,
        "detail": address.detail,
    }
    return model.Details(**said), address.id


def _invoice(
    op: Operation,
    chosen: Sequence[model.Billable],
    lines: tuple[model.Line, ...],
    kind: str,
    medium: str,
    buyer: buyers.Buyer,
    given: tuple[model.Details, str],
    reviewed: bool,
) -> model.Invoice:
    net, tax, total = model.totals(lines)
    invoice_id, (details, address_id) = op.new_id("inv"), given
    corrected = _corrected(op, chosen)
    company = buyer.kind == "company"
    return model.Invoice(
        id=invoice_id,
        account_id=chosen[0].account_id,
        enterprise_id=chosen[0].enterprise_id,
        platform_id=chosen[0].platform_id,
        agency_id=chosen[0].agency_id,
        order_kind=chosen[0].order_kind,
        kind=kind,
        medium=medium,
        title_kind=buyer.kind,
        title_name=buyer.said.name if company else "",
        title_code=buyer.said.code if company else "",
        details=buyers.sealed(op, chosen[0].account_id, invoice_id, buyer.kind, details),
        address_id=address_id,
        lines=lines,
        amount_fen=net,
        tax_fen=tax,
        total_fen=total,
        policy_version=policy_queries.version_in_force(op, policies.Seller).id,
        status=model.InvoiceStatus.IN_REVIEW if reviewed else model.INVOICE.initial,
        number="",
        blob_id=None,
        corrects=corrected,
        created_at=op.now,
        issued_at=None,
    )


def _corrected(op: Operation, chosen: Sequence[model.Billable]) -> str | None:
    """The application that this one corrects: the newest over these orders, if the desk rejected it."""
    order_ids = tuple(one.id for one in chosen)
    earlier = store.rejected_over(op, chosen[0].account_id, order_ids)
    if not earlier:
        return None
    newest = op.get(model.Invoice, "invoice", earlier[0])
    return newest.id if newest.status is model.InvoiceStatus.REJECTED else None


def begin(op: Operation, made: model.Invoice) -> None:
    """Put an application before the desk, or have the tax service number it.

    Emits: case.opened.
    """
    if made.status is not model.InvoiceStatus.IN_REVIEW:
        op.enqueue("issue_invoice", made.id)
        return
    reviewing.open_case(
        op,
        kind=REVIEW,
        subject_id=made.id,
        title=made.title_name or made.lines[0].order_number,
        maker=op.actor.text,
        platform_id=made.platform_id,
        agency_id=made.agency_id or None,
        corrects=None if made.corrects is None else cases.corrected(op, [made.corrects]),
    )
