"""What the worker brings back to a signature: the prepared document, and the finished one."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.messaging import actions as messaging
from engine.signing import drafting, model, store
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
