"""Keeping a document of a contract, its form and its attachments: every version of them stays."""

from __future__ import annotations

import hashlib

from engine.kernel import codec
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.signing import model
from engine.signing.drafting.document import Document


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
    version = model.ContractVersion(
        id=op.new_id("ver"),
        contract_id=contract.id,
        version=contract.version,
        revision=revision,
        blob_id=op.put_blob(
            content,
            media_type="application/pdf",
            subject_id=_subject(op, contract),
            purpose="evidence",
        ),
        digest_hex=hashlib.sha256(content).hexdigest(),
        pages=pages,
        signed_by=signed_by,
        level=level,
        created_at=op.now,
    )
    op.insert("contract_version", version)
    return version


def keep_prepared(op: Operation, contract: model.Contract, made: Document) -> None:
    """Keep a version's unsigned document, what was filled into its template, and its attachments.

    The caller records the fact.
    """
    keep_document(op, contract, made.content, made.pages, revision=0, signed_by=())
    subject_id = _subject(op, contract)
    if made.template_id is not None:
        form_id = op.new_id("frm")
        text, place = codec.canonical(made.fields or {}), f"contract_form|fields|{form_id}"
        kept = model.ContractForm(
            id=form_id,
            contract_id=contract.id,
            version=contract.version,
            template_id=made.template_id,
            fields=op.seal(subject_id, place, text, "evidence"),
            created_at=op.now,
        )
        op.insert("contract_form", kept)
    for ordinal, one in enumerate(made.attachments, start=1):
        attachment = model.ContractAttachment(
            id=op.new_id("att"),
            contract_id=contract.id,
            version=contract.version,
            ordinal=ordinal,
            kind=one.kind,
            name=one.name,
            blob_id=op.put_blob(
                one.content, media_type=one.media_type, subject_id=subject_id, purpose="evidence"
            ),
            media_type=one.media_type,
            digest_hex=one.digest_hex,
            size=len(one.content),
            pages=one.pages,
            remarks=one.remarks,
            created_at=op.now,
        )
        op.insert("contract_attachment", attachment)


def _subject(op: Operation, contract: model.Contract) -> str:
    return mall.enterprise_of(op, contract.purchaser_id).subject_id
