"""What is unfinished of a person here: invoices and red letters that somebody still has to move."""

from __future__ import annotations

from engine.invoicing import model, queries
from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader

_MOVERS = {
    "invoice_in_review": Mover.STAFF,
    "invoice_applied": Mover.OUTSIDE,
    "invoice_failed": Mover.CALLER,
    "red_letter_in_review": Mover.STAFF,
    "red_letter_awaiting_issue": Mover.OUTSIDE,
    "red_letter_awaiting_buyer": Mover.CALLER,
    "red_letter_declined": Mover.STAFF,
    "red_letter_applied": Mover.OUTSIDE,
    "red_letter_failed": Mover.STAFF,
}


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage."""
    return [_matter(q, one) for one in queries.unfinished(q, account_id)]


def _matter(q: Reader, one: model.Invoice) -> Matter:
    kind = "red_letter" if one.red else "invoice"
    outside = one.status is model.InvoiceStatus.APPLIED
    began = "red_letter.asked" if one.red else "invoice.applied_for"
    return Matter(
        kind=kind,
        state=one.status.value,
        subject=one.id,
        since=events.newest(q.connection, one.id) or one.created_at,
        # A person's name is never said on the phone: the order's number is.
        name=one.title_name or one.lines[0].order_number,
        number=one.lines[0].order_number,
        lately=events.took(q.connection, began=began, ended=f"{kind}.issued") if outside else (),
        platform_id=one.platform_id,
        agency_id=one.agency_id,
    )


MATTERS = Matters(movers=_MOVERS, of=_of)
