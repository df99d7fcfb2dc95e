"""What the worker brings back to a signature: the prepared document, and the finished one."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.sealing import actions as sealing
from engine.signing import drafting, model, parties, raising, store
from engine.signing.signatures import DocumentChanged, fail


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
        fail(op, found, why)


def record_signed_document(
    op: Operation, *, signature_id: str, document: bytes, level: str
) -> model.ContractVersion:
    """Record the finished document, and how far it is validated; what is missing is added later.

    Whose turn it is next gets a to-do. Emits: signature.completed, party.signed, party.asked, seal.used,
    message.sent. Raises: DocumentChanged.
    """
    op.require_system()
    found = op.get(model.ContractSignature, "contract_signature", signature_id)
    contract = op.get(model.Contract, "contract", found.contract_id)
    before = store.newest_version(op, contract.id)
    if before is None or before.version != found.version:
        raise DocumentChanged()
    if not document.startswith(op.blob(before.blob_id)):
        raise DocumentChanged()
    status = model.SIGNATURE.advance(found.status, "complete")
    op.update(
        "contract_signature",
        found.id,
        {"status": status, "completed_at": op.now, "level": level},
        was={"status": found.status},
    )
    least = model.least([one.level for one in store.completed(op, contract.id, found.version)])
    version = drafting.keep_document(
        op,
        contract,
        document,
        before.pages,
        revision=before.revision + 1,
        signed_by=(*before.signed_by, found.role),
        level=least,
    )
    op.record(
        "signature.completed",
        found.id,
        contract_id=contract.id,
        level=level,
        digest=version.digest_hex,
    )
    sealing.record_use(
        op,
        found.seal_id,
        by=found.account_id,
        purpose="contract",
        subject=found.id,
        digest_hex=version.digest_hex,
        certificate_id=found.certificate_id,
    )
    parties.signed(op, contract, found.role, signed_at=found.signed_at or op.now)
    raising.follow_up(op, contract, document, least)
    return version


def record_not_signed(op: Operation, *, signature_id: str, why: str) -> None:
    """The certificate was withdrawn after it signed and before that had a time: no document is made.

    The party is told, and can sign anew with another one. Emits: signature.failed, message.sent.
    """
    op.require_system()
    found = op.get(model.ContractSignature, "contract_signature", signature_id)
    if found.status is not model.SignatureStatus.SIGNED:
        return
    fail(op, found, why)
    contract = op.get(model.Contract, "contract", found.contract_id)
    party = parties.of_role(op, contract, found.role)
    parties.tell(op, contract, party, "contract.not_signed", todo=True)
