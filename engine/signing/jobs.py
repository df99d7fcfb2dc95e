"""The long work around a signature: preparing the document, time-stamp, revocation data."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from engine.issuing import model as issuing
from engine.kernel import actors, codec, errors, jobs, ports
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import appearance, signing, typeset, validation_info
from engine.sealing import model as sealing
from engine.signing import actions, model, parties, store


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    signature: model.ContractSignature
    document: bytes
    first: bool
    certificate: x509.Certificate
    agency_id: str
    picture: bytes
    width_mm: int
    height_mm: int
    name: str
    reason: str
    location: str
    places: dict[str, typeset.Placement]
    now: int


def _work(q: Reader, signature_id: str) -> _Work:
    found = q.get(model.ContractSignature, "contract_signature", signature_id)
    contract = q.get(model.Contract, "contract", found.contract_id)
    version = store.newest_version(q, contract.id)
    certificate = q.get(issuing.Certificate, "certificate", found.certificate_id)
    seal = q.get(sealing.Seal, "seal", found.seal_id)
    if version is None or seal.svg_blob_id is None or certificate.der is None:
        raise errors.NotFound(what="document")
    return _Work(
        signature=found,
        document=q.blob(version.blob_id),
        first=not version.signed_by,
        certificate=x509.load_der_x509_certificate(certificate.der),
        agency_id=certificate.agency_id,
        picture=q.blob(seal.svg_blob_id),
        width_mm=seal.width_mm,
        height_mm=seal.height_mm,
        name=mall.enterprise_of(q, found.mall_account_id).name,
        reason=f"签署合同 {contract.number}",
        location=contract.place,
        places=parties.places(q, contract),
        now=q.now,
    )


def prepare_signature(context: ports.JobContext, job: jobs.Job) -> None:
    """Make the document with the seal's picture and the place for the signature value."""
    system = actors.System(job="prepare_signature")
    work = context.engine.ask(_work, system, job.subject)
    if work.signature.status is not model.SignatureStatus.REQUESTED:
        return
    chain = [
        x509.load_der_x509_certificate(der)
        for der in context.ports.agencies[work.agency_id].chain()
    ]
    try:
        prepared = signing.prepare(
            work.document,
            field=work.signature.role,
            signer_certificate=work.certificate,
            chain=chain,
            signing_time_ms=work.now,
            seal=appearance.SealAppearance(
                picture=work.picture, width_mm=work.width_mm, height_mm=work.height_mm
            ),
            placement=work.places[work.signature.role],
            reason=work.reason,
            location=work.location,
            name=work.name,
            first=work.first,
            all_fields=[
                signing.FieldSpec(name=role, placement=place) for role, place in work.places.items()
            ],
        )
    except errors.EngineError as refusal:
        context.engine.perform(
            actions.record_not_prepared,
            {"signature_id": job.subject, "why": refusal.code},
            actor=system,
            key=job.id,
        )
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
        key=job.id,
    )


def _signed(q: Reader, signature_id: str) -> tuple[model.ContractSignature, bytes, list[str]]:
    found = q.get(model.ContractSignature, "contract_signature", signature_id)
    if found.prepared_blob_id is None:
        raise errors.NotFound(what="document")
    agencies = [
        q.get(issuing.Certificate, "certificate", one.certificate_id).agency_id
        for one in store.signatures(q, found.contract_id)
        if one.version == found.version
    ]
    return found, q.blob(found.prepared_blob_id), agencies


def finish_signature(context: ports.JobContext, job: jobs.Job) -> None:
    """Join the signature value with its time-stamp, and add what validates it offline (B-LT)."""
    system = actors.System(job="finish_signature")
    found, kept, agencies = context.engine.ask(_signed, system, job.subject)
    if found.status is not model.SignatureStatus.SIGNED or found.value is None:
        return
    prepared = signing.Prepared(**codec.load(kept.decode()))
    now = context.engine.now()
    document = signing.finish(
        prepared,
        signature_value=found.value,
        timestamp=lambda digest: context.ports.timestamps.stamp(digest, now=now),
    )
    certificates, crls = context.ports.validation.material(agencies)
    document = validation_info.add_validation_info(
        document,
        certificates=[x509.load_der_x509_certificate(der) for der in certificates],
        crls=list(crls),
    )
    context.engine.perform(
        actions.record_signed_document,
        {"signature_id": job.subject, "document": document, "level": "B-LT"},
        actor=system,
        key=job.id,
    )
