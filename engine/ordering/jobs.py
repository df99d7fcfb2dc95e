"""What this stage asks of the payment provider."""

from __future__ import annotations

from engine.kernel import actors, jobs, ports
from engine.kernel.reader import Reader
from engine.ordering import actions, model


def _payment(q: Reader, payment_id: str) -> tuple[model.Payment, model.Order]:
    payment = q.get(model.Payment, "payment", payment_id)
    return payment, q.get(model.Order, "certificate_order", payment.order_id)


def create_payment(context: ports.JobContext, job: jobs.Job) -> None:
    """Open a payment at the provider."""
    system = actors.System(job="create_payment")
    payment, order = context.engine.ask(_payment, system, job.subject)
    trade_no = context.ports.payment.create(
        ports.Charge(
            payment_id=payment.id,
            amount_fen=payment.amount_fen,
            description=f"数字证书 {order.number}",
        )
    )
    context.engine.perform(
        actions.record_payment_opened,
        {"payment_id": payment.id, "trade_no": trade_no},
        actor=system,
        key=job.id,
    )


def ask_payment(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask after a payment whose notice may have been lost (PAY-4)."""
    system = actors.System(job="ask_payment")
    payment, _ = context.engine.ask(_payment, system, job.subject)
    if payment.status is not model.PaymentStatus.OPENED:
        return
    state = context.ports.payment.state(payment.id)
    context.engine.perform(
        actions.record_payment_asked,
        {"payment_id": payment.id, "status": state.status, "trade_no": state.trade_no},
        actor=system,
        key=job.id,
    )


def refund_payment(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask the provider to give the money back; its notice settles it."""
    system = actors.System(job="refund_payment")
    payment, _ = context.engine.ask(_payment, system, job.subject)
    context.ports.payment.refund(payment.id, payment.amount_fen, idempotency_key=job.id)
