"""Asking to sign: certificate, seal and places are chosen, and the document is prepared next."""

from __future__ import annotations

from engine.issuing import coverage, proofs
from engine.issuing import model as issuing
from engine.kernel import errors
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import placing
from engine.sealing import queries as seals
from engine.signing import model, parties, places, queries, store


class SignedAlready(errors.Conflict):
    """Your party has signed this version already."""


class SigningRunning(errors.Conflict):
    """A signature on this contract is being made at this moment. Wait until it is done."""


class OtherEnterprise(errors.PolicyRefused):
    """This certificate belongs to another enterprise. Choose one of your own."""


class OtherPlatform(errors.PolicyRefused):
    """This certificate belongs to another trading platform. Choose one of this platform."""


class PlacesFixed(errors.PolicyRefused):
    """Where the seals go was fixed with the first signature. Yours goes where there is room for it."""


class CertificateNotForThisCode(errors.PolicyRefused):
    """The chosen certificate needs the other QR code. Show that one and scan it."""


class NotPreparedYet(errors.PolicyRefused):
    """The document is still being prepared. Try again in a moment."""


class DocumentChanged(errors.Conflict):
    """The document changed after this QR code was made. Nothing was signed; refresh the QR code."""


def _placed(
    q: Reader,
    *,
    contract_id: str,
    certificate_id: str,
    seal_id: str,
    placements: tuple[placing.Placing, ...] = (),
) -> None:
    """Look for the places in the document, so that whoever chose them hears of it at once."""
    if placements and not queries.newest(q, contract_id).signed_by:
        places.require_room(q, queries.document(q, contract_id), seal_id, placements)


@prepared_by(_placed)
def request_signature(
    op: Operation,
    *,
    contract_id: str,
    certificate_id: str,
    seal_id: str,
    prepared: None,
    placements: tuple[placing.Placing, ...] = (),
) -> model.ContractSignature:
    """Ask to sign a contract with a certificate and a seal; the document is prepared next (SGN-3).

    `placements` say where the seal goes, where the contract does not; who signs first can choose.
    Emits: signature.requested, signature.failed. Raises: PlacesFixed, those of the placements, and those of
    `ask`.
    """
    if placements and queries.newest(op, contract_id).signed_by:
        raise PlacesFixed(field="placements")
    return ask(op, contract_id, certificate_id, seal_id, placements=placements)


def ask(
    op: Operation,
    contract_id: str,
    certificate_id: str,
    seal_id: str,
    *,
    placements: tuple[placing.Placing, ...] = (),
    batch_id: str | None = None,
) -> model.ContractSignature:
    """Ask for one signature, alone or in a batch. Composed by this stage alone.

    Emits: signature.requested, signature.failed. Raises: SignedAlready, SigningRunning, OtherEnterprise,
    OtherPlatform, CertificateNotUsable, OutOfScope, OtherEvent, NotYourTurn, DeadlinePassed, and those of
    the seal.
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
        batch_id=batch_id,
        placements=placements,
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
        "contract_signature",
        signature.id,
        {"status": status, "why": why},
        was={"status": signature.status},
    )
    op.record("signature.failed", signature.id, why=why)
