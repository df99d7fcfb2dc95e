"""What the tax service said of an invoice or a red letter, and what is done about what it refused."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.invoicing import model, queries, store
from engine.invoicing.actions import applying, buyers, moving, titles
from engine.kernel import errors, vault
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import queries as people
from engine.reviewing import actions as reviewing

_S = model.InvoiceStatus


class NotAskedByYou(errors.PolicyRefused):
    """This red letter was not asked for by you, or is decided already. Confirm it or decline it."""


def record_invoice(
    op: Operation,
    *,
    invoice_id: str,
    number: str,
    document: bytes,
    issued_at: int,
    paper_code: str = "",
    paper_number: str = "",
) -> model.Invoice:
    """Record the number that the tax service gave an invoice or a red letter, and its drawing.

    A red letter's invoice says from now on how much of it is left; red letters that waited for an invoice
    follow it, and one on paper is posted.
    Emits: invoice.issued, red_letter.issued, red_letter.followed, invoice.reversed_in_part,
    invoice.reversed_wholly, message.sent.
    """
    op.require_system()
    found = op.get(model.Invoice, "invoice", invoice_id)
    moving.table_of(found).advance(found.status, "issue")
    blob_id = _kept(op, found, document)
    issued = moving.move(
        op,
        found,
        "issue",
        "red_letter.issued" if found.red else "invoice.issued",
        {"number": number, "total_fen": found.total_fen},
        number=number,
        blob_id=blob_id,
        issued_at=issued_at,
        paper_code=paper_code,
        paper_number=paper_number,
        problem="",
    )
    if issued.red:
        _take_back(op, issued)
        return issued
    follow(op, issued)
    if issued.medium == "paper":
        op.enqueue("post_invoice", issued.id)
    tell(op, issued, "invoice.issued", {"number": number})
    return issued


def _kept(op: Operation, found: model.Invoice, document: bytes) -> str:
    """A drawing kept under the key of whom the invoice is made out to."""
    owner = _owner(op, found)
    return op.put_blob(
        document, media_type="application/pdf", subject_id=owner, purpose=_purpose(op, owner)
    )


def _owner(op: Operation, found: model.Invoice) -> str:
    """The data subject of a drawing: the enterprise that paid, or the person."""
    if found.enterprise_id is not None and found.title_kind == "company":
        return people.enterprise(op, found.enterprise_id).subject_id
    return people.account(op, found.account_id).subject_id


def _purpose(op: Operation, subject_id: str) -> vault.Purpose:
    """Under which key a drawing is kept: what is drawn of somebody who is gone goes to their archive."""
    try:
        op.data_key(subject_id, "evidence")
    except vault.Destroyed:
        return "archive"
    return "evidence"


def record_paper(
    op: Operation,
    *,
    invoice_id: str,
    paper_code: str,
    paper_number: str,
    document: bytes | None = None,
) -> model.Invoice:
    """Record under which number an invoice was printed, the first time or again after a loss.

    `document` is how it looks on that sheet.

    Emits: invoice.printed.
    """
    op.require_system()
    found = op.get(model.Invoice, "invoice", invoice_id)
    changes: dict[str, Any] = {"paper_code": paper_code, "paper_number": paper_number}
    if document is not None:
        changes["blob_id"] = _kept(op, found, document)
    op.update("invoice", found.id, changes, was={"paper_number": found.paper_number})
    op.record("invoice.printed", found.id, paper_code=paper_code, paper_number=paper_number)
    return op.get(model.Invoice, "invoice", invoice_id)


def tell(op: Operation, found: model.Invoice, kind: str, params: dict[str, str]) -> None:
    """A message about an invoice to who applied for it; those that want a step are to-dos.

    Emits: message.sent.
    """
    messaging.notify(
        op,
        account_id=found.account_id,
        kind=kind,
        params=params,
        subject=found.id,
        todo=kind in ("invoice.was_rejected", "invoice.was_refused", "red_letter.confirm_wanted"),
    )


def _take_back(op: Operation, red: model.Invoice) -> None:
    """An invoice says how much of it red letters took back.

    Emits: invoice.reversed_in_part, invoice.reversed_wholly, message.sent.
    """
    blue = op.get(model.Invoice, "invoice", str(red.reverses))
    taken = blue.reversed_fen - red.total_fen
    whole = taken == blue.total_fen
    moving.move(
        op,
        blue,
        "reverse" if whole else "reverse_part",
        "invoice.reversed_wholly" if whole else "invoice.reversed_in_part",
        {"red_letter": red.id, "amount_fen": -red.total_fen},
        reversed_fen=taken,
        ended_at=op.now if whole else None,
    )
    params = {"number": blue.number, "red_number": red.number}
    tell(op, blue, "invoice.was_reversed" if whole else "invoice.was_reversed_in_part", params)


def follow(op: Operation, blue: model.Invoice) -> None:
    """Red letters that waited for an invoice's number go on.

    Emits: red_letter.followed.
    """
    for red in store.red_letters(op, blue.id):
        if red.status is _S.AWAITING_ISSUE:
            moving.move(op, red, "follow", "red_letter.followed", {"invoice_id": blue.id})
            op.enqueue("reverse_invoice", red.id)


def record_refused(op: Operation, *, invoice_id: str, problem: str) -> model.Invoice:
    """Record why (a code) the tax service would not number an invoice or a red letter.

    An application whose money went back meanwhile ends with it.
    Emits: invoice.refused, red_letter.refused, red_letter.withdrawn, invoice.dropped, message.sent.
    """
    op.require_system()
    found = op.get(model.Invoice, "invoice", invoice_id)
    fact = "red_letter.refused" if found.red else "invoice.refused"
    failed = moving.move(op, found, "fail", fact, {"problem": problem}, problem=problem)
    if failed.red:
        return failed
    waiting = [one for one in store.red_letters(op, found.id) if one.status is _S.AWAITING_ISSUE]
    if not waiting:
        tell(op, failed, "invoice.was_refused", {"title": failed.title_name})
        return failed
    return drop(op, failed, waiting)


def drop(
    op: Operation, found: model.Invoice, waiting: list[model.Invoice], *, balanced: bool = True
) -> model.Invoice:
    """An application without a number ends because money of it went back: the rest is applied for anew.

    Emits: red_letter.withdrawn, invoice.dropped, case.withdrawn, message.sent.
    """
    reviewing.close_open(op, subject_id=found.id)
    for red in waiting:
        # Both end in one operation: the red letter's row first would hold more than was paid.
        _end(op, red)
    dropped = moving.move(
        op, found, "withdraw", "invoice.dropped", balanced=balanced, ended_at=op.now
    )
    for red in waiting:
        op.record("red_letter.withdrawn", red.id)
    tell(op, dropped, "invoice.was_dropped", {"title": found.title_name})
    return dropped


def _end(op: Operation, red: model.Invoice) -> None:
    status = model.RED_LETTER.advance(red.status, "withdraw")
    changes = {"status": status, "ended_at": op.now}
    op.update("invoice", red.id, changes, was={"status": red.status})


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
