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


def publish_revocations(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the CA publish its list; where a newer one tells of the change already, nothing is made."""
    context.ports.validation.publish(job.subject)
