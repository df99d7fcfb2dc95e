"""What this stage asks of the seal agencies."""

from __future__ import annotations

from engine.kernel import actors, jobs, ports
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.sealing import actions, listed, model, queries


def _order(q: Reader, seal_id: str) -> tuple[model.Seal, ports.SealRequest]:
    seal = q.get(model.Seal, "seal", seal_id)
    return seal, ports.SealRequest(
        seal_id=seal.id,
        kind=seal.kind.value,
        line=model.LINES.get(seal.kind, ""),
        name=seal.name,
        enterprise=people.enterprise(q, seal.enterprise_id).name,
        code=seal.code,
        certificates=listed.with_seals(q, seal.enterprise_id),
        created_at=q.now,
        valid_from=seal.valid_from,
        valid_to=seal.valid_to,
        person=people.representative(q, seal.enterprise_id)
        if seal.kind is model.SealKind.REPRESENTATIVE
        else "",
        specimen=queries.specimen(q, seal) if seal.kind is model.SealKind.SIGNATURE else b"",
    )


def make_seal(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the agency draw and sign the seal, or sign it anew with today's certificates.

    A seal lists one certificate at least; until there is one it waits, and its enterprise's first
    activation stages this job again.
    """
    system = actors.System(job="make_seal")
    seal, request = context.engine.ask(_order, system, job.subject)
    if not request.certificates or seal.status not in model.MAKEABLE:
        return
    made = context.ports.seal_makers[seal.agency_id].make(request)
    context.engine.perform(
        actions.record_seal,
        {
            "seal_id": seal.id,
            "ses": made.ses,
            "svg": made.svg.encode(),
            "png": made.png,
            "width_mm": made.width_mm,
            "height_mm": made.height_mm,
            "certificates": tuple(queries.certificate_digest(der) for der in request.certificates),
        },
        actor=system,
        key=job.id,
    )
