"""What is done about an application that was refused, or is not wanted any more."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.invoicing import model, queries
from engine.invoicing.actions import applying, buyers, moving, titles
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.reviewing import actions as reviewing

_S = model.InvoiceStatus


class NotAskedByYou(errors.PolicyRefused):
    """This red letter was not asked for by you, or is decided already. Confirm it or decline it."""


def send_again(
    op: Operation,
    *,
    invoice_id: str,
    title_id: str = "",
    title: model.GivenTitle | None = None,
    email: str = "",
    remarks: str | None = None,
) -> model.InvoiceShown:
    """Correct an invoice that the tax service refused, and have it numbered again.

    A title that changes is looked at by the desk where the rules say so. Emits: invoice.sent_again,
    case.opened. Raises: NotPossibleNow, SpecialNeedsCompany, and what a title raises.
    """
    found = queries.own_invoice(op, invoice_id)
    verb = "send_again"
    changes: dict[str, Any] = {}
    if title_id or title is not None or email or remarks is not None:
        payer = queries.own(op, found.order_kind, [found.lines[0].order_id])[0]
        buyer = _corrected_buyer(op, found, payer, title_id, title)
        changes, reviewed = _corrections(op, found, buyer, email, remarks)
        verb = "review_again" if reviewed else verb
    model.INVOICE.advance(found.status, verb)
    sent = moving.move(op, found, verb, "invoice.sent_again", problem="", **changes)
    applying.begin(op, sent)
    return queries.shown(op, sent)


def _corrected_buyer(
    op: Operation,
    found: model.Invoice,
    payer: model.Billable,
    title_id: str,
    title: model.GivenTitle | None,
) -> buyers.Buyer:
    if title_id or title is not None:
        return buyers.buyer_of(op, payer, title_id, title)
    said = queries.details(op, found)
    kept = {name: getattr(said, name) for name in asdict(model.Particulars())}
    return buyers.Buyer(kind=found.title_kind, said=model.Particulars(**kept), payers_own=True)


def _corrections(
    op: Operation,
    found: model.Invoice,
    buyer: buyers.Buyer,
    email: str,
    remarks: str | None,
) -> tuple[dict[str, Any], bool]:
    """What changes in the row, and whether the desk looks at it again."""
    if found.kind == "special" and not (buyer.kind == "company" and buyer.said.code):
        raise applying.SpecialNeedsCompany(field="title_id")
    before = queries.details(op, found)
    said = asdict(before) | asdict(buyer.said)
    said["email"] = titles.checked_email(email) or said["email"]
    said["remarks"] = before.remarks if remarks is None else buyers.checked_remarks(remarks)
    company = buyer.kind == "company"
    same = (before.name, before.code) == (buyer.said.name, buyer.said.code)
    reviewed = queries.reviewed_for(
        op,
        kind=found.kind,
        payers_own=buyer.payers_own,
        total_fen=found.total_fen,
        rules=op.policy(policies.InvoiceRules),
    )
    changes: dict[str, Any] = {
        "title_kind": buyer.kind,
        "title_name": buyer.said.name if company else "",
        "title_code": buyer.said.code if company else "",
        "details": buyers.sealed(op, found.account_id, found.id, buyer.kind, model.Details(**said)),
    }
    return changes, bool(reviewed) and not same


def withdraw_application(op: Operation, *, invoice_id: str) -> model.InvoiceShown:
    """Take back an application that is in review or was refused, or a red letter that one asked for.

    Emits: invoice.withdrawn, red_letter.withdrawn, case.withdrawn. Raises: NotPossibleNow, NotAskedByYou.
    """
    found = queries.own_invoice(op, invoice_id)
    moving.table_of(found).advance(found.status, "withdraw")
    if found.red and (found.status is not _S.IN_REVIEW or found.asked_by != "buyer"):
        raise NotAskedByYou()
    reviewing.withdraw(op, subject_id=found.id)
    fact = "red_letter.withdrawn" if found.red else "invoice.withdrawn"
    return queries.shown(op, moving.move(op, found, "withdraw", fact, ended_at=op.now))


def retry_invoice(op: Operation, *, invoice_id: str) -> model.InvoiceShown:
    """Have the tax service number once more what it refused, by finance, once the cause is gone.

    Emits: invoice.sent_again, red_letter.sent_again. Raises: MayNot, NotPossibleNow.
    """
    found = moving.for_finance(op, invoice_id)
    fact = "red_letter.sent_again" if found.red else "invoice.sent_again"
    sent = moving.move(op, found, "send_again", fact, problem="")
    op.enqueue("reverse_invoice" if found.red else "issue_invoice", found.id)
    return queries.shown(op, sent)
