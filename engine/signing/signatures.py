"""Signing by scan: ask, show the QR, prove."""

from __future__ import annotations

from engine.issuing import coverage, proofs
from engine.issuing import model as issuing
from engine.kernel import errors, ids
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.scanning import queries as scanned
from engine.sealing import queries as seals
from engine.signing import model, parties, queries, store


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
    CertificateNotUsable, OutOfScope, OtherEvent, NotYourTurn, DeadlinePassed, and those of the seal.
    """
    found = queries.contract(op, contract_id)
    account = mall.signed_in(op)
    if found.status is not model.ContractStatus.DRAFT:
        model.CONTRACT.advance(found.status, "sign")
    role = parties.of_account(op, found, account.id).role
    if role in queries.newest(op, contract_id).signed_by:
        raise SignedAlready()
    parties.require_turn(op, found, role)
    certificate = op.get(issuing.Certificate, "certificate", certificate_id)
    if certificate.enterprise_id != account.enterprise_id:
        raise OtherEnterprise()
    if certificate.kind == "platform" and certificate.platform_id != found.platform_id:
        raise OtherPlatform()
    proofs.require_usable(op, certificate)
    coverage.require(op, certificate, "contract")
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
        fail(op, open_one, "replaced")
    op.insert("contract_signature", signature)
    op.enqueue("prepare_signature", signature.id)
    op.record("signature.requested", signature.id, contract_id=found.id, role=role)
    return signature


def fail(op: Operation, signature: model.ContractSignature, why: str) -> None:
    """A signature that was asked for is given up. Composed by this stage alone.

    Emits: signature.failed.
    """
    status = model.SIGNATURE.advance(signature.status, "fail")
    op.update(
        "contract_signature", signature.id, {"status": status}, was={"status": signature.status}
    )
    op.record("signature.failed", signature.id, why=why)


def open_signing_ticket(
    op: Operation,
    *,
    signature_id: str,
    kind: tickets.TicketKind,
    nonce: str,
    browser_name: str = "",
) -> tickets.OpenedTicket:
    """The QR of 扫码签章: it holds title, pages, amount and the digest of the prepared document.

    Who signs, what, and where the PC is stand on the phone (`security.md` 3.1). Emits: ticket.opened.
    Raises: NotPreparedYet, CertificateNotForThisCode, CertificateNotUsable, OutOfScope, OtherEvent.
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
    proofs.require_usable(op, certificate)
    coverage.require(op, certificate, "contract")
    contract = queries.contract(op, found.contract_id)
    return scanning.open_ticket(
        op,
        purpose=tickets.Purpose.SIGN,
        kind=kind,
        platform_id=contract.platform_id,
        nonce_hash=ids.token_hash(nonce),
        payload={
            "title": contract.name,
            "login": account.login,
            "enterprise": people.enterprise(op, account.enterprise_id).name,
            "number": contract.number,
            "pages": str(queries.newest(op, contract.id).pages),
            "amount": f"{contract.total_fen / 100:,.2f}",
            "digest": found.digest_hex,
            "signature": found.id,
            "certificate": found.certificate_id,
        },
        browser_name=browser_name,
    )


def confirm_signature(
    op: Operation, *, ticket_id: str, proof: issuing.KeyProof
) -> model.ContractSignature:
    """The person who scanned signs the prepared document with their certificate's PIN.

    Emits: pin.proved, certificate.finished, signature.signed, ticket.confirmed. Raises: DocumentChanged,
    NotAMember, OutOfScope, OtherEvent, and those of the ticket, the proof and the seal.
    """
    if scanned.for_phone(op, ticket_id).purpose is not tickets.Purpose.SIGN:
        raise scanning.WrongPurpose()
    found = queries.signature_of_ticket(op, ticket_id)
    attributes = found.attributes or b""
    with proofs.judged(op, found.certificate_id, attributes, proof):
        _require_signable(op, ticket_id, found)
        status = model.SIGNATURE.advance(found.status, "sign")
    proved = proofs.require_proof(
        op, certificate_id=found.certificate_id, message=attributes, proof=proof, act="contract"
    )
    op.update(
        "contract_signature",
        found.id,
        {"status": status, "value": proved.signature, "signed_at": op.now},
        was={"status": found.status},
    )
    op.enqueue("finish_signature", found.id)
    op.record("signature.signed", found.id, contract_id=found.contract_id, role=found.role)
    parties.proved(op, op.get(model.Contract, "contract", found.contract_id), found.role)
    scanning.take_confirmed(
        op, ticket_id=ticket_id, purpose=tickets.Purpose.SIGN, result={"signature": found.id}
    )
    return op.get(model.ContractSignature, "contract_signature", found.id)


def _require_signable(op: Operation, ticket_id: str, found: model.ContractSignature) -> None:
    """Everything but the PIN: the living code, its document as it was shown, and who signs with what."""
    ticket = scanning.living(op, ticket_id, tickets.Purpose.SIGN)
    tickets.TICKET.advance(ticket.status, "confirm")
    # Whoever left the enterprise still holds the phone, and what was delegated may be withdrawn.
    certificate = op.get(issuing.Certificate, "certificate", found.certificate_id)
    people.require_member(op, certificate.enterprise_id or "")
    proofs.require_usable(op, certificate)
    coverage.require(op, certificate, "contract")
    if found.status is model.SignatureStatus.FAILED or found.attributes is None:
        raise DocumentChanged()
    if found.digest_hex != ticket.payload["digest"]:
        raise DocumentChanged()
    parties.require_turn(op, op.get(model.Contract, "contract", found.contract_id), found.role)
    seals.require_usable(op, found.seal_id, certificate)
