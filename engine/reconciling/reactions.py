"""When the list of a day is awaited, and what a settled case about an invoice brings about."""

from __future__ import annotations

from engine.invoicing import model as invoicing
from engine.invoicing import reactions as invoices
from engine.invoicing.actions import moving
from engine.kernel import clock, events
from engine.kernel.operation import Operation
from engine.ordering import model as ordering
from engine.ordering import money
from engine.reconciling import actions, store

_K, _S, _V = ordering.CaseKind, invoicing.InvoiceStatus, ordering.Resolution
_NUMBERED = frozenset({_S.ISSUED, _S.PARTLY_REVERSED, _S.REVERSED})


def day_awaited(op: Operation, event: events.Event) -> None:
    """A day whose payments are compared has its invoices compared too.

    Emits: tax_list.awaited.
    """
    actions.await_list(op, str(event.facts["business_date"]))


def invoice_applied_for(op: Operation, event: events.Event) -> None:
    """The tax service may number it today, whether or not we hear of it.

    Emits: tax_list.awaited.
    """
    actions.await_list(op, clock.civil_date(op.now).isoformat())


def invoice_issued(op: Operation, event: events.Event) -> None:
    """It stands in the list of its day; one that a list knew before us is explained by this.

    Emits: tax_list.awaited, money_case.answered.
    """
    found = op.get(invoicing.Invoice, "invoice", event.subject)
    if found.issued_at is None:
        return
    actions.await_list(op, clock.civil_date(found.issued_at).isoformat())
    for line in store.differing_lines(op, found.id):
        if line.found == _K.INVOICE_STATE.value and line.number == found.number:
            money.answered(op, _K.INVOICE_STATE, line.number, "recorded_since")


def case_settled(op: Operation, event: events.Event) -> None:
    """What was decided about an invoice is done: it is asked after, or gets its red letter.

    Emits: invoice.sent_again, red_letter.asked and what follows.
    """
    if event.facts["kind"] not in {one.value for one in ordering.ABOUT_INVOICES}:
        return
    case = op.get(ordering.MoneyCase, "money_case", event.subject)
    if case.resolution == _V.ASK_AGAIN.value and case.invoice_id:
        _ask_again(op, op.get(invoicing.Invoice, "invoice", case.invoice_id))
    elif case.resolution == _V.RED_LETTER.value:
        invoices.take_back_excess(op, case.subject.removeprefix("ledger:"))


def _ask_again(op: Operation, found: invoicing.Invoice) -> None:
    """Ask the tax service once more, which numbers what it has numbered already no second time."""
    if found.status in _NUMBERED:
        return
    if found.status is _S.FAILED:
        fact = "red_letter.sent_again" if found.red else "invoice.sent_again"
        moving.move(op, found, "send_again", fact, problem="")
    elif found.status is not _S.APPLIED:
        return
    op.enqueue("reverse_invoice" if found.red else "issue_invoice", found.id)
