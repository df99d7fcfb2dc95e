"""Invoices as their applicants and staff may see them, and in the clear for the jobs that print them."""

from __future__ import annotations

import json

from engine.invoicing import model, store
from engine.kernel import actors, errors, identifiers, notes, paging, vault
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_S = model.InvoiceStatus
Acts = dict[model.InvoiceStatus, tuple[str, ...]]


def held(q: Reader, invoice_id: str) -> model.Invoice:
    """One invoice as it is kept, for its applicant, entitled staff, or the platform itself.

    Raises: NotFound.
    """
    found = q.get(model.Invoice, "invoice", invoice_id)
    if not _may_see(q, found):
        raise errors.NotFound(what="invoice")
    return found


def own(q: Reader, invoice_id: str) -> model.Invoice:
    """One invoice for the person who applied for it, who alone changes anything about it.

    Raises: NotFound.
    """
    found = held(q, invoice_id)
    if people.person(q).account_id != found.account_id:
        raise errors.NotFound(what="invoice")
    return found


def details(q: Reader, found: model.Invoice) -> model.Details:
    """What was given with an application, in the clear; of a person who is gone nothing but 个人."""
    if found.details is None:
        return model.Details(name=found.title_name or "个人", code=found.title_code)
    subject_id = people.account(q, found.account_id).subject_id
    place = f"invoice|details|{found.id}"
    try:
        said = json.loads(q.open(subject_id, place, found.details, "evidence"))
    except vault.Destroyed:
        return model.Details(name=found.title_name or "个人", code=found.title_code)
    if found.title_kind == "company":
        said |= {"name": found.title_name, "code": found.title_code}
    return model.Details(**said)


def mine(
    q: Reader, status: str = "", *, window: paging.Window | None = None
) -> list[model.InvoiceShown]:
    """The signed-in person's invoices, newest first, of one status where one is named (开票历史).

    Red letters stand under the invoice they take back. Guide: G-invoice-8.
    """
    found = store.blue_of_account(q, people.person(q).account_id, status, window)
    return [shown(q, one) for one in found]


def invoice(q: Reader, invoice_id: str) -> model.InvoiceShown:
    """One invoice or red letter, for its applicant, entitled staff, or the platform itself.

    Raises: NotFound.
    """
    return shown(q, held(q, invoice_id))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Invoice]:
    """An enterprise's invoices that the actor may see, newest first."""
    return [one for one in store.of_enterprise(q, enterprise_id) if _may_see(q, one)]


def by_number(q: Reader, number: str) -> model.Invoice | None:
    """The invoice with this 20-digit number, where the actor may see it."""
    found = store.by_number(q, number)
    return found if found is not None and _may_see(q, found) else None


def document(q: Reader, invoice_id: str) -> bytes:
    """The drawn invoice (PDF) that the actor may see.

    Raises: NotFound, also before it is issued.
    """
    found = held(q, invoice_id)
    if found.blob_id is None:
        raise errors.NotFound(what="document")
    return q.blob(found.blob_id)


def face(q: Reader, invoice_id: str) -> model.Face:
    """What is printed on an invoice and told to the tax service, in the clear: for the platform's jobs.

    Raises: NotPermitted, NotFound.
    """
    if not isinstance(q.actor, actors.System):
        raise errors.NotPermitted()
    found = q.get(model.Invoice, "invoice", invoice_id)
    blue = None if found.reverses is None else q.get(model.Invoice, "invoice", found.reverses)
    return model.Face(
        invoice_id=found.id,
        order_kind=found.order_kind,
        kind=found.kind,
        medium=found.medium,
        title_kind=found.title_kind,
        buyer=details(q, found),
        lines=found.lines,
        amount_fen=found.amount_fen,
        tax_fen=found.tax_fen,
        total_fen=found.total_fen,
        number=found.number,
        issued_at=found.issued_at,
        reverses=found.reverses,
        reverses_number="" if blue is None else blue.number,
        reason=found.reason,
        asked_by=found.asked_by,
    )


def shown(q: Reader, found: model.Invoice) -> model.InvoiceShown:
    """An invoice as who asks may see it: staff see a person's name and number masked."""
    said = details(q, found)
    masked = isinstance(q.actor, actors.Staff) and found.title_kind == "personal"
    blue = None if found.reverses is None else q.get(model.Invoice, "invoice", found.reverses)
    return model.InvoiceShown(
        id=found.id,
        account_id=found.account_id,
        enterprise_id=found.enterprise_id,
        platform_id=found.platform_id,
        agency_id=found.agency_id,
        order_kind=found.order_kind,
        medium=found.medium,
        kind=found.kind,
        title_kind=found.title_kind,
        title_name=identifiers.masked_name(said.name) if masked else said.name,
        title_code=identifiers.masked_id(said.code) if masked and said.code else said.code,
        lines=found.lines,
        amount_fen=found.amount_fen,
        tax_fen=found.tax_fen,
        total_fen=found.total_fen,
        reversed_fen=found.reversed_fen,
        status=found.status,
        number=found.number,
        blob_id=found.blob_id,
        created_at=found.created_at,
        issued_at=found.issued_at,
        reverses=found.reverses,
        reverses_number="" if blue is None else blue.number,
        reversed_by=tuple(one.id for one in store.red_letters(q, found.id)),
        reason=found.reason,
        asked_by=found.asked_by,
        problem=found.problem,
        reasons=people.reasons_told(q, found.reasons),
        corrects=found.corrects,
        deducted_at=found.deducted_at,
        address_id=found.address_id,
        email="" if masked else said.email,
        remarks="" if masked else said.remarks,
        paper_code=found.paper_code,
        paper_number=found.paper_number,
        can=_can(q, found),
    )


def _can(q: Reader, found: model.Invoice) -> tuple[str, ...]:
    """What who asks can do with an invoice now."""
    table: Acts
    if isinstance(q.actor, actors.Person):
        table = _RED_OF_PERSON if found.red else _OF_PERSON
    elif staffing.has(
        q.actor, Right.FINANCE, platform_id=found.platform_id, agency_id=found.agency_id
    ):
        table = _RED_OF_STAFF if found.red else _OF_STAFF
    else:
        return ()
    return tuple(act for act in table.get(found.status, ()) if _open(q, found, act))


def _open(q: Reader, found: model.Invoice, act: str) -> bool:
    if act == "declare_deducted":
        return found.kind == "special" and found.deducted_at is None
    if act in ("ask_red_letter", "propose_red_letter"):
        return left_of(q, found) > 0 and pending_red(q, found.id) is None
    if act == "withdraw_application" and found.red:
        return found.asked_by == "buyer"
    if act == "drop_red_letter":
        return found.asked_by != "refund"
    return True


_LIVE = (_S.ISSUED, _S.PARTLY_REVERSED)
_OF_PERSON: Acts = {
    _S.IN_REVIEW: ("withdraw_application",),
    _S.FAILED: ("send_again", "withdraw_application"),
    **dict.fromkeys(_LIVE, ("ask_red_letter", "declare_deducted")),
}
_RED_OF_PERSON: Acts = {
    _S.IN_REVIEW: ("withdraw_application",),
    _S.AWAITING_BUYER: ("confirm_red_letter", "decline_red_letter"),
}
_OF_STAFF: Acts = {
    _S.FAILED: ("retry_invoice",),
    **dict.fromkeys(_LIVE, ("propose_red_letter",)),
}
_RED_OF_STAFF: Acts = {
    _S.FAILED: ("retry_invoice",),
    _S.DECLINED: ("ask_buyer_again", "drop_red_letter"),
}


def left_of(q: Reader, found: model.Invoice) -> int:
    """What of an invoice no red letter takes or took back."""
    taken = [one for one in store.red_letters(q, found.id) if one.status in model.TAKING_BACK]
    return found.total_fen + sum(one.total_fen for one in taken)


def pending_red(q: Reader, invoice_id: str) -> model.Invoice | None:
    """The red letter about an invoice that the desk has not decided."""
    for one in store.red_letters(q, invoice_id):
        if one.status is _S.IN_REVIEW:
            return one
    return None


def _may_see(q: Reader, found: model.Invoice) -> bool:
    if isinstance(q.actor, actors.Person):
        return q.actor.account_id == found.account_id
    if isinstance(q.actor, actors.Staff):
        return staffing.has(
            q.actor, Right.LOOK_UP, platform_id=found.platform_id, agency_id=found.agency_id
        )
    return isinstance(q.actor, actors.System)


def unfinished(q: Reader, account_id: str) -> list[model.Invoice]:
    """A person's invoices and red letters that somebody still has to move."""
    return [one for one in store.of_account(q, account_id) if one.status not in model.SETTLED]


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: invoices and red letters that are not issued yet."""
    return [
        notes.Note(
            code="blocker.red_letter_open" if one.red else "blocker.invoice_open", subject=one.id
        )
        for one in unfinished(q, account_id)
    ]
