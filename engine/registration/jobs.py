"""What this stage asks outside: the SMS gateway and the identity providers."""

from __future__ import annotations

from engine.kernel import actors, jobs, ports
from engine.registration import actions


def send_sms(context: ports.JobContext, job: jobs.Job) -> None:
    """Hand a code to the SMS gateway."""
    context.ports.sms.send(job.body["phone"], job.body["text"], idempotency_key=job.id)


def check_real_name(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask the identity provider of the chosen way, and record its answer."""
    provider = context.ports.real_name[job.body["way"]]
    identity = ports.Identity(
        name=job.body["name"],
        resident_id=job.body["resident_id"],
        bank_card=job.body["bank_card"],
        phone=job.body["phone"],
    )
    verdict = provider.check(identity, idempotency_key=job.id)
    context.engine.perform(
        actions.record_proof,
        {
            "proof_id": job.subject,
            "matched": verdict.matched,
            "reason": verdict.reason,
            "mismatched": verdict.mismatched,
            "reference": verdict.reference,
        },
        actor=actors.System(job="check_real_name"),
        key=job.id,
    )
