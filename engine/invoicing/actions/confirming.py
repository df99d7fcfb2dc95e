"""What the buyer says of a red letter and of an invoice's deduction, and what finance does about it."""

from __future__ import annotations

from engine.invoicing import model, queries
from engine.invoicing.actions import moving
from engine.invoicing.actions.reversing import LIVE, NotIssuedYet, go_on
from engine.kernel import errors
from engine.kernel.operation import Operation


class OnlySpecial(errors.PolicyRefused):
    """Only a special VAT invoice is deducted."""


class MoneyWentBack(errors.PolicyRefused):
    """The money of this red letter went back already, so it cannot be given up. Ask the buyer again."""


def confirm_red_letter(op: Operation, *, invoice_id: str) -> model.InvoiceShown:
    """Confirm, as the buyer who deducted the invoice, that it is taken back.

    Emits: red_letter.confirmed. Raises: NotPossibleNow.
    """
    red = queries.own_invoice(op, invoice_id)
    confirmed = moving.move(op, red, "confirm", "red_letter.confirmed")
    go_on(op, confirmed)
    return queries.shown(op, confirmed)


def decline_red_letter(op: Operation, *, invoice_id: str) -> model.InvoiceShown:
    """Say, as the buyer, that the invoice is not to be taken back; staff get in touch.

    Emits: red_letter.declined. Raises: NotPossibleNow.
    """
    red = queries.own_invoice(op, invoice_id)
    return queries.shown(op, moving.move(op, red, "decline", "red_letter.declined"))


def declare_deducted(op: Operation, *, invoice_id: str) -> model.InvoiceShown:
    """Say that a special invoice is deducted from one's own tax: from now on a red letter needs one's word.

    Emits: invoice.deducted. Raises: OnlySpecial, NotIssuedYet, Conflict where it was said before.
    """
    found = queries.own_invoice(op, invoice_id)
    if found.kind != "special" or found.red:
        raise OnlySpecial()
    if found.status not in LIVE:
        raise NotIssuedYet()
    op.update("invoice", found.id, {"deducted_at": op.now}, was={"deducted_at": None})
    op.record("invoice.deducted", found.id)
    return queries.invoice(op, invoice_id)


def _of_staff(op: Operation, invoice_id: str) -> model.Invoice:
    """A red letter for finance of its platform and CA.

    Raises: MayNot, NotFound.
    """
    red = moving.for_finance(op, invoice_id)
    if not red.red:
        raise errors.NotFound(what="red letter")
    return red


def ask_buyer_again(op: Operation, *, invoice_id: str) -> model.InvoiceShown:
    """Ask the buyer once more to confirm a red letter, after having spoken with them.

    Emits: red_letter.asked_again, message.sent. Raises: MayNot, NotPossibleNow.
    """
    asked = moving.move(op, _of_staff(op, invoice_id), "ask_again", "red_letter.asked_again")
    go_on(op, asked)
    return queries.shown(op, asked)


def drop_red_letter(op: Operation, *, invoice_id: str) -> model.InvoiceShown:
    """Give a red letter up that the buyer does not confirm; never one whose money went back.

    Emits: red_letter.withdrawn. Raises: MayNot, NotPossibleNow, MoneyWentBack.
    """
    red = _of_staff(op, invoice_id)
    if red.asked_by == "refund":
        raise MoneyWentBack()
    dropped = moving.move(op, red, "withdraw", "red_letter.withdrawn", ended_at=op.now)
    return queries.shown(op, dropped)
