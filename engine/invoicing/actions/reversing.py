"""Red letters: asked for by the buyer, proposed by staff, brought about by a refund; whole or in part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.invoicing import model, queries, store
from engine.invoicing.actions import buyers, moving
from engine.invoicing.actions.settling import tell
from engine.kernel import errors, vault
from engine.kernel.engine import step_up
from engine.kernel.operation import Operation
from engine.registration import queries as people
from engine.reviewing import actions as reviewing

REVIEW = "red_letter"
_S = model.InvoiceStatus
LIVE = frozenset({_S.ISSUED, _S.PARTLY_REVERSED})


class ReasonUnknown(errors.InvalidInput):
    """Choose why the invoice is taken back: it is wrong, a return, an ended service, or a lower price."""


class WholeOnly(errors.InvalidInput):
    """An invoice that is wrong is taken back as a whole. Apply for a right one afterwards."""


class RedTooMuch(errors.PolicyRefused):
    """No more than {yuan} yuan of this invoice is left to take back."""


class RedTooLittle(errors.InvalidInput):
    """Enter how much is taken back; it is more than nothing."""


class RedPending(errors.Conflict):
    """A red letter about this invoice is in review already. Wait until it is decided."""


class NotIssuedYet(errors.PolicyRefused):
    """This invoice has no number yet, or nothing of it is left. Only an issued invoice is taken back."""


def ask_red_letter(
    op: Operation,
    *,
    invoice_id: str,
    reason: str,
    amount_fen: int | None = None,
    parts: tuple[model.RedPart, ...] = (),
    remarks: str = "",
) -> model.InvoiceShown:
    """Ask, as the buyer, for an invoice to be taken back: all that is left of it, an amount, or parts.

    The desk decides. Emits: red_letter.asked, case.opened. Raises: ReasonUnknown, WholeOnly, RedTooMuch,
    RedTooLittle, RedPending, NotIssuedYet, RemarksTooLong.
    """
    blue = queries.own_invoice(op, invoice_id)
    return _ask(op, blue, reason, amount_fen, parts, remarks, asked_by="buyer")


@step_up
def propose_red_letter(
    op: Operation,
    *,
    invoice_id: str,
    reason: str,
    amount_fen: int | None = None,
    parts: tuple[model.RedPart, ...] = (),
    remarks: str = "",
) -> model.InvoiceShown:
    """Propose, as the seller's finance, to take an invoice back; a second person decides at the desk.

    Emits: red_letter.asked, case.opened. Raises: MayNot, ReasonUnknown, WholeOnly, RedTooMuch,
    RedTooLittle, RedPending, NotIssuedYet, RemarksTooLong.
    """
    blue = moving.for_finance(op, invoice_id)
    return _ask(op, blue, reason, amount_fen, parts, remarks, asked_by="seller")


def _ask(
    op: Operation,
    blue: model.Invoice,
    reason: str,
    amount_fen: int | None,
    parts: Sequence[model.RedPart],
    remarks: str,
    *,
    asked_by: str,
) -> model.InvoiceShown:
    if reason not in set(model.Reason):
        raise ReasonUnknown(field="reason")
    if blue.red or blue.status not in LIVE:
        raise NotIssuedYet()
    if queries.pending_red(op, blue.id) is not None:
        raise RedPending()
    whole = amount_fen is None and not parts
    if reason in model.WHOLE_ONLY and not whole:
        raise WholeOnly(field="reason")
    taken = _wanted(op, blue, amount_fen, parts)
    red = write(op, blue, taken, reason, asked_by, status=_S.IN_REVIEW, remarks=remarks)
    reviewing.open_case(
        op,
        kind=REVIEW,
        subject_id=red.id,
        title=blue.number,
        maker=op.actor.text,
        platform_id=blue.platform_id,
        agency_id=blue.agency_id or None,
    )
    return queries.shown(op, red)


def lines_left(op: Operation, blue: model.Invoice) -> dict[str, model.Line]:
    """Order → what of its line no red letter takes or took back."""
    taken = [
        line
        for one in store.red_letters(op, blue.id)
        if one.status in model.TAKING_BACK
        for line in one.lines
    ]
    return {line.order_id: model.less(line, taken) for line in blue.lines}


def _wanted(
    op: Operation,
    blue: model.Invoice,
    amount_fen: int | None,
    parts: Sequence[model.RedPart],
) -> dict[str, int]:
    """Order → how much of its line is taken back."""
    left = {order_id: line.gross_fen for order_id, line in lines_left(op, blue).items()}
    whole = sum(left.values())
    if whole == 0:
        raise NotIssuedYet()
    if parts:
        asked: dict[str, int] = {}
        for part in parts:
            asked[part.order_id] = asked.get(part.order_id, 0) + part.gross_fen
        for order_id, fen in asked.items():
            if fen > left.get(order_id, 0):
                raise RedTooMuch(field="parts", yuan=model.yuan(left.get(order_id, 0)))
    else:
        fen = whole if amount_fen is None else amount_fen
        if fen > whole:
            raise RedTooMuch(field="amount_fen", yuan=model.yuan(whole))
        asked = dict(zip(left, model.spread(max(fen, 0), list(left.values())), strict=True))
    wrong = any(fen < 0 for fen in asked.values()) or sum(asked.values()) <= 0
    if wrong or (amount_fen is not None and amount_fen <= 0):
        raise RedTooLittle(field="amount_fen")
    return {order_id: fen for order_id, fen in asked.items() if fen > 0}


def write(
    op: Operation,
    blue: model.Invoice,
    taken: Mapping[str, int],
    reason: str,
    asked_by: str,
    *,
    status: model.InvoiceStatus,
    remarks: str = "",
    balanced: bool = True,
) -> model.Invoice:
    """Write a red letter that takes so much of each order's line back. Composed by asking and by refunds.

    Emits: red_letter.asked. Raises: RemarksTooLong, CharacterNotDrawable.
    """
    left = lines_left(op, blue)
    lines = tuple(
        model.red_line(line, left[line.order_id], taken[line.order_id])
        for line in blue.lines
        if taken.get(line.order_id)
    )
    made = _red(op, blue, lines, reason, asked_by, status, remarks)
    moving.put(op, made)
    op.record(
        "red_letter.asked",
        made.id,
        invoice_id=blue.id,
        reason=reason,
        asked_by=asked_by,
        amount_fen=-made.total_fen,
    )
    if balanced:
        moving.rebalance(op, [(one.order_id, one.order_kind) for one in made.lines])
    return made


def _red(
    op: Operation,
    blue: model.Invoice,
    lines: tuple[model.Line, ...],
    reason: str,
    asked_by: str,
    status: model.InvoiceStatus,
    remarks: str,
) -> model.Invoice:
    """A red letter about an invoice: made out to whom that was, with the title sealed anew."""
    net, tax, total = model.totals(lines)
    red_id = op.new_id("inv")
    said = queries.details(op, blue)
    details = _details_of(op, blue, red_id, said, buyers.checked_remarks(remarks))
    return model.Invoice(
        id=red_id,
        account_id=blue.account_id,
        enterprise_id=blue.enterprise_id,
        platform_id=blue.platform_id,
        agency_id=blue.agency_id,
        order_kind=blue.order_kind,
        kind=blue.kind,
        medium="electronic",
        title_kind=blue.title_kind,
        title_name=blue.title_name,
        title_code=blue.title_code,
        details=details,
        lines=lines,
        amount_fen=net,
        tax_fen=tax,
        total_fen=total,
        policy_version=blue.policy_version,
        status=status,
        number="",
        blob_id=None,
        created_at=op.now,
        issued_at=None,
        reverses=blue.id,
        reason=reason,
        asked_by=asked_by,
    )


def _details_of(
    op: Operation, blue: model.Invoice, red_id: str, said: model.Details, remarks: str
) -> bytes | None:
    """The title of an invoice, sealed anew for its red letter; nothing of a person who is gone."""
    kept = model.Details(
        name=said.name,
        code=said.code,
        address=said.address,
        phone=said.phone,
        bank=said.bank,
        bank_account=said.bank_account,
        email=said.email,
        remarks=remarks,
    )
    try:
        return buyers.sealed(op, blue.account_id, red_id, blue.title_kind, kept)
    except vault.Destroyed:
        return None


def go_on(op: Operation, red: model.Invoice) -> None:
    """A red letter that is decided or needs no decision: the buyer confirms, or the tax service numbers it.

    Where the buyer's account has ended nobody is left to ask.
    Emits: red_letter.unanswerable, message.sent.
    """
    if red.status is _S.AWAITING_BUYER and not people.lives(op, red.account_id):
        red = moving.move(op, red, "confirm", "red_letter.unanswerable")
    if red.status is _S.AWAITING_BUYER:
        blue = op.get(model.Invoice, "invoice", str(red.reverses))
        tell(op, red, "red_letter.confirm_wanted", {"number": blue.number})
    elif red.status is _S.APPLIED:
        op.enqueue("reverse_invoice", red.id)
