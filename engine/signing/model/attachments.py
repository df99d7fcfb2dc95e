"""What goes with a contract beside its document (04 附件信息), and a document that is only looked at."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.catalog import Text
from engine.pdf.rebuilding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that the purchaser attaches: PDF, PNG or JPEG, of a kind that `contract_rules` knows."""

    kind: str
    name: str
    content: bytes
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAttachment:
    """An attachment of a version of a contract, as it is kept."""

    id: str
    contract_id: str
    version: int
    ordinal: int
    kind: str
    name: str
    blob_id: str
    media_type: str
    digest_hex: str
    size: int
    pages: int
    remarks: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """A line of 04 附件信息: the contract's document comes first, its `id` is empty.

    The signed document names each file with its digest.
    """

    id: str
    kind: str
    label: Text
    name: str
    blob_id: str
    media_type: str
    digest_hex: str
    size: int
    pages: int
    remarks: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The document of a form before anything is kept.

    `confirm` is what `create_contract` takes as `confirmed` once the person has agreed to the findings;
    `warnings` are codes of what is allowed and unusual.
    """

    document: bytes
    pages: int
    confirm: str
    findings: tuple[Finding, ...]
    needs_confirming: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDraft:
    """A form that is not finished, of an order or of a contract that is revised; `form` is encrypted."""

    id: str
    mall_account_id: str
    purchase_order_id: str
    contract_id: str | None
    form: bytes
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftShown:
    """A form as it was left."""

    id: str
    purchase_order_id: str
    contract_id: str | None
    form: dict[str, str]
    created_at: int
    updated_at: int
