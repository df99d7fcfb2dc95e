"""What the tax service said of an invoice or a red letter, and what follows."""

from __future__ import annotations

from typing import Any

from engine.invoicing import model, store
from engine.invoicing.actions import moving
from engine.kernel import vault
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import queries as people
from engine.reviewing import actions as reviewing

_S = model.InvoiceStatus


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


def _kept(op: Operation, found: model.Invoice, document: bytes) -> str | None:
    """A drawing kept under the key of whom the invoice is made out to.

    None where even the archive of a person who is gone was destroyed, as other drawings of theirs were.
    """
    owner = _owner(op, found)
    try:
        return op.put_blob(
            document, media_type="application/pdf", subject_id=owner, purpose=_purpose(op, owner)
        )
    except vault.Destroyed:
        return None


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
    if document is not None and (kept := _kept(op, found, document)) is not None:
        changes["blob_id"] = kept
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
