"""Which tables and columns reports are asked of: none of them personal."""

from __future__ import annotations

# Copied table → the engine's table and the columns that are copied (none of them personal).
COPIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "review_task": (
        "review_case",
        (
            "id",
            "kind",
            "platform_id",
            "agency_id",
            "status",
            "opened_at",
            "first_touched_at",
            "decided_at",
            "decided_by",
            "held_ms",
            "corrects",
            "reasons",
            "sample_of",
            "subject_id",
        ),
    ),
    "call_fact": (
        "phone_call",
        ("id", "account_id", "way", "status", "matters", "urged", "began_at", "logged_at"),
    ),
    "proof_fact": (
        "real_name_proof",
        ("id", "way", "status", "reason", "created_at", "decided_at"),
    ),
    "order_fact": (
        "certificate_order",
        (
            "id",
            "number",
            "platform_id",
            "agency_id",
            "years",
            "status",
            "amount_fen",
            "created_at",
            "paid_at",
            "product",
            "business",
        ),
    ),
    "certificate_fact": (
        "certificate",
        (
            *("id", "order_id", "agency_id", "product", "usage", "status", "serial_hex"),
            *("not_after", "created_at", "activated_at", "revoked_at", "revocation_reason"),
            "replaced_by",
        ),
    ),
    "seal_application_fact": (
        "seal_application",
        (
            *("id", "kind", "agency_id", "status", "purpose", "picture", "strokes_blob_id"),
            *("created_at", "ended_at"),
        ),
    ),
    "seal_fact": (
        "seal",
        (
            *("id", "application_id", "kind", "agency_id", "status", "code", "created_at"),
            "ended_at",
        ),
    ),
    "ticket_fact": (
        "ticket",
        (
            *("id", "purpose", "kind", "platform_id", "status", "created_at", "expires_at"),
            *("second_scans", "wrong_numbers", "certificate_id", "result"),
        ),
    ),
    "binding_fact": (
        "binding",
        (
            *("id", "mall_account_id", "certificate_id", "platform_id", "entity_id"),
            *("moved_from", "status", "created_at", "bound_at"),
        ),
    ),
    "entity_fact": ("entity", ("id", "kind", "status")),
    "mall_account_fact": ("mall_account", ("id", "role")),
    "contract_fact": (
        "contract",
        (
            *("id", "number", "platform_id", "agency_id", "origin", "status", "version"),
            *("created_at", "ended_at", "signing_order", "sign_by"),
        ),
    ),
    "contract_party_fact": (
        "contract_party",
        (
            *("id", "contract_id", "version", "role", "ordinal", "status"),
            *("asked_at", "read_at", "handled_at"),
        ),
    ),
    "file_fact": (
        "file_record",
        (
            *("id", "platform_id", "certificate_id", "status", "size"),
            *("created_at", "signed_at", "made_at"),
        ),
    ),
    "file_recipient_fact": ("file_recipient", ("id", "file_id", "certificate_id")),
    "file_opening_fact": ("file_opening", ("id", "file_id", "status", "created_at", "opened_at")),
    "movement_fact": (
        "movement",
        ("id", "kind", "amount_fen", "business_date", "occurred_at", "source"),
    ),
    "money_case_fact": (
        "money_case",
        (
            "id",
            "kind",
            "status",
            "resolution",
            "amount_fen",
            "other_fen",
            "opened_at",
            "settled_at",
        ),
    ),
    "invoice_fact": (
        "invoice",
        (
            "id",
            "number",
            "platform_id",
            "agency_id",
            "kind",
            "status",
            "total_fen",
            "tax_fen",
            "created_at",
            "issued_at",
        ),
    ),
}
