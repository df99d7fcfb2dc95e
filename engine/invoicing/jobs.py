"""What this stage asks of the tax service, and the drawing of the invoice."""

from __future__ import annotations

from engine.invoicing import actions, model
from engine.kernel import actors, clock, jobs, ports
from engine.kernel.reader import Reader
from engine.pdf import typeset
from engine.policies import model as policies

KINDS = {"ordinary": "普通发票", "special": "增值税专用发票"}


def _invoice(q: Reader, invoice_id: str) -> tuple[model.Invoice, policies.Seller, int]:
    return q.get(model.Invoice, "invoice", invoice_id), q.policy(policies.Seller), q.now


def draw(invoice: model.Invoice, seller: policies.Seller, number: str, issued_at: int) -> bytes:
    """The invoice as a PDF."""
    return typeset.render(
        "invoice",
        {
            "issued_at": issued_at,
            "kind": KINDS[invoice.kind],
            "number": number,
            "issued_on": f"{clock.civil_date(issued_at):%Y年%m月%d日}",
            "buyer": {"name": invoice.title_name, "uscc": invoice.title_code},
            "seller": {"name": seller.name, "uscc": seller.code},
            "lines": [
                {
                    "name": line.name,
                    "unit": "年",
                    "quantity": str(line.quantity),
                    "price": model.unit_price(line),
                    "amount_fen": line.amount_fen,
                    "rate": f"{line.rate_percent}%",
                    "tax_fen": line.tax_fen,
                }
                for line in invoice.lines
            ],
            "amount_fen": invoice.amount_fen,
            "tax_fen": invoice.tax_fen,
            "total_fen": invoice.total_fen,
            "remarks": "",
            "issuer": seller.drawer,
            "qr_text": f"01,32,,{number},{model.yuan(invoice.total_fen)},"
            f"{clock.civil_date(issued_at):%Y%m%d}",
            "notice": "模拟票样 TEST",
        },
    )


def issue_invoice(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the invoice numbered, draw it, and record both."""
    system = actors.System(job="issue_invoice")
    invoice, seller, now = context.engine.ask(_invoice, system, job.subject)
    number = context.ports.tax.issue(
        ports.InvoiceRequest(
            invoice_id=invoice.id,
            seller_code=seller.code,
            buyer_name=invoice.title_name,
            total_fen=invoice.total_fen,
            issued_at=now,
        )
    )
    context.engine.perform(
        actions.record_invoice,
        {
            "invoice_id": invoice.id,
            "number": number,
            "document": draw(invoice, seller, number, now),
            "issued_at": now,
        },
        actor=system,
        key=job.id,
    )
