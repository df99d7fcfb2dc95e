"""An invoice on paper is printed and posted: where applying, numbering and the post meet (INV-2).

With the application a copy of the address is kept; once the invoice has its number it is printed, and what
is printed goes to the courier. A lost one is printed anew: the sheet before is void.
"""

from __future__ import annotations

from engine.delivering import actions as delivering
from engine.delivering import model as deliveries
from engine.delivering import queries as posted
from engine.invoicing import actions, model
from engine.kernel import events, notes
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader

INVARIANTS = {
    "only an invoice on paper that has its number is posted": (
        "SELECT s.id FROM shipment s LEFT JOIN invoice i ON i.id = s.subject"
        " WHERE s.status NOT IN ('waiting', 'cancelled') AND (i.id IS NULL OR i.medium <> 'paper'"
        " OR i.number = '' OR i.account_id <> s.account_id)"
    ),
    "an invoice on paper says what the newest sheet that was posted says": (
        "SELECT s.id FROM shipment s JOIN invoice i ON i.id = s.subject"
        " WHERE s.contents <> '' AND s.attempt = (SELECT MAX(n.attempt) FROM shipment n"
        " WHERE n.subject = s.subject AND n.contents <> '')"
        " AND s.contents <> i.paper_code || ' ' || i.paper_number"
    ),
}


def to_post(q: Reader, invoice_id: str) -> tuple[model.Invoice, deliveries.Shipment | None]:
    """An invoice and the shipment that waits for it, for the job that prints it."""
    found = q.get(model.Invoice, "invoice", invoice_id)
    shipment = posted.newest(q, invoice_id)
    waits = shipment is not None and shipment.status is deliveries.ShipmentStatus.WAITING
    return found, shipment if waits else None


def record_print(
    op: Operation,
    *,
    invoice_id: str,
    shipment_id: str,
    paper_code: str,
    paper_number: str,
    document: bytes | None = None,
) -> None:
    """Record what an invoice was printed on, how it looks there, and give it to the courier.

    Emits: invoice.printed, shipment.packed.
    """
    actions.record_paper(
        op,
        invoice_id=invoice_id,
        paper_code=paper_code,
        paper_number=paper_number,
        document=document,
    )
    delivering.pack(op, shipment_id=shipment_id, contents=f"{paper_code} {paper_number}")


def record_not_printed(op: Operation, *, shipment_id: str) -> None:
    """Record that an invoice could not be printed: finance has it printed again from the post that waits.

    Emits: shipment.held.
    """
    delivering.hold(op, shipment_id=shipment_id)


def applied_for(op: Operation, event: events.Event) -> None:
    """An application for a paper invoice keeps a copy of where it goes.

    Emits: shipment.prepared.
    """
    found = op.get(model.Invoice, "invoice", event.subject)
    if found.medium == "paper" and not found.red:
        delivering.prepare(
            op,
            subject=found.id,
            account_id=found.account_id,
            platform_id=found.platform_id,
            agency_id=found.agency_id,
            address_id=found.address_id,
        )


def ended(op: Operation, event: events.Event) -> None:
    """An application that ends without a number is not posted; a red letter never was.

    Emits: shipment.cancelled.
    """
    delivering.cancel(op, subject=event.subject)


def sent_again(op: Operation, event: events.Event) -> None:
    """An invoice whose paper did not arrive, or was not printed, is printed anew."""
    op.enqueue("post_invoice", str(event.facts["about"]))


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: paper that is under way."""
    return posted.blockers(q, account_id)
