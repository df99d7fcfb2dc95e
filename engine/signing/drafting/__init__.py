"""Making a contract and its document: from a template, or uploaded (before the transaction)."""

from engine.signing.drafting.creating import create_contract
from engine.signing.drafting.document import ConfirmFirst, Document, SignedUpload
from engine.signing.drafting.drafts import discard_draft, save_draft
from engine.signing.drafting.keeping import keep_document
from engine.signing.drafting.revising import SignedByOthers, revise_contract
from engine.signing.drafting.terms import (
    LONGEST,
    DateInvalid,
    FieldMissing,
    NumberTaken,
    OnlyPurchaser,
    RemarksTooLong,
    TextTooLong,
    TotalInvalid,
    check,
)

__all__ = [
    "LONGEST",
    "ConfirmFirst",
    "DateInvalid",
    "Document",
    "FieldMissing",
    "NumberTaken",
    "OnlyPurchaser",
    "RemarksTooLong",
    "SignedByOthers",
    "SignedUpload",
    "TextTooLong",
    "TotalInvalid",
    "check",
    "create_contract",
    "discard_draft",
    "keep_document",
    "revise_contract",
    "save_draft",
]
