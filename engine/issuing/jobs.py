"""What this stage asks of the certification authorities."""

from __future__ import annotations

from collections.abc import Sequence

from engine.incidents import queries as incidents
from engine.issuing import actions, model, queries
from engine.kernel import actors, errors, jobs, ports
from engine.kernel.reader import Reader
from engine.ordering import queries as orders
from engine.policies import model as policies

# Of so many orders whoever waits is told in one operation.
_AT_ONCE = 200


def _request(q: Reader, certificate_id: str) -> tuple[str, ports.CertificateRequest]:
    """Whom to ask, and for what."""
    found = q.get(model.Certificate, "certificate", certificate_id)
    return found.agency_id, ports.CertificateRequest(
        serial=int(found.serial_hex, 16),
        profile=found.profile,
        applicant=queries.applicant(q, found),
        public_key=found.public_key,
        not_before=found.not_before,
        not_after=found.not_after,
    )


def _is_stopped(q: Reader, certificate_id: str) -> bool:
    found = q.get(model.Certificate, "certificate", certificate_id)
    return incidents.stopped(q, found.agency_id) is not None


def _any_is_stopped(q: Reader, due: Sequence[jobs.Job]) -> bool:
    return any(_is_stopped(q, job.subject) for job in due)


def issue_certificate(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the CA sign what was requested; asking twice gives the same bytes.

    A CA that does not answer the last attempt either, or until a short term is over, has the request
    abandoned: its holder asks anew. While issuing is stopped nothing is: the stop's end enqueues it.
    """
    system = actors.System(job="issue_certificate")
    if context.engine.ask(_is_stopped, system, job.subject):
        return
    der = _signed(context, system, job)
    if der is None:
        context.engine.perform(
            actions.abandon, {"certificate_id": job.subject}, actor=system, key=job.key
        )
        return
    context.engine.perform(
        actions.record_issuance,
        {"certificate_id": job.subject, "der": der, "job_id": job.id},
        actor=system,
        key=job.key,
    )


def _signed(context: ports.JobContext, system: actors.System, job: jobs.Job) -> bytes | None:
    """The certificate as its CA signed it; None where it is not to be had, or not wanted, any more."""
    agency_id, wanted = context.engine.ask(_request, system, job.subject)
    if _is_void(context, wanted):
        return None
    try:
        return context.ports.agencies[agency_id].issue(wanted)
    except errors.ProviderUnavailable:
        if not job.is_last_attempt:
            raise
        return None


def _is_void(context: ports.JobContext, wanted: ports.CertificateRequest) -> bool:
    """Whether a certificate would come after its own term, as one for a single event may, or name nobody.

    The name of a person is gone once their account has ended.
    """
    return context.engine.now() >= wanted.not_after or not wanted.applicant.common_name


def _requests(q: Reader, due: Sequence[jobs.Job]) -> list[tuple[str, ports.CertificateRequest]]:
    return [_request(q, job.subject) for job in due]


def issue_certificates(context: ports.JobContext, due: Sequence[jobs.Job]) -> None:
    """Have the CAs sign all that was requested, and record it in one operation: the orders of a morning.

    Where one is in the way, nothing is recorded, and the worker has each done by `issue_certificate`.
    """
    system = actors.System(job="issue_certificate")
    wanted = context.engine.ask(_requests, system, due)
    if context.engine.ask(_any_is_stopped, system, due) or any(
        _is_void(context, request) for _, request in wanted
    ):
        raise errors.Conflict()
    signed = {
        job.subject: context.ports.agencies[agency_id].issue(request)
        for job, (agency_id, request) in zip(due, wanted, strict=True)
    }
    # No key: which jobs are together is chance. What was recorded before is found to be the same.
    context.engine.perform(
        actions.record_issuances,
        {"signed": signed, "job_ids": [job.id for job in due]},
        actor=system,
    )


def make_encryption_key(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the key management centre make a pair's encryption key; asking twice gives the same key.

    It is of the kind that the agency has set; a simulated population's keys are all on a curve. A centre
    that does not answer the last attempt either leaves the pair incomplete, which its holder is told.
    """
    system = actors.System(job="make_encryption_key")
    signing, kind = context.engine.ask(_wanted_key, system, job.subject)
    if not model.CERTIFICATE.allows(signing.status, "revoke"):
        return
    try:
        made = context.ports.key_centre.make(kind, key_id=signing.id)
    except errors.ProviderUnavailable:
        if not job.is_last_attempt:
            raise
        context.engine.perform(
            actions.encryption_missing, {"signing_id": signing.id}, actor=system, key=job.key
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
        key=job.key,
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
        key=job.key,
    )


def _wanted_key(q: Reader, certificate_id: str) -> tuple[model.Certificate, str]:
    signing = _found(q, certificate_id)
    if signing.key_scheme != model.Scheme.SPLIT_RSA:
        return signing, "curve"
    return signing, q.policy(policies.CertificateAgency, signing.agency_id).encryption_key


def _found(q: Reader, certificate_id: str) -> model.Certificate:
    return q.get(model.Certificate, "certificate", certificate_id)


def _recovery(q: Reader, recovery_id: str) -> tuple[model.Recovery, str]:
    recovery = q.get(model.Recovery, "key_recovery", recovery_id)
    return recovery, _found(q, recovery.certificate_id).pair_id


def publish_revocations(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the CA publish its list; where a newer one tells of the change already, nothing is made."""
    context.ports.validation.publish(job.subject)


def tell_waiting(context: ports.JobContext, job: jobs.Job) -> None:
    """Tell whoever waits that issuing has stopped, or goes on; done again it says nothing twice."""
    system, after = actors.System(job="tell_waiting"), ""
    agency_id = context.engine.ask(incidents.agency_of, system, job.subject)
    while found := context.engine.ask(
        orders.open_at, system, agency_id, after=after, limit=_AT_ONCE
    ):
        context.engine.perform(actions.tell_waiting, {"order_ids": found}, actor=system)
        after = found[-1]


def look_after(context: ports.JobContext) -> int:
    """See to what has been left undone of certificates, now and then; how many were seen to."""
    system, total = actors.System(job="look_after_certificates"), 0
    while done := context.engine.perform(actions.look_after_certificates, {}, actor=system):
        total += done
    return total
