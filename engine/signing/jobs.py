"""The long work around a signature: preparing the document, joining value, time and revocation data."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from engine.issuing import model as issuing
from engine.kernel import actors, codec, errors, jobs, ports
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import appearance, own, signing
from engine.sealing import model as sealing
from engine.signing import actions, model, places, proving, store


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    signature: model.ContractSignature
    document: bytes
    fields: tuple[signing.FieldSpec, ...]
    first: bool
    certificate: x509.Certificate
    agency_id: str
    seal: appearance.SealAppearance
    seal_object: bytes
    name: str
    reason: str
    location: str
    now: int


def _work(q: Reader, signature_id: str) -> _Work | None:
    """What is needed to prepare; None where it is not wanted any more.

    Raises: NotFound, and those of the placements.
    """
    found = q.get(model.ContractSignature, "contract_signature", signature_id)
    if found.status is not model.SignatureStatus.REQUESTED:
        return None
    contract = q.get(model.Contract, "contract", found.contract_id)
    version = store.newest_version(q, contract.id)
    certificate = q.get(issuing.Certificate, "certificate", found.certificate_id)
    seal = q.get(sealing.Seal, "seal", found.seal_id)
    if version is None or seal.svg_blob_id is None or certificate.der is None:
        raise errors.NotFound(what="document")
    document, first = q.blob(version.blob_id), not version.signed_by
    return _Work(
        signature=found,
        document=document,
        fields=tuple(places.fields(q, contract, document, found)) if first else (),
        first=first,
        certificate=x509.load_der_x509_certificate(certificate.der),
        agency_id=certificate.agency_id,
        seal=appearance.SealAppearance(
            picture=q.blob(seal.svg_blob_id),
            width_mm=float(seal.width_mm),
            height_mm=float(seal.height_mm),
        ),
        seal_object=seal.ses or b"",
        name=mall.enterprise_of(q, found.mall_account_id).name,
        reason=f"签署合同 {contract.number}",
        location=contract.place,
        now=q.now,
    )


def prepare_signature(context: ports.JobContext, job: jobs.Job) -> None:
    """Make the document with the seal's picture and the place for the signature value."""
    system = actors.System(job="prepare_signature")
    try:
        prepared = _prepared(context, system, job.subject)
    except errors.EngineError as refusal:
        context.engine.perform(
            actions.record_not_prepared,
            {"signature_id": job.subject, "why": refusal.code},
            actor=system,
            key=job.key,
        )
        return
    if prepared is None:
        return
    context.engine.perform(
        actions.record_prepared,
        {
            "signature_id": job.subject,
            "prepared_document": codec.canonical(prepared).encode(),
            "attributes": prepared.signed_attributes,
            "digest_hex": prepared.document_digest,
        },
        actor=system,
        key=job.key,
    )


def _prepared(
    context: ports.JobContext, system: actors.System, signature_id: str
) -> signing.Prepared | None:
    work = context.engine.ask(_work, system, signature_id)
    if work is None:
        return None
    chain = [
        x509.load_der_x509_certificate(der)
        for der in context.ports.agencies[work.agency_id].chain()
    ]
    return own.prepare(
        work.document,
        field=work.signature.role,
        signer_certificate=work.certificate,
        chain=chain,
        signing_time_ms=work.now,
        seal=work.seal,
        reason=work.reason,
        location=work.location,
        name=work.name,
        first=work.first,
        all_fields=work.fields,
        seal_object=work.seal_object,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    signature: model.ContractSignature
    prepared: signing.Prepared
    wanted: str
    agencies: tuple[str, ...]
    standing: str
    roots: tuple[bytes, ...]


def _signed(q: Reader, signature_id: str) -> _Signed | None:
    found = q.get(model.ContractSignature, "contract_signature", signature_id)
    if found.status is not model.SignatureStatus.SIGNED or found.value is None:
        return None
    if found.prepared_blob_id is None:
        raise errors.NotFound(what="document")
    contract = q.get(model.Contract, "contract", found.contract_id)
    certificate = q.get(issuing.Certificate, "certificate", found.certificate_id)
    return _Signed(
        signature=found,
        prepared=signing.Prepared(**codec.load(q.blob(found.prepared_blob_id).decode())),
        wanted=contract.level,
        agencies=proving.agencies(q, contract),
        standing=certificate.status.value,
        roots=q.parts.anchors,
    )


def finish_signature(context: ports.JobContext, job: jobs.Job) -> None:
    """Join the signature value with its time-stamp, and add what validates it offline.

    A service that does not answer well within its time holds nothing up: the signature is kept without,
    its level says so, and `raise_signatures` adds it later. A certificate that was withdrawn since it
    signed makes no document: at the time that can be proved it is not valid any more.
    Raises: SignatureValueWrong.
    """
    system = actors.System(job="finish_signature")
    found = context.engine.ask(_signed, system, job.subject)
    if found is None:
        return
    if found.standing in model.WITHDRAWN:
        context.engine.perform(
            actions.record_not_signed,
            {"signature_id": job.subject, "why": f"certificate_{found.standing}"},
            actor=system,
            key=job.key,
        )
        return
    value = found.signature.value or b""
    document, level = proving.finished(
        context, found.prepared, value, wanted=found.wanted, roots=found.roots
    )
    if level == model.Level.B_T:
        document, level = proving.with_revocation(
            context, document, found.agencies, wanted=found.wanted, level=level, roots=found.roots
        )
    context.engine.perform(
        actions.record_signed_document,
        {"signature_id": job.subject, "document": document, "level": level},
        actor=system,
        key=job.key,
    )
