"""Signing by scan: ask, prepare, show the QR, prove, finish."""

from __future__ import annotations

from engine.issuing import model as issuing
from engine.issuing import proofs
from engine.kernel import errors, ids
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.messaging import actions as messaging
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.sealing import queries as seals
from engine.signing import drafting, model, queries, store


class SignedAlready(errors.Conflict):
    """Your party has signed this version already."""


class SigningRunning(errors.Conflict):
    """A signature on this contract is being made at this moment. Wait until it is done."""


class OtherEnterprise(errors.PolicyRefused):
    """This certificate belongs to another enterprise. Choose one of your own."""


class OtherPlatform(errors.PolicyRefused):
    """This certificate belongs to another trading platform. Choose one of this platform."""


class CertificateNotForThisCode(errors.PolicyRefused):
    """The chosen certificate needs the other QR code. Show that one and scan it."""


class NotPreparedYet(errors.PolicyRefused):
    """The document is still being prepared. Try again in a moment."""


class DocumentChanged(errors.Conflict):
    """The document changed after this QR code was made. Nothing was signed; refresh the QR code."""


def request_signature(
    op: Operation, *, contract_id: str, certificate_id: str, seal_id: str
) -> model.ContractSignature:
    """Ask to sign a contract with a certificate and a seal; the document is prepared next.

    Emits: signature.requested. Raises: SignedAlready, SigningRunning, OtherEnterprise, OtherPlatform,
    CertificateNotUsable, and those of the seal.
    """
    found = queries.contract(op, contract_id)
    account = mall.signed_in(op)
    if found.status is not model.ContractStatus.DRAFT:
        model.CONTRACT.advance(found.status, "sign")
    role = queries.role_of(found, account.id)
    if role in queries.newest(op, contract_id).signed_by:
        raise SignedAlready()
    certificate = op.get(issuing.Certificate, "certificate", certificate_id)
    if certificate.enterprise_id != account.enterprise_id:
        raise OtherEnterprise()
    if certificate.kind == "platform" and certificate.platform_id != found.platform_id:
        raise OtherPlatform()
    if not certificate.usable(op.now):
        raise proofs.CertificateNotUsable(status=issuing.status_at(certificate, op.now))
    seal = seals.require_usable(op, seal_id, certificate)
    signature = model.ContractSignature(
        id=op.new_id("sig"),
        contract_id=found.id,
        version=found.version,
        role=role,
        mall_account_id=account.id,
        certificate_id=certificate.id,
        seal_id=seal.id,
        status=model.SIGNATURE.initial,
        prepared_blob_id=None,
        digest_hex="",
        attributes=None,
        value=None,
        account_id=certificate.account_id,
        created_at=op.now,
        signed_at=None,
        completed_at=None,
    )
    open_one = store.open_signature(op, contract_id)
    if open_one is not None:
        if open_one.role != role or open_one.status is model.SignatureStatus.SIGNED:
            raise SigningRunning()
        _fail(op, open_one, "replaced")
    op.insert("contract_signature", signature)
    op.enqueue("prepare_signature", signature.id)
    op.record("signature.requested", signature.id, contract_id=found.id, role=role)
    return signature


def _fail(op: Operation, signature: model.ContractSignature, why: str) -> None:
    status = model.SIGNATURE.advance(signature.status, "fail")
    op.update(
        "contract_signature", signature.id, {"status": status}, was={"status": signature.status}
    )
    op.record("signature.failed", signature.id, why=why)


def record_prepared(
    op: Operation,
    *,
    signature_id: str,
    prepared_document: bytes,
    attributes: bytes,
    digest_hex: str,
) -> model.ContractSignature:
    """Record the document with its place for the signature, and what has to be signed.

    A signature that was asked for anew in the meantime stays given up. Emits: signature.prepared.
    """
    op.require_system()
    found = op.get(model.ContractSignature, "contract_signature", signature_id)
    if found.status is not model.SignatureStatus.REQUESTED:
        return found
    status = model.SIGNATURE.advance(found.status, "prepare")
    subject_id = mall.enterprise_of(op, found.mall_account_id).subject_id
    op.update(
        "contract_signature",
        found.id,
        {
            "status": status,
            "prepared_blob_id": op.put_blob(
                prepared_document,
                media_type="application/json",
                subject_id=subject_id,
                purpose="evidence",
            ),
            "attributes": attributes,
            "digest_hex": digest_hex,
        },
        was={"status": found.status},
    )
    op.record("signature.prepared", found.id, digest=digest_hex)
    return op.get(model.ContractSignature, "contract_signature", signature_id)


def record_not_prepared(op: Operation, *, signature_id: str, why: str) -> None:
    """The document cannot be signed as it is.

    Emits: signature.failed.
    """
    op.require_system()
    found = op.get(model.ContractSignature, "contract_signature", signature_id)
    if found.status is model.SignatureStatus.REQUESTED:
        _fail(op, found, why)


def open_signing_ticket(
    op: Operation, *, signature_id: str, kind: tickets.TicketKind, nonce: str
) -> tickets.OpenedTicket:
    """The QR of 扫码签章: it holds title, pages, amount and the digest of the prepared document.

    Emits: ticket.opened. Raises: NotPreparedYet, CertificateNotForThisCode, NotFound.
    """
    account = mall.signed_in(op)
    found = op.get(model.ContractSignature, "contract_signature", signature_id)
    if found.mall_account_id != account.id:
        raise errors.NotFound(what="signature")
    if found.status is model.SignatureStatus.REQUESTED:
        raise NotPreparedYet()
    model.SIGNATURE.advance(found.status, "sign")
    certificate = op.get(issuing.Certificate, "certificate", found.certificate_id)
    if certificate.kind != kind.value:
        raise CertificateNotForThisCode()
    contract = queries.contract(op, found.contract_id)
    return scanning.open_ticket(
        op,
        purpose=tickets.Purpose.SIGN,
        kind=kind,
        platform_id=contract.platform_id,
        nonce_hash=ids.token_hash(nonce),
        payload={
            "title": contract.name,
            "number": contract.number,
            "pages": str(queries.newest(op, contract.id).pages),
            "amount": f"{contract.total_fen / 100:,.2f}",
            "digest": found.digest_hex,
            "signature": found.id,
            "certificate": found.certificate_id,
        },
    )


def confirm_signature(
    op: Operation, *, ticket_id: str, proof: issuing.KeyProof
) -> model.ContractSignature:
    """The person who scanned signs the prepared document with their certificate's PIN.

    Emits: pin.proved, signature.signed, ticket.confirmed. Raises: DocumentChanged, NotAMember, and those
    of the ticket, the proof and the seal.
    """
    ticket = scanning.living(op, ticket_id, tickets.Purpose.SIGN)
    tickets.TICKET.advance(ticket.status, "confirm")
    found = queries.signature_of_ticket(op, ticket_id)
    if found.status is model.SignatureStatus.FAILED or found.attributes is None:
        raise DocumentChanged()
    if found.digest_hex != ticket.payload["digest"]:
        raise DocumentChanged()
    status = model.SIGNATURE.advance(found.status, "sign")
    # Whoever left the enterprise still holds the phone, and a seal may be suspended meanwhile.
    certificate = op.get(issuing.Certificate, "certificate", found.certificate_id)
    people.require_member(op, certificate.enterprise_id or "")
    seals.require_usable(op, found.seal_id, certificate)
    proved = proofs.require_proof(
        op, certificate_id=certificate.id, message=found.attributes, proof=proof
    )
    op.update(
        "contract_signature",
        found.id,
        {"status": status, "value": proved.signature, "signed_at": op.now},
        was={"status": found.status},
    )
    op.enqueue("finish_signature", found.id)
    op.record("signature.signed", found.id, contract_id=found.contract_id, role=found.role)
    scanning.take_confirmed(
        op, ticket_id=ticket_id, purpose=tickets.Purpose.SIGN, result={"signature": found.id}
    )
    return op.get(model.ContractSignature, "contract_signature", found.id)


def record_signed_document(
    op: Operation, *, signature_id: str, document: bytes, level: str
) -> model.ContractVersion:
    """Record the finished document: time-stamped, with what validates it offline.

    The side that has not signed yet gets a to-do. Emits: signature.completed, message.sent.
    """
    op.require_system()
    found = op.get(model.ContractSignature, "contract_signature", signature_id)
    contract = op.get(model.Contract, "contract", found.contract_id)
    before = store.newest_version(op, contract.id)
    if before is None or before.version != found.version:
        raise DocumentChanged()
    status = model.SIGNATURE.advance(found.status, "complete")
    op.update(
        "contract_signature",
        found.id,
        {"status": status, "completed_at": op.now},
        was={"status": found.status},
    )
    version = drafting.keep_document(
        op,
        contract,
        document,
        before.pages,
        revision=before.revision + 1,
        signed_by=(*before.signed_by, found.role),
        level=level,
    )
    op.record(
        "signature.completed",
        found.id,
        contract_id=contract.id,
        level=level,
        digest=version.digest_hex,
    )
    _ask_other_side(op, contract, version)
    return version


def _ask_other_side(
    op: Operation, contract: model.Contract, version: model.ContractVersion
) -> None:
    for role, mall_account_id in (
        ("purchaser", contract.purchaser_id),
        ("supplier", contract.supplier_id),
    ):
        if role not in version.signed_by:
            messaging.notify(
                op,
                account_id=mall.mall_account(op, mall_account_id).account_id,
                kind="contract.to_sign",
                params={"number": contract.number},
                subject=contract.id,
                todo=True,
            )
