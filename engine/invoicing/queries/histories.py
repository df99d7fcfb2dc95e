"""What happened to an invoice and to its red letters, as its person reads it."""

from __future__ import annotations

from engine.invoicing import model, store
from engine.invoicing.queries.invoices import held
from engine.kernel import events
from engine.kernel.reader import Reader

# What the history of an invoice tells, and whose doing each is.
_TOLD = {
    "invoice.applied_for": "actor",
    "invoice.approved": "staff",
    "invoice.rejected": "staff",
    "invoice.issued": "tax_service",
    "invoice.refused": "tax_service",
    "invoice.sent_again": "actor",
    "invoice.withdrawn": "actor",
    "invoice.dropped": "system",
    "invoice.deducted": "actor",
    "red_letter.asked": "actor",
    "red_letter.approved": "staff",
    "red_letter.rejected": "staff",
    "red_letter.confirmed": "actor",
    "red_letter.declined": "actor",
    "red_letter.asked_again": "staff",
    "red_letter.issued": "tax_service",
    "red_letter.refused": "tax_service",
    "red_letter.sent_again": "actor",
    "red_letter.withdrawn": "actor",
}


def history(q: Reader, invoice_id: str) -> list[model.Step]:
    """What happened to an invoice and its red letters, oldest first.

    Raises: NotFound.
    """
    found = held(q, invoice_id)
    about = [found.id, *(one.id for one in store.red_letters(q, found.id))]
    return [
        model.Step(
            occurred_at=event.occurred_at,
            code=event.kind,
            who=_who(q, found, event.actor) if _TOLD[event.kind] == "actor" else _TOLD[event.kind],
            subject=event.subject,
        )
        for event in events.of_subjects(q.connection, about)
        if event.kind in _TOLD
    ]


def _who(q: Reader, found: model.Invoice, actor: str) -> str:
    if actor == q.actor.text:
        return "you"
    side = actor.partition(":")[0]
    return {"person": "applicant", "staff": "staff"}.get(side, "system")
