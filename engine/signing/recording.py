"""What the worker brings back to a signature: the prepared document, and the finished one."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.signing import drafting, model, parties, store
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
    """Record the finished document: time-stamped, with what validates it offline.

    Whose turn it is next gets a to-do. Emits: signature.completed, party.signed, party.asked, message.sent.
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
    parties.signed(op, contract, found.role, signed_at=found.signed_at or op.now)
    return version
