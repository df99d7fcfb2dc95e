"""What this stage asks of the seal agencies and of the register of seals."""

from __future__ import annotations

import json
from typing import TypedDict

from engine.kernel import actors, jobs, ports
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.sealing import actions, listed, model, queries
from engine.sealing.queries import forms, offers


def _order(q: Reader, seal_id: str) -> tuple[model.Seal, ports.SealRequest]:
    seal = q.get(model.Seal, "seal", seal_id)
    rule = offers.rule_of(q, seal.kind)
    size = offers.size_of(q, seal.kind, seal.size)
    enterprise = people.enterprise(q, seal.enterprise_id) if seal.enterprise_id else None
    written = _written(q, seal)
    return seal, ports.SealRequest(
        seal_id=seal.id,
        kind=seal.kind,
        line=rule.line,
        name=queries.full_name(q, seal),
        enterprise=enterprise.name if enterprise else "",
        code=seal.code,
        certificates=listed.wanted(q, seal),
        created_at=q.now,
        valid_from=seal.valid_from,
        valid_to=seal.valid_to,
        person=_person(q, seal, rule.bears),
        specimen=queries.specimen(q, seal) if seal.kind == model.SealKind.SIGNATURE else b"",
        shape=size.shape,
        width_mm=size.width_mm,
        height_mm=size.height_mm,
        colour=seal.colour,
        tax_number=enterprise.uscc if enterprise and rule.needs_tax_number else "",
        impression=_impression(q, seal),
        strokes=written["strokes"],
        pen_um=written["pen_um"],
        personal=seal.enterprise_id is None,
    )


def _person(q: Reader, seal: model.Seal, bears: str) -> str:
    if bears == "holder":
        return people.person_name(q, seal.account_id)
    if bears == "representative" and seal.enterprise_id is not None:
        return people.representative(q, seal.enterprise_id)
    return ""


def _impression(q: Reader, seal: model.Seal) -> bytes:
    """What was cut out of the stamped form, where that is the seal's picture."""
    if seal.picture != "impression":
        return b""
    kept = forms.asked_for(q, seal).impression_blob_id
    return q.blob(kept) if kept else b""


class _Written(TypedDict):
    """What was written on the pad, as it is kept."""

    pen_um: int
    strokes: tuple[tuple[tuple[int, ...], ...], ...]


def _written(q: Reader, seal: model.Seal) -> _Written:
    kept = forms.asked_for(q, seal).strokes_blob_id
    if kept is None:
        return _Written(pen_um=0, strokes=())
    told = json.loads(q.blob(kept))
    strokes = tuple(tuple(tuple(point) for point in stroke) for stroke in told["strokes"])
    return _Written(pen_um=told["pen_um"], strokes=strokes)


def make_seal(context: ports.JobContext, job: jobs.Job) -> None:
    """Have the agency draw and sign the seal, or sign it anew with today's certificates.

    A seal lists one certificate at least; until there is one it waits, and its owner's first activation
    stages this job again.
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
        key=job.key,
    )


def _filing(q: Reader, filing_id: str) -> tuple[model.SealFiling, ports.SealFiling]:
    filing = q.get(model.SealFiling, "seal_filing", filing_id)
    seal = q.get(model.Seal, "seal", filing.seal_id)
    enterprise = people.enterprise(q, seal.enterprise_id or "")
    before = q.get(model.Seal, "seal", seal.replaces) if seal.replaces else None
    return filing, ports.SealFiling(
        filing_id=filing.id,
        matter=filing.matter,
        code=seal.code,
        name=queries.full_name(q, seal),
        kind=offers.label(q, seal.kind),
        enterprise=enterprise.name,
        uscc=enterprise.uscc,
        width_mm=seal.width_mm,
        height_mm=seal.height_mm,
        number=seal.filing_number,
        replaces=before.filing_number if before else "",
    )


def file_seal(context: ports.JobContext, job: jobs.Job) -> None:
    """File a seal's making, change or end with the public security register (备案)."""
    system = actors.System(job="file_seal")
    filing, told = context.engine.ask(_filing, system, job.subject)
    if filing.status is not model.FilingStatus.SENT:
        return
    answer = context.ports.seal_register.file(told, idempotency_key=job.id)
    context.engine.perform(
        actions.record_filing,
        {"filing_id": filing.id, "number": answer.number, "reason": answer.reason},
        actor=system,
        key=job.key,
    )


def remind_of_seal(context: ports.JobContext, job: jobs.Job) -> None:
    """Tell who looks after a seal that it comes to its end."""
    context.engine.perform(
        actions.remind_of_seal,
        {"seal_id": job.subject},
        actor=actors.System(job="remind_of_seal"),
        key=job.key,
    )


def look_after(context: ports.JobContext) -> int:
    """See to seals that were made before there were notices and filings; how many there were."""
    system, total = actors.System(job="look_after_seals"), 0
    while done := context.engine.perform(actions.look_after_seals, {}, actor=system):
        total += done
    return total
