"""Applying for an invoice and recording its issue."""

from __future__ import annotations

from collections.abc import Sequence

from engine.invoicing import model, queries
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import queries as people


class OrdersMissing(errors.InvalidInput):
    """Tick at least one order."""


class OrderUnpaid(errors.PolicyRefused):
    """Order {number} is not paid yet. Pay it first, then apply for its invoice."""


class OrderRefunded(errors.PolicyRefused):
    """Order {number} was paid back, so there is nothing to invoice."""


class OrderPartlyRefunded(errors.PolicyRefused):
    """A part of what was paid for order {number} went back. Ask customer service for its invoice."""


class OrderStillOpen(errors.PolicyRefused):
    """Order {number} is still in review. It can be invoiced once its certificate is approved."""


class OrderNotDelivered(errors.PolicyRefused):
    """The certificate of order {number} is not downloaded yet. Download it, then apply for its invoice."""


class OrderOfPerson(errors.PolicyRefused):
    """Order {number} is a person's own. Invoices are issued to enterprises here."""


class OrderInvoiced(errors.Conflict):
    """Order {number} is in an invoice already. Look at the invoice history (开票历史)."""


REFUSALS: dict[str, type[errors.EngineError]] = {
    "invoice.unpaid": OrderUnpaid,
    "invoice.refunded": OrderRefunded,
    "invoice.partly_refunded": OrderPartlyRefunded,
    "invoice.in_review": OrderStillOpen,
    "invoice.not_delivered": OrderNotDelivered,
    "invoice.individual": OrderOfPerson,
    "invoice.invoiced": OrderInvoiced,
}


class SeveralEnterprises(errors.InvalidInput):
    """One invoice is for orders of one enterprise. Apply for each enterprise by itself."""


class KindUnknown(errors.InvalidInput):
    """An invoice is ordinary or special."""


def _lines(chosen: Sequence[ordering.Order], seller: policies.Seller) -> list[model.Line]:
    lines = []
    for order in chosen:
        net, tax = model.split_tax(order.amount_fen, seller.tax_rate_percent)
        lines.append(
            model.Line(
                order_id=order.id,
                name=f"*{seller.tax_category}*{seller.item}",
                quantity=max(order.years, 1),
                amount_fen=net,
                tax_fen=tax,
                rate_percent=seller.tax_rate_percent,
            )
        )
    return lines


def apply_for_invoice(op: Operation, *, order_ids: tuple[str, ...], kind: str) -> model.Invoice:
    """Apply for an electronic invoice over paid orders, with the enterprise's own title.

    Emits: invoice.applied_for. Raises: OrdersMissing, OrderUnpaid, OrderRefunded, OrderPartlyRefunded,
    OrderStillOpen, OrderInvoiced, SeveralEnterprises, KindUnknown, NotFound for somebody else's order.
    """
    person = people.person(op)
    if kind not in ("ordinary", "special"):
        raise KindUnknown(field="kind")
    chosen = [orders.own(op, order_id) for order_id in dict.fromkeys(order_ids)]
    if not chosen:
        raise OrdersMissing(field="order_ids")
    for order in chosen:
        refused = queries.refusal(op, order)
        if refused:
            raise REFUSALS[refused](field="order_ids", number=order.number)
    if len({order.enterprise_id for order in chosen}) != 1:
        raise SeveralEnterprises(field="order_ids")
    enterprise = people.enterprise(op, str(chosen[0].enterprise_id))
    seller = op.policy(policies.Seller)
    lines = _lines(chosen, seller)
    amount, tax = sum(line.amount_fen for line in lines), sum(line.tax_fen for line in lines)
    invoice = model.Invoice(
        id=op.new_id("inv"),
        account_id=person.account_id,
        enterprise_id=enterprise.id,
        platform_id=chosen[0].platform_id,
        agency_id=chosen[0].agency_id,
        kind=kind,
        title_name=enterprise.name,
        title_code=enterprise.uscc,
        lines=tuple(lines),
        amount_fen=amount,
        tax_fen=tax,
        total_fen=amount + tax,
        policy_version=policy_queries.version_in_force(op, policies.Seller).id,
        status=model.INVOICE.initial,
        number="",
        blob_id=None,
        created_at=op.now,
        issued_at=None,
    )
    op.insert("invoice", invoice)
    for order in chosen:
        taken = model.InvoicedOrder(id=op.new_id("ivo"), invoice_id=invoice.id, order_id=order.id)
        op.insert("invoiced_order", taken)
    op.enqueue("issue_invoice", invoice.id)
    op.record("invoice.applied_for", invoice.id, total_fen=invoice.total_fen)
    return invoice


def record_invoice(
    op: Operation, *, invoice_id: str, number: str, document: bytes, issued_at: int
) -> model.Invoice:
    """Record the number the tax service gave and the drawn invoice.

    Emits: invoice.issued, message.sent.
    """
    op.require_system()
    found = op.get(model.Invoice, "invoice", invoice_id)
    status = model.INVOICE.advance(found.status, "issue")
    subject_id = people.enterprise(op, found.enterprise_id).subject_id
    op.update(
        "invoice",
        found.id,
        {
            "status": status,
            "number": number,
            "blob_id": op.put_blob(
                document,
                media_type="application/pdf",
                subject_id=subject_id,
                purpose="evidence",
            ),
            "issued_at": issued_at,
        },
        was={"status": found.status},
    )
    op.record("invoice.issued", found.id, number=number)
    messaging.notify(
        op,
        account_id=found.account_id,
        kind="invoice.issued",
        params={"number": number},
        subject=found.id,
    )
    return op.get(model.Invoice, "invoice", invoice_id)
