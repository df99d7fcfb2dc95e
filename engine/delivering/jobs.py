"""What this stage asks of the courier: to fetch what is ready, and where it is."""

from __future__ import annotations

from engine.delivering import actions, model, queries
from engine.kernel import actors, clock, errors, jobs, ports

# What a parcel with an invoice is declared as.
CONTENTS = "发票"
# After these nothing more is told of a parcel.
_LAST = frozenset({"signed", "returned", "lost"})


def post_shipment(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the courier fetch what is ready; where none is reached for days, that is written down."""
    system = actors.System(job="post_shipment")
    found, to, _rules = context.engine.ask(queries.shipment_for_job, system, job.subject)
    if found.status is not model.ShipmentStatus.READY:
        return
    if to is None:
        _refused(context, job, found.id, "address_gone")
        return
    parcel = ports.Parcel(
        shipment_id=found.id,
        recipient=to.recipient,
        phone=to.phone,
        region=to.region,
        city=to.city,
        place=to.place,
        contents=CONTENTS,
    )
    try:
        answer = context.ports.courier.order(parcel)
    except errors.ProviderUnavailable:
        if not job.is_last_attempt:
            raise
        _refused(context, job, found.id, model.UNREACHABLE)
        return
    if answer.problem or not answer.tracking_no:
        _refused(context, job, found.id, answer.problem or "answer_wrong")
        return
    context.engine.perform(
        actions.record_pick_up,
        {
            "shipment_id": found.id,
            "courier": answer.courier,
            "tracking_no": answer.tracking_no,
        },
        actor=system,
        key=job.key,
    )


def _refused(context: ports.JobContext, job: jobs.Job, shipment_id: str, problem: str) -> None:
    context.engine.perform(
        actions.record_refusal,
        {"shipment_id": shipment_id, "problem": problem},
        actor=actors.System(job="post_shipment"),
        key=job.key,
    )


def track_shipment(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask where a parcel is, again and again until it has arrived or is given up.

    Raises: ports.NotYet, so that it is asked again.
    """
    system = actors.System(job="track_shipment")
    found, _to, rules = context.engine.ask(queries.shipment_for_job, system, job.subject)
    if _over(found):
        return
    now = context.engine.now()
    steps: tuple[model.Step, ...] = ()
    try:
        steps = tuple(
            model.Step(code=one.code, place=one.place, occurred_at=one.occurred_at)
            for one in context.ports.courier.track(found.tracking_no)
        )
    except errors.EngineError:
        # Not reached, or not in its books yet: where it is can wait, and nothing is lost by that.
        steps = ()
    if steps:
        context.engine.perform(
            actions.record_steps, {"shipment_id": found.id, "steps": steps}, actor=system
        )
    until = (found.handed_over_at or now) + rules.report_until_days * clock.DAY
    again = now + rules.track_every_hours * clock.HOUR
    if again < until and not any(one.code in _LAST for one in steps):
        raise ports.NotYet(again)


def _over(found: model.Shipment) -> bool:
    lost = found.status is model.ShipmentStatus.LOST and found.ended_at is None
    return found.replaced_by is not None or (found.status not in model.OUT and not lost)
