"""What this stage asks of the payment provider."""

from __future__ import annotations

from engine.kernel import actors, errors, jobs, ports
from engine.kernel.reader import Reader
from engine.ordering import actions, model, money
from engine.ordering.money import owing


def _payment(q: Reader, payment_id: str) -> model.Payment:
    return q.get(model.Payment, "payment", payment_id)


def _described(q: Reader, payment: model.Payment) -> str:
    return owing.described(q, payment)


def _refund(q: Reader, refund_id: str) -> model.Refund:
    return q.get(model.Refund, "refund", refund_id)


def _statement(q: Reader, statement_id: str) -> model.Statement:
    return q.get(model.Statement, "statement", statement_id)


def remind_of_expiry(context: ports.JobContext, job: jobs.Job) -> None:
    """Tell a holder that their certificate comes to its end (CRT-3)."""
    context.engine.perform(
        actions.remind_of_expiry,
        {"certificate_id": job.subject},
        actor=actors.System(job="remind_of_expiry"),
        key=job.key,
    )


def create_payment(context: ports.JobContext, job: jobs.Job) -> None:
    """Open a payment at the provider, unless its order has ended meanwhile."""
    system = actors.System(job="create_payment")
    payment = context.engine.ask(_payment, system, job.subject)
    if payment.status is model.PaymentStatus.CLOSED:
        return
    trade_no = context.ports.payment.create(
        ports.Charge(
            payment_id=payment.id,
            amount_fen=payment.amount_fen,
            description=context.engine.ask(_described, system, payment),
        )
    )
    context.engine.perform(
        actions.record_payment_opened,
        {"payment_id": payment.id, "trade_no": trade_no},
        actor=system,
        key=job.key,
    )


def ask_payment(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask after a payment whose notice may have been lost (PAY-4)."""
    system = actors.System(job="ask_payment")
    payment = context.engine.ask(_payment, system, job.subject)
    if payment.status is model.PaymentStatus.OPENED:
        _told(context, job, system, context.ports.payment.state(payment.id))


def close_payment(context: ports.JobContext, job: jobs.Job) -> None:
    """Let nobody pay for an order that has ended; what came in at the last moment is booked."""
    system = actors.System(job="close_payment")
    payment = context.engine.ask(_payment, system, job.subject)
    _told(context, job, system, context.ports.payment.close(payment.id))


def _told(
    context: ports.JobContext, job: jobs.Job, system: actors.System, state: ports.PaymentState
) -> None:
    context.engine.perform(
        actions.record_payment_asked,
        {
            "payment_id": state.payment_id,
            "status": state.status,
            "trade_no": state.trade_no,
            "occurred_at": state.occurred_at,
        },
        actor=system,
        key=job.key,
    )


def refund_payment(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask the provider to give money back; its notice settles it, a refusal at once is a case."""
    system = actors.System(job="refund_payment")
    asked = context.engine.ask(_refund, system, job.subject)
    if asked.status is not model.RefundStatus.REQUESTED:
        return
    state = context.ports.payment.refund(
        ports.Payback(
            refund_no=asked.id,
            payment_id=asked.payment_id or "",
            trade_no=asked.trade_no,
            amount_fen=asked.amount_fen,
        )
    )
    if state.status == "refused":
        _refund_told(context, job, system, state)


def ask_refund(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask after a refund whose notice may have been lost."""
    system = actors.System(job="ask_refund")
    asked = context.engine.ask(_refund, system, job.subject)
    if asked.status is model.RefundStatus.REQUESTED:
        _refund_told(context, job, system, context.ports.payment.refund_state(asked.id))


def _refund_told(
    context: ports.JobContext, job: jobs.Job, system: actors.System, state: ports.RefundState
) -> None:
    context.engine.perform(
        actions.record_refund_asked,
        {
            "refund_id": state.refund_no,
            "status": state.status,
            "problem": state.problem,
            "occurred_at": state.occurred_at,
        },
        actor=system,
        key=job.key,
    )


def take_statement(context: ports.JobContext, job: jobs.Job) -> None:
    """Take the provider's statement of a business date and compare it; a damaged one is asked for again."""
    system = actors.System(job="take_statement")
    awaited = context.engine.ask(_statement, system, job.subject)
    if awaited.status is not model.StatementStatus.AWAITED:
        return
    content = context.ports.payment.statement(awaited.business_date)
    try:
        context.engine.perform(
            actions.record_statement,
            {"statement_id": awaited.id, "content": content},
            actor=system,
            key=job.key,
        )
    except money.StatementDamaged as damaged:
        raise errors.ProviderUnavailable() from damaged
