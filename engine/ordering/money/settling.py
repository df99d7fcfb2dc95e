"""Settling a case: by one person up to a limit, above it proposed by one and decided by another.

What moves money or books it elsewhere needs a second factor, and a second person above the limit of
`money_rules`: that decision is taken at the desk, where the maker is never the checker.
"""

from __future__ import annotations

import json

from engine.kernel import errors
from engine.kernel.engine import step_up
from engine.kernel.operation import Operation
from engine.ordering import model, store
from engine.ordering.money import paying, posting, refunds, unasked
from engine.policies import model as policies
from engine.reviewing import actions as reviewing
from engine.reviewing.model import Decision
from engine.staffing import queries as staffing
from engine.staffing.model import Right

REVIEW = "settlement"
_NOTE_LONGEST = 500
_V = model.Resolution


class NoteWanted(errors.InvalidInput):
    """Say in a few words what was found out and why this settles the case."""


class NoteTooLong(errors.InvalidInput):
    """A note holds at most 500 characters."""


class ResolutionNotOffered(errors.InvalidInput):
    """A case of this kind is not settled in that way. Choose one of the ways it offers."""


class OrderNotMatching(errors.PolicyRefused):
    """Order {number} does not wait for exactly this amount. Choose another one, or give the money back."""


class NothingToBook(errors.PolicyRefused):
    """The notice names nothing that could be booked. Settle the case with an explanation instead."""


@step_up
def settle_case(
    op: Operation, *, case_id: str, resolution: model.Resolution, note: str, order_number: str = ""
) -> model.MoneyCase:
    """Settle a case, or propose how, where a second person decides.

    `order_number` names the order that unknown money is matched to.
    Emits: money_case.settled or money_case.proposed, and what the resolution brings about.
    Raises: NoteWanted, NoteTooLong, ResolutionNotOffered, OrderNotMatching, NothingToBook, MayNot.
    """
    staffing.require(op, Right.FINANCE)
    case = op.get(model.MoneyCase, "money_case", case_id)
    text = note.strip()
    if not text:
        raise NoteWanted(field="note")
    if len(text) > _NOTE_LONGEST:
        raise NoteTooLong(field="note")
    if resolution not in model.RESOLUTIONS[case.kind]:
        raise ResolutionNotOffered(field="resolution")
    target = _target(op, case, order_number) if resolution is _V.MATCH else ""
    if _needs_a_second(op, case, resolution):
        return _propose(op, case, resolution, target, text)
    return _settle(op, case, resolution, target, text, verb="settle")


def moved_by(case: model.MoneyCase, resolution: model.Resolution) -> int:
    """How much a resolution moves or books elsewhere, in fen."""
    if resolution not in model.MOVES_MONEY:
        return 0
    if resolution in (_V.TAKE_THEIRS, _V.RED_LETTER):
        return abs(case.other_fen - case.amount_fen)
    return abs(case.other_fen if case.kind is model.CaseKind.MISSING_HERE else case.amount_fen) or (
        abs(case.other_fen)
    )


def _needs_a_second(op: Operation, case: model.MoneyCase, resolution: model.Resolution) -> bool:
    return moved_by(case, resolution) > op.policy(policies.MoneyRules).alone_up_to_fen


def _propose(
    op: Operation, case: model.MoneyCase, resolution: model.Resolution, target: str, note: str
) -> model.MoneyCase:
    status = model.MONEY_CASE.advance(case.status, "propose")
    op.update(
        "money_case",
        case.id,
        {
            "status": status,
            "resolution": resolution.value,
            "target": target,
            "note": note,
            "proposed_by": op.actor.text,
        },
        was={"status": case.status},
    )
    op.record("money_case.proposed", case.id, kind=case.kind.value, resolution=resolution.value)
    payment = store.payment(op, case.payment_id) if case.payment_id else None
    reviewing.open_case(
        op,
        kind=REVIEW,
        subject_id=case.id,
        title=(payment.number if payment else None) or case.trade_no or case.subject,
        maker=op.actor.text,
    )
    return op.get(model.MoneyCase, "money_case", case.id)


def decide_settlement(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """A second person has decided how a case is settled: it is done, or the case is open again.

    Emits: money_case.settled and what the resolution brings about, or money_case.turned_down.
    """
    case = op.get(model.MoneyCase, "money_case", subject_id)
    if decision.approved:
        _settle(op, case, _V(case.resolution), case.target, case.note, verb="settle")
        return
    status = model.MONEY_CASE.advance(case.status, "turn_down")
    op.update(
        "money_case",
        case.id,
        {"status": status, "resolution": "", "target": ""},
        was={"status": case.status},
    )
    op.record(
        "money_case.turned_down",
        case.id,
        kind=case.kind.value,
        reasons=list(decision.reasons),
    )


def _settle(
    op: Operation,
    case: model.MoneyCase,
    resolution: model.Resolution,
    target: str,
    note: str,
    *,
    verb: str,
) -> model.MoneyCase:
    status = model.MONEY_CASE.advance(case.status, verb)
    op.update(
        "money_case",
        case.id,
        {
            "status": status,
            "resolution": resolution.value,
            "target": target,
            "note": note,
            "settled_by": op.actor.text,
            "settled_at": op.now,
        },
        was={"status": case.status},
    )
    op.record("money_case.settled", case.id, kind=case.kind.value, resolution=resolution.value)
    _DONE_BY[resolution](op, op.get(model.MoneyCase, "money_case", case.id))
    _notice_done(op, case, resolution)
    return op.get(model.MoneyCase, "money_case", case.id)


def _notice_done(op: Operation, case: model.MoneyCase, resolution: model.Resolution) -> None:
    """A parked notice is done with once its case is."""
    if case.kind not in (model.CaseKind.NOTICE, model.CaseKind.REFUND_UNASKED):
        return
    parked = op.get(model.ParkedNotice, "parked_notice", case.subject)
    applied = resolution is _V.ACCEPT
    status = model.ParkedStatus.APPLIED if applied else model.ParkedStatus.SET_ASIDE
    op.update(
        "parked_notice",
        parked.id,
        {"status": status, "settled_at": op.now},
        was={"status": parked.status},
    )
    op.record("notice.applied" if applied else "notice.set_aside", parked.id, case_id=case.id)


def _target(op: Operation, case: model.MoneyCase, number: str) -> str:
    """The payment that unknown money is for: its order waits for exactly this amount."""
    found = store.payment_by_number(op, number.strip())
    fits = found is not None and model.PAYMENT.allows(found.status, "pay")
    if found is None or not fits or found.amount_fen != case.other_fen:
        raise OrderNotMatching(field="order_number", number=number.strip())
    return found.id


def _give_back(op: Operation, case: model.MoneyCase) -> None:
    payment = store.payment(op, case.payment_id) if case.payment_id else None
    unknown = case.kind is model.CaseKind.MISSING_HERE
    if unknown and case.other_fen <= 0:
        raise NothingToBook()
    refunds.give_back_trade(
        op,
        None if unknown else payment,
        case.trade_no or case.subject,
        case.other_fen if unknown else case.amount_fen,
        out_of=model.SUSPENSE if unknown else model.OVERPAYMENT,
    )


def _retry(op: Operation, case: model.MoneyCase) -> None:
    refunds.retry(op, op.get(model.Refund, "refund", case.subject))


def _pay_otherwise(op: Operation, case: model.MoneyCase) -> None:
    """Finance has given it back by a transfer of its own, out of the bank."""
    asked = op.get(model.Refund, "refund", case.subject)
    refunds.settle_refunded(op, asked, source="settled", paid_from=model.BANK)


def _accept(op: Operation, case: model.MoneyCase) -> None:
    payment = store.payment(op, case.payment_id) if case.payment_id else None
    told = json.loads(op.get(model.ParkedNotice, "parked_notice", case.subject).told)
    if payment is None or not isinstance(told.get("refund_no"), str):
        raise NothingToBook()
    unasked.book_unasked(
        op,
        payment,
        int(told["refund_fen"]),
        told["refund_no"],
        occurred_at=int(told.get("occurred_at", 0)),
        source="notice",
    )


def _match(op: Operation, case: model.MoneyCase) -> None:
    payment = store.payment(op, case.target)
    if payment is None or not model.PAYMENT.allows(payment.status, "pay"):
        raise OrderNotMatching(number=(payment.number if payment else None) or case.target)
    paying.take_from_suspense(op, payment, case.subject)


def _take_theirs(op: Operation, case: model.MoneyCase) -> None:
    """The provider's figure is the right one: the rest leaves the clearing account."""
    fen = case.other_fen - case.amount_fen
    lines = ((model.CLEARING, fen), (model.DIFFERENCES, -fen))
    posting.post(op, "money_case.settled", case.id, lines, order_id=case.id)
    op.record("money_case.booked", case.id, amount_fen=fen)


def _write_off(op: Operation, case: model.MoneyCase) -> None:
    if case.kind is model.CaseKind.MISSING_HERE:
        # It waited in suspense: nobody claimed it.
        lines = ((model.SUSPENSE, case.other_fen), (model.DIFFERENCES, -case.other_fen))
    else:
        lines = ((model.DIFFERENCES, case.amount_fen), (model.CLEARING, -case.amount_fen))
    posting.post(op, "money_case.settled", case.id, lines, order_id=case.id)
    op.record("money_case.booked", case.id, amount_fen=lines[0][1])


def _explain(op: Operation, case: model.MoneyCase) -> None:
    """The note says it all; what is done about an invoice follows where invoices are."""


_DONE_BY = {
    _V.GIVE_BACK: _give_back,
    _V.RETRY: _retry,
    _V.PAY_OTHERWISE: _pay_otherwise,
    _V.ACCEPT: _accept,
    _V.MATCH: _match,
    _V.TAKE_THEIRS: _take_theirs,
    _V.WRITE_OFF: _write_off,
    _V.EXPLAIN: _explain,
    _V.ASK_AGAIN: _explain,
    _V.RED_LETTER: _explain,
}
