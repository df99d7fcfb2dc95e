"""What is unfinished of a person here: invoices that the tax service has not numbered yet."""

from __future__ import annotations

from engine.invoicing import model, store
from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader

_MOVERS = {"invoice_applied": Mover.OUTSIDE}


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage."""
    return [
        Matter(
            kind="invoice",
            state=one.status.value,
            subject=one.id,
            since=one.created_at,
            name=one.title_name,
            lately=events.took(q.connection, began="invoice.applied_for", ended="invoice.issued"),
            platform_id=one.platform_id,
            agency_id=one.agency_id,
        )
        for one in store.of_account(q, account_id)
        if not model.INVOICE.terminal(one.status)
    ]


MATTERS = Matters(movers=_MOVERS, of=_of)
