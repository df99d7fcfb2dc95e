"""Keeping a document of a contract: every one of them stays."""

from __future__ import annotations

import hashlib

from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.signing import model


def keep_document(
    op: Operation,
    contract: model.Contract,
    content: bytes,
    pages: int,
    *,
    revision: int,
    signed_by: tuple[str, ...],
    level: str = "",
) -> model.ContractVersion:
    """Keep a document of a contract; the caller records the fact."""
    subject_id = mall.enterprise_of(op, contract.purchaser_id).subject_id
    version = model.ContractVersion(
        id=op.new_id("ver"),
        contract_id=contract.id,
        version=contract.version,
        revision=revision,
        blob_id=op.put_blob(
            content, media_type="application/pdf", subject_id=subject_id, purpose="evidence"
        ),
        digest_hex=hashlib.sha256(content).hexdigest(),
        pages=pages,
        signed_by=signed_by,
        level=level,
        created_at=op.now,
    )
    op.insert("contract_version", version)
    return version
