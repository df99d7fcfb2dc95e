"""What this stage asks outside: the SMS gateway and the identity providers."""

from __future__ import annotations

from engine.kernel import actors, errors, jobs, ports
from engine.kernel.reader import Reader
from engine.registration import actions, model, store
from engine.registration.actions import archiving, terminating

# A code that comes later than this many attempts is of no use; a gateway that is down is left alone.
_SMS_ATTEMPTS = 3
_IDENTITY_ATTEMPTS = 3
_CHECKER = actors.System(job="check_real_name")


class SmsNotSent(errors.PolicyRefused):
    """The SMS gateway could not be reached three times. The message was given up."""


def send_sms(context: ports.JobContext, job: jobs.Job) -> None:
    """Hand a message to the SMS gateway, three times at most and not after its code has expired.

    `arrives` is false for a number without an account, of which nobody should learn that it has none.
    Raises: SmsNotSent, ProviderUnavailable.
    """
    if not job.body.get("arrives", True) or context.engine.now() >= job.body.get("until", 1 << 62):
        return
    try:
        context.ports.sms.send(job.body["phone"], job.body["text"], idempotency_key=job.id)
    except errors.ProviderUnavailable:
        if job.attempts >= _SMS_ATTEMPTS:
            raise SmsNotSent() from None
        raise


def ask_carrier(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask the mobile network whose number a phone's token stands for, and record its answer.

    Nobody is asked for a sign-in that is over: who waited has taken another way.
    """
    system = actors.System(job="ask_carrier")
    if not context.engine.ask(_is_awaited, system, job.subject):
        return
    number = context.ports.carrier.number_of(job.body["token"], idempotency_key=job.id)
    context.engine.perform(
        actions.record_one_tap,
        {"request_id": job.subject, "phone": number},
        actor=system,
        key=job.key,
    )


def _is_awaited(q: Reader, request_id: str) -> bool:
    found = store.one_tap(q, request_id)
    return found is not None and q.now < found.expires_at


def check_real_name(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask the identity provider of the chosen way, and record its answer.

    Who waits in front of a phone should not wait for hours: after three calls that reached nobody the try
    is over, and the person may take another way. Raises: ProviderUnavailable, ports.NotYet.
    """
    proof_id = job.subject
    with context.engine.reader(_CHECKER) as q:
        face_blob_id = q.get(model.Proof, "real_name_proof", proof_id).face_blob_id
        face = q.blob(face_blob_id) if face_blob_id else b""
    identity = ports.Identity(
        name=job.body["name"],
        resident_id=job.body["resident_id"],
        bank_card=job.body["bank_card"],
        phone=job.body["phone"],
        face=face,
    )
    try:
        verdict = context.ports.real_name[job.body["way"]].check(identity, idempotency_key=job.id)
    except errors.ProviderUnavailable:
        if job.attempts < _IDENTITY_ATTEMPTS:
            raise
        verdict = ports.Verdict(matched=False, reference="", reason=model.UNAVAILABLE)
    context.engine.perform(
        actions.record_proof,
        {
            "proof_id": proof_id,
            "matched": verdict.matched,
            "reason": verdict.reason,
            "mismatched": verdict.mismatched,
            "reference": verdict.reference,
        },
        actor=_CHECKER,
        key=job.key,
    )


def send_proof_code(context: ports.JobContext, job: jobs.Job) -> None:
    """Send the code of a bank card's proof that had to wait for its number's limit."""
    context.engine.perform(
        actions.send_due_code,
        {"proof_id": job.subject},
        actor=actors.System(job="send_proof_code"),
        key=job.key,
    )


def check_register(context: ports.JobContext, job: jobs.Job) -> None:
    """Ask the register of enterprises, and record its answer (IDV-6)."""
    told = dict(job.body)
    query = ports.RegisterQuery(
        elements=told["elements"],
        name=told["name"],
        uscc=told["uscc"],
        legal_representative=told.get("legal_representative", ""),
        legal_representative_id=told.get("legal_representative_id", ""),
    )
    verdict = context.ports.register.check(query, idempotency_key=job.id)
    context.engine.perform(
        actions.record_register_check,
        {
            "check_id": job.subject,
            "matched": verdict.matched,
            "reason": verdict.reason,
            "mismatched": verdict.mismatched,
            "reference": verdict.reference,
        },
        actor=actors.System(job="check_register"),
        key=job.key,
    )


def close_account(context: ports.JobContext, job: jobs.Job) -> None:
    """Tell the person by SMS that their account has ended, and destroy what it held.

    A gateway that is down delays that by three attempts and never keeps it from happening.
    """
    sent = True
    try:
        context.ports.sms.send(job.body["phone"], job.body["text"], idempotency_key=job.id)
    except errors.ProviderUnavailable:
        if job.attempts < _SMS_ATTEMPTS:
            raise
        sent = False
    context.engine.perform(
        archiving.erase,
        {"closing_id": job.subject, "receipt_sent": sent},
        actor=actors.System(job="close_account"),
    )
    context.engine.parts.db.checkpoint()


def end_terminated(context: ports.JobContext, job: jobs.Job) -> None:
    """A notice is due: the account ends, unless an appeal came in between."""
    context.engine.perform(
        terminating.end_terminated,
        {"closing_id": job.subject, "due_at": job.body["due_at"]},
        actor=actors.System(job="end_terminated"),
        key=job.key,
    )


def release_archive(context: ports.JobContext, job: jobs.Job) -> None:
    """The law lets an archive go: its key is destroyed."""
    context.engine.perform(
        archiving.destroy_archive,
        {"archive_id": job.subject},
        actor=actors.System(job="release_archive"),
    )
    context.engine.parts.db.checkpoint()
