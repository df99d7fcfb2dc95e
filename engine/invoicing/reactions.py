"""What follows for invoices from the desk's decisions, from refunds, and from the end of an account."""

from __future__ import annotations

from engine.invoicing import model, queries, store
from engine.invoicing.actions import moving, reversing, settling
from engine.kernel import events
from engine.kernel.operation import Operation
from engine.ordering import queries as orders
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.reviewing.model import Decision

_S = model.InvoiceStatus
_UNNUMBERED = frozenset({_S.IN_REVIEW, _S.FAILED})
_LIVE = frozenset({_S.ISSUED, _S.PARTLY_REVERSED})


def decide_invoice(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The desk has looked at an application: the tax service numbers it, or its person corrects it.

    Emits: invoice.approved, invoice.rejected, message.sent.
    """
    found = op.get(model.Invoice, "invoice", subject_id)
    if decision.approved:
        moving.move(op, found, "approve", "invoice.approved", {"approved_by": decision.decided_by})
        op.enqueue("issue_invoice", found.id)
        return
    rejected = moving.move(
        op,
        found,
        "reject",
        "invoice.rejected",
        {"reasons": list(decision.reasons)},
        reasons=decision.reasons,
        ended_at=op.now,
    )
    told = {"title": found.title_name, **cases.first_field(op, decision.reasons)}
    settling.tell(op, rejected, "invoice.was_rejected", told)


def decide_red_letter(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The desk has looked at a red letter: it goes to the buyer or the tax service, or is not made.

    Who has deducted the invoice confirms it, unless it was they who asked for it.
    Emits: red_letter.approved, red_letter.rejected, message.sent. Raises: RedTooMuch.
    """
    red = op.get(model.Invoice, "invoice", subject_id)
    blue = op.get(model.Invoice, "invoice", str(red.reverses))
    if not decision.approved:
        rejected = moving.move(
            op,
            red,
            "reject",
            "red_letter.rejected",
            {"reasons": list(decision.reasons)},
            reasons=decision.reasons,
            ended_at=op.now,
        )
        if red.asked_by == "buyer":
            settling.tell(op, rejected, "red_letter.was_rejected", {"number": blue.number})
        return
    left = queries.left_of(op, blue)
    if -red.total_fen > left:
        raise reversing.RedTooMuch(yuan=model.yuan(left))
    to_buyer = blue.deducted_at is not None and red.asked_by != "buyer"
    verb = "approve_to_buyer" if to_buyer else "approve"
    facts = {"approved_by": decision.decided_by}
    reversing.go_on(op, moving.move(op, red, verb, "red_letter.approved", facts))


def money_went_back(op: Operation, event: events.Event) -> None:
    """Money of an order goes back: what its invoices are too much for is taken back in the same operation.

    An application without a number ends; an issued invoice gets its red letter, whole or in part; one whose
    number is on its way gets it once that is there.
    Emits: invoice.dropped, red_letter.asked, red_letter.withdrawn, case.withdrawn, message.sent.
    """
    take_back_excess(op, str(event.facts["order_id"]))


def take_back_excess(op: Operation, order_id: str) -> None:
    """What invoices of an order are for beyond its money is taken back, as `money_went_back` tells.

    Composed also by who settles such a difference.
    Emits: invoice.dropped, red_letter.asked, red_letter.withdrawn, case.withdrawn, message.sent.
    """
    found = store.of_order(op, order_id)
    if not found:
        return
    paid, refunded = orders.came_and_went(op, [order_id]).get(order_id, (0, 0))
    held, taken = store.claims_of(op, order_id)
    excess = held - taken - (paid - refunded)
    for blue in reversed([one for one in found if not one.red]):
        if excess <= 0:
            break
        excess -= _take_back(op, blue, order_id, excess)
    # The steps only fit together: what is held of every order that they touch is written now.
    moving.rebalance(op, [(x.order_id, x.order_kind) for one in found for x in one.lines])


def _take_back(op: Operation, blue: model.Invoice, order_id: str, excess_fen: int) -> int:
    """Take back of an invoice what is too much; how much of the order's that is."""
    line = reversing.lines_left(op, blue).get(order_id)
    if line is None or blue.status not in model.HOLDING or line.gross_fen == 0:
        return 0
    if blue.status in _UNNUMBERED:
        settling.drop(op, blue, _waiting(op, blue), balanced=False)
        return line.gross_fen
    _overtake(op, blue)
    fen = min(excess_fen, line.gross_fen)
    whole = next(one for one in blue.lines if one.order_id == order_id).gross_fen == fen
    ended = whole or blue.order_kind != "certificate"
    red = reversing.write(
        op,
        blue,
        {order_id: fen},
        (model.Reason.ENDED if ended else model.Reason.REDUCED).value,
        "refund",
        status=_status_of_red(blue),
        balanced=False,
    )
    reversing.go_on(op, red)
    return fen


def _status_of_red(blue: model.Invoice) -> model.InvoiceStatus:
    if blue.status not in _LIVE:
        return _S.AWAITING_ISSUE
    return _S.APPLIED if blue.deducted_at is None else _S.AWAITING_BUYER


def _waiting(op: Operation, blue: model.Invoice) -> list[model.Invoice]:
    return [one for one in store.red_letters(op, blue.id) if one.status is _S.AWAITING_ISSUE]


def _overtake(op: Operation, blue: model.Invoice) -> None:
    """A red letter that the desk has not decided gives way to the refund's.

    Emits: red_letter.withdrawn, case.withdrawn.
    """
    pending = queries.pending_red(op, blue.id)
    if pending is not None:
        reviewing.close_open(op, subject_id=pending.id)
        moving.move(
            op, pending, "withdraw", "red_letter.withdrawn", balanced=False, ended_at=op.now
        )


def account_cancelled(op: Operation, event: events.Event) -> None:
    """Titles of an account that ended are deleted; applications without a number end.

    A red letter that only waits for its buyer's word goes on without it.
    Emits: title.deleted, invoice.withdrawn, red_letter.withdrawn, red_letter.asked_again,
    red_letter.unanswerable, case.withdrawn.
    """
    for row in store.titles_of(op, event.subject):
        op.delete("invoice_title", row.id)
        op.record("title.deleted", row.id)
    for one in queries.unfinished(op, event.subject):
        if one.status in (_S.AWAITING_BUYER, _S.DECLINED):
            _without_its_buyer(op, one)
        if one.status not in _UNNUMBERED or (one.red and one.status is not _S.IN_REVIEW):
            continue
        reviewing.close_open(op, subject_id=one.id)
        fact = "red_letter.withdrawn" if one.red else "invoice.withdrawn"
        moving.move(op, one, "withdraw", fact, ended_at=op.now)


def _without_its_buyer(op: Operation, red: model.Invoice) -> None:
    """What its buyer declined before is asked once more, of nobody."""
    if red.status is _S.DECLINED:
        red = moving.move(op, red, "ask_again", "red_letter.asked_again")
    reversing.go_on(op, red)
