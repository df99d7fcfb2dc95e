"""The SQL of a contract's attachments and of forms that are not finished."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.signing import model


def attachments(q: Reader, contract_id: str, version: int) -> list[model.ContractAttachment]:
    """The attachments of a version of a contract, in their order."""
    sql = "SELECT * FROM contract_attachment WHERE contract_id = ? AND version = ? ORDER BY ordinal"
    return q.all(model.ContractAttachment, sql, (contract_id, version))


def draft(
    q: Reader, mall_account_id: str, purchase_order_id: str, contract_id: str | None
) -> model.ContractDraft | None:
    """The kept form of an order, or of a contract that is being revised."""
    sql = (
        "SELECT * FROM contract_draft WHERE mall_account_id = ? AND purchase_order_id = ?"
        " AND COALESCE(contract_id, '') = ?"
    )
    values = (mall_account_id, purchase_order_id, contract_id or "")
    return q.first(model.ContractDraft, sql, values)


def drafts(q: Reader, mall_account_id: str, limit: int) -> list[model.ContractDraft]:
    """The kept forms of a mall account, newest first."""
    sql = (
        "SELECT * FROM contract_draft WHERE mall_account_id = ?"
        " ORDER BY updated_at DESC, id DESC LIMIT ?"
    )
    return q.all(model.ContractDraft, sql, (mall_account_id, limit))
