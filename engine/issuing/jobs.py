"""What this stage asks of the certification authorities."""

from __future__ import annotations

from engine.issuing import actions, model
from engine.kernel import actors, jobs, ports
from engine.kernel.reader import Reader
from engine.registration import queries as people


def _request(q: Reader, certificate_id: str) -> tuple[model.Certificate, ports.Applicant]:
    found = q.get(model.Certificate, "certificate", certificate_id)
    enterprise = people.enterprise(q, found.enterprise_id)
    return found, ports.Applicant(
        common_name=enterprise.name, organization=enterprise.name, uscc=enterprise.uscc
    )


def issue_certificate(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the CA sign what was requested; asking twice gives the same bytes."""
    system = actors.System(job="issue_certificate")
    found, applicant = context.engine.ask(_request, system, job.subject)
    der = context.ports.agencies[found.agency_id].issue(
        ports.CertificateRequest(
            serial=int(found.serial_hex, 16),
            profile=found.profile,
            applicant=applicant,
            public_key=found.public_key,
            not_before=found.not_before,
            not_after=found.not_after,
        )
    )
    context.engine.perform(
        actions.record_issuance,
        {"certificate_id": found.id, "der": der},
        actor=system,
        key=job.id,
    )
