"""Which columns of which tables a record shows: as facts, in a list, in a history; no others.

Keys, digests of secrets, tokens, tickets and payloads are never here. `LABELS` says which of the columns
hold a code, and what the code of its label begins with; `LISTS` which hold several as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping

_WHO_FOR = ("account_id", "enterprise_id")
_REPRESENTATIVE = ("legal_representative", "legal_representative_id")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "account": ("status", "phone", "name", "resident_id", "real_name_at", "terms_version"),
    "real_name_proof": (
        *("status", "purpose", "reason", "mismatched", "name", "resident_id", "reserved_phone"),
        "decided_at",
    ),
    "recovery": ("purpose", "new_phone"),
    "closing": (
        *("kind", "status", "reason", "reasons", "note", "appeal", "proposed_by", "decided_by"),
        *("due_at", "appealed_at", "ended_at"),
    ),
    "archive": ("status", "release_at", "destroyed_at"),
    "device": ("removed_at",),
    "membership": ("account_id", "enterprise_id", "role", "status", "ended_at"),
    "invitation": ("way", "role", "status", "phone", "note", "expires_at", "ended_at"),
    "enterprise": ("name", "uscc", "entity_class", "status"),
    "enterprise_claim": (
        *("name", "uscc", *_REPRESENTATIVE, "authority", "status", "reasons"),
        *("first_approved_by", "enterprise_id", "decided_at"),
    ),
    "enterprise_particulars": (*_REPRESENTATIVE, "changed_at"),
    "enterprise_change": ("name", *_REPRESENTATIVE, "status", "reasons", "decided_at"),
    "register_check": ("status", "reason", "mismatched", "reference", "decided_at"),
    "reverse_payment": ("status", "amount_fen", "reason", "expires_at", "ended_at"),
    "certificate_order": (
        *("number", "product", "business", *_WHO_FOR, "platform_id", "agency_id"),
        *("seal_agency_id", "years", "amount_fen", "status", "reasons", "platform_approved_by"),
        *("agency_approved_by", "paid_at", "certificate_until", "download_mode"),
        *("delegate_account_id", "replaces", "ended_at"),
    ),
    "payment": ("number", "amount_fen", "status", "trade_no", "paid_at", "refunded_at"),
    "refund": ("amount_fen", "status", "why", "problem", "settled_at"),
    "service_order": (
        *("number", "category", "service_id", *_WHO_FOR, "platform_id", "agency_id", "months"),
        *("quantity", "amount_fen", "status", "paid_at", "starts_at", "ends_at", "follows"),
        "ended_at",
    ),
    "certificate": (
        *("product", "usage", "kind", "profile", *_WHO_FOR, "order_id", "platform_id", "agency_id"),
        *("status", "serial_hex", "not_before", "not_after", "activated_at", "delegated_by"),
        *("held_by", "revoked_at", "revocation_reason", "replaces", "replaced_by", "finished_at"),
    ),
    "seal_application": (
        *("kind", "name", "purpose", "why", "agency_id", "status", "reasons", "size", "colour"),
        *("reviewed_by", "replaces", "ended_at"),
    ),
    "seal": (
        *("kind", "name", "code", *_WHO_FOR, "platform_id", "agency_id", "status", "size"),
        *("picture", "valid_from", "valid_to", "made_at", "filing_number", "replaces", "ended_at"),
    ),
    "seal_filing": ("matter", "status", "number", "reason", "answered_at"),
    "seal_delegation": ("account_id", "acts", "status", "valid_to", "why", "ended_at"),
    "seal_use": ("account_id", "act", "result", "digest_hex"),
    "contract": (
        *("number", "name", "purchaser_id", "supplier_id", "awardee", "platform_id"),
        *("signing_date", "effective_date", "currency", "total_fen", "payment_terms", "place"),
        *(
            "origin",
            "status",
            "version",
            "reasons",
            "signing_order",
            "sign_by",
            "level",
            "ended_at",
        ),
    ),
    "contract_version": ("version", "pages", "digest_hex", "level"),
    "contract_act": ("kind", "role", "text"),
    "contract_party": (
        *("role", "mall_account_id", "status", "opinion", "asked_at", "read_at", "handled_at"),
    ),
    "contract_signature": (
        *("role", "account_id", "certificate_id", "seal_id", "status", "digest_hex", "level"),
        "completed_at",
    ),
    "contract_voiding": ("role", "status", "reason", "ended_at"),
    "invoice": (
        *("kind", "medium", "order_kind", "title_kind", "title_name", "title_code", *_WHO_FOR),
        *("platform_id", "agency_id", "amount_fen", "tax_fen", "total_fen", "status", "number"),
        *("issued_at", "reverses", "reversed_fen", "problem", "reasons", "corrects", "paper_code"),
        *("paper_number", "deducted_at", "details", "ended_at"),
    ),
    "shipment": (
        *("status", "recipient", "phone", "region", "detail", "contents", "courier"),
        *("tracking_no", "problem", "handed_over_at", "ended_at"),
    ),
    "file_record": (
        *("name", "size", "digest_hex", "enterprise_id", "account_id", "platform_id", "status"),
        *("certificate_id", "sealed_size", "sealed_digest_hex", "signed_at", "made_at"),
    ),
    "binding": ("mall_account_id", "certificate_id", "status", "bound_at", "ended_at"),
    "review_case": (
        *("kind", "status", "assignee", "approved_by", "reasons", "urged_count", "hold_reason"),
        *("decided_by", "decided_at"),
    ),
}

LABELS: Mapping[str, Mapping[str, str]] = {
    "account": {"status": "account.status"},
    "real_name_proof": {
        "status": "proof.status",
        "purpose": "proof.purpose",
        "reason": "",
        "mismatched": "",
    },
    "recovery": {"purpose": "proof.purpose"},
    "closing": {"kind": "closing.kind", "status": "account_closing.status"},
    "archive": {"status": "archive.status"},
    "membership": {"role": "member.role", "status": "membership.status"},
    "invitation": {"way": "invitation.way", "role": "member.role", "status": "invitation.status"},
    "enterprise": {"status": "enterprise.status"},
    "enterprise_claim": {"authority": "claim.authority", "status": "enterprise_claim.status"},
    "enterprise_change": {"status": "change_of_particulars.status"},
    "register_check": {"status": "register_check.status", "reason": "register", "mismatched": ""},
    "reverse_payment": {"status": "reverse_payment.status"},
    "certificate_order": {
        "product": "order.product",
        "business": "order.business",
        "status": "order.status",
        "download_mode": "download.mode",
    },
    "payment": {"status": "payment.status"},
    "refund": {"status": "refund.status", "why": "refund.why", "problem": "refund.problem"},
    "service_order": {"category": "service.category", "status": "service_order.status"},
    "certificate": {
        "product": "certificate.product",
        "usage": "certificate.usage",
        "kind": "certificate.kind",
        "status": "certificate.status",
        "held_by": "certificate.held_by",
        "revocation_reason": "revocation",
    },
    "seal_application": {
        "kind": "seal.kind",
        "purpose": "seal.purpose",
        "why": "seal.remake",
        "status": "seal_application.status",
        "colour": "seal.colour",
    },
    "seal": {"kind": "seal.kind", "status": "seal.status", "picture": "seal.picture"},
    "seal_filing": {
        "matter": "seal.filing.matter",
        "status": "seal_filing.status",
        "reason": "seal.filing.reason",
    },
    "seal_delegation": {
        "acts": "seal.act",
        "status": "seal_delegation.status",
        "why": "seal.delegation.why",
    },
    "seal_use": {"act": "seal.act", "result": "seal.use.result"},
    "contract": {
        "origin": "contract.origin",
        "status": "contract.status",
        "signing_order": "contract.signing_order",
    },
    "contract_act": {"kind": "", "role": "party.role"},
    "contract_party": {"role": "party.role", "status": "party.status"},
    "contract_signature": {"role": "party.role", "status": "signature.status"},
    "contract_voiding": {"role": "party.role", "status": "proposal_to_void.status"},
    "invoice": {
        "kind": "invoice.kind",
        "medium": "invoice.medium",
        "order_kind": "invoice.order_kind",
        "title_kind": "invoice_title.kind",
        "status": "invoice.status",
        "problem": "",
    },
    "shipment": {"status": "shipment.status", "problem": "shipment.why"},
    "file_record": {"status": "file.status"},
    "binding": {"status": "binding.status"},
    "review_case": {"status": "case.status"},
}

# Columns with several values as JSON.
LISTS = frozenset({"reasons", "mismatched", "acts", "approved_by"})
# Columns that name a ground of the taxonomy of reasons.
REASONS = frozenset({"reasons", "hold_reason"})
# Columns that say who: an actor's text.
WHO = frozenset(
    {
        *("proposed_by", "decided_by", "first_approved_by", "platform_approved_by"),
        *("agency_approved_by", "reviewed_by", "assignee", "approved_by"),
    }
)
TIMES = frozenset(
    {"not_before", "not_after", "valid_from", "valid_to", "certificate_until", "sign_by"}
)
