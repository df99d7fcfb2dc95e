"""What this stage asks of the certification authorities."""

from __future__ import annotations

from engine.issuing import actions, model, queries
from engine.kernel import actors, errors, jobs, ports
from engine.kernel.reader import Reader


def _request(q: Reader, certificate_id: str) -> tuple[model.Certificate, ports.Applicant]:
    found = q.get(model.Certificate, "certificate", certificate_id)
    return found, queries.applicant(q, found)


def issue_certificate(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the CA sign what was requested; asking twice gives the same bytes.

    A CA that does not answer the last attempt either has the request abandoned.
    """
    system = actors.System(job="issue_certificate")
    found, applicant = context.engine.ask(_request, system, job.subject)
    wanted = ports.CertificateRequest(
        serial=int(found.serial_hex, 16),
        profile=found.profile,
        applicant=applicant,
        public_key=found.public_key,
        not_before=found.not_before,
        not_after=found.not_after,
    )
    try:
        der = context.ports.agencies[found.agency_id].issue(wanted)
    except errors.ProviderUnavailable:
        if job.attempts <= len(jobs.BACKOFF_MS):
            raise
        context.engine.perform(
            actions.abandon, {"certificate_id": found.id}, actor=system, key=job.id
        )
        return
    context.engine.perform(
        actions.record_issuance,
        {"certificate_id": found.id, "der": der},
        actor=system,
        key=job.id,
    )


def make_encryption_key(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the key management centre make a pair's encryption key; asking twice gives the same key.

    It is of the kind that the pair's scheme affords. A centre that does not answer the last attempt
    either leaves the pair incomplete, which its holder is told.
    """
    system = actors.System(job="make_encryption_key")
    signing: model.Certificate = context.engine.ask(_found, system, job.subject)
    if not model.CERTIFICATE.allows(signing.status, "revoke"):
        return
    kind = "rsa" if signing.key_scheme == model.Scheme.SPLIT_RSA else "curve"
    try:
        made = context.ports.key_centre.make(kind, key_id=signing.id)
    except errors.ProviderUnavailable:
        if job.attempts <= len(jobs.BACKOFF_MS):
            raise
        context.engine.perform(
            actions.encryption_missing, {"signing_id": signing.id}, actor=system, key=job.id
        )
        return
    context.engine.perform(
        actions.record_encryption_key,
        {
            "signing_id": signing.id,
            "public_key": made.public_key,
            "private_key": made.private_key,
        },
        actor=system,
        key=job.id,
    )


def recover_key(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the centre release an archived key to the two who approved, and divide it for the phone."""
    system = actors.System(job="recover_key")
    recovery, signing_id = context.engine.ask(_recovery, system, job.subject)
    released = context.ports.key_centre.recover(signing_id, approved_by=recovery.approved_by)
    context.engine.perform(
        actions.record_recovered_key,
        {"recovery_id": recovery.id, "private_key": released.private_key},
        actor=system,
        key=job.id,
    )


def _found(q: Reader, certificate_id: str) -> model.Certificate:
    return q.get(model.Certificate, "certificate", certificate_id)


def _recovery(q: Reader, recovery_id: str) -> tuple[model.Recovery, str]:
    recovery = q.get(model.Recovery, "key_recovery", recovery_id)
    return recovery, _found(q, recovery.certificate_id).pair_id


def publish_revocations(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the CA publish its list; where a newer one tells of the change already, nothing is made."""
    context.ports.validation.publish(job.subject)
