"""What people do with certificates, seals, contracts, money and invoices, and who reviews it."""

from __future__ import annotations

from engine.reports.copies.model import Copy

BUSINESS: tuple[Copy, ...] = (
    Copy(
        table="account_fact",
        origin="account",
        columns=(
            *("id AS account_ref", "status", "created_at AS registered_at"),
            "real_name_at AS proved_at",
        ),
    ),
    Copy(
        table="enterprise_fact",
        origin="enterprise",
        # The registration authority's province is in a credit code.
        columns=(
            *("id", "substr(uscc, 3, 2) || '0000' AS region", "entity_class", "status"),
            "created_at",
        ),
    ),
    Copy(
        table="claim_fact",
        origin="enterprise_claim",
        columns=("id", "account_id AS account_ref", "enterprise_id", "status", "created_at"),
    ),
    Copy(
        table="membership_fact",
        origin="membership",
        columns=(
            *("id", "account_id AS account_ref", "enterprise_id", "role", "status"),
            *("created_at", "ended_at"),
        ),
    ),
    Copy(
        table="review_task",
        origin="review_case",
        columns=(
            *("id", "kind", "kind AS stage", "platform_id", "agency_id", "status", "opened_at"),
            *("first_touched_at", "decided_at", "decided_by", "held_ms", "corrects", "reasons"),
            *("sample_of", "subject_id"),
        ),
    ),
    Copy(
        table="review_limit",
        origin="policy_version",
        columns=("id", "name AS stage", "effective_at AS from_ms"),
        carried=("body",),
        where="kind = 'review_rule' AND approved_at IS NOT NULL",
    ),
    Copy(
        table="call_fact",
        origin="phone_call",
        columns=(
            *("id", "account_id", "way", "status", "matters", "urged", "began_at", "logged_at"),
        ),
    ),
    Copy(
        table="proof_fact",
        origin="real_name_proof",
        columns=(
            *("id", "account_id AS account_ref", "way", "status", "reason", "created_at"),
            "decided_at",
        ),
    ),
    Copy(
        table="order_fact",
        origin="certificate_order",
        columns=(
            *("id", "number", "'certificate' AS order_kind", "platform_id", "agency_id"),
            *("product", "business", "years", "status", "account_id AS account_ref"),
            *("enterprise_id", "amount_fen", "created_at", "paid_at", "ended_at"),
        ),
    ),
    Copy(
        table="order_fact",
        origin="service_order",
        columns=(
            *("id", "number", "category AS order_kind", "platform_id", "agency_id"),
            "service_id AS product",
            "CASE WHEN follows IS NULL THEN 'new' ELSE 'renewal' END AS business",
            *("status", "account_id AS account_ref", "enterprise_id", "amount_fen"),
            *("created_at", "paid_at", "ended_at"),
        ),
    ),
    Copy(
        table="payment_fact",
        origin="payment",
        columns=(
            *("id", "order_id", "status", "amount_fen", "created_at", "paid_at", "refunded_at"),
        ),
    ),
    Copy(
        table="refund_fact",
        origin="refund",
        columns=("id", "payment_id", "status", "why", "amount_fen", "requested_at", "settled_at"),
    ),
    Copy(
        table="certificate_fact",
        origin="certificate",
        columns=(
            *("id", "order_id", "agency_id", "product", "usage", "status", "serial_hex"),
            *("not_after", "created_at", "activated_at", "revoked_at", "revocation_reason"),
            "replaced_by",
        ),
    ),
    Copy(
        table="seal_application_fact",
        origin="seal_application",
        columns=(
            *("id", "enterprise_id", "kind", "agency_id", "status", "purpose", "picture"),
            *("strokes_blob_id", "created_at", "ended_at"),
        ),
    ),
    Copy(
        table="seal_fact",
        origin="seal",
        columns=(
            *("id", "application_id", "kind", "agency_id", "status", "code", "created_at"),
            "ended_at",
        ),
    ),
    Copy(
        table="ticket_fact",
        origin="ticket",
        columns=(
            *("id", "purpose", "kind", "platform_id", "status", "created_at", "expires_at"),
            *("second_scans", "wrong_numbers", "certificate_id", "result"),
        ),
    ),
    Copy(
        table="binding_fact",
        origin="binding",
        columns=(
            *("id", "mall_account_id", "certificate_id", "platform_id", "entity_id"),
            *("moved_from", "status", "created_at", "bound_at"),
        ),
    ),
    Copy(table="entity_fact", origin="entity", columns=("id", "kind", "status")),
    Copy(
        table="mall_account_fact",
        origin="mall_account",
        columns=(
            *("id", "role", "platform_id", "account_id AS account_ref", "enterprise_id"),
            *("status", "created_at"),
        ),
    ),
    Copy(
        table="contract_fact",
        origin="contract",
        columns=(
            *("id", "number", "platform_id", "agency_id", "origin", "status", "version"),
            *("created_at", "ended_at", "signing_order", "sign_by"),
        ),
    ),
    Copy(
        table="contract_party_fact",
        origin="contract_party",
        columns=(
            *("id", "contract_id", "version", "role", "ordinal", "status"),
            *("asked_at", "read_at", "handled_at"),
        ),
    ),
    Copy(
        table="file_fact",
        origin="file_record",
        columns=(
            *("id", "platform_id", "certificate_id", "status", "size"),
            *("created_at", "signed_at", "made_at"),
        ),
    ),
    Copy(
        table="file_recipient_fact",
        origin="file_recipient",
        columns=("id", "file_id", "certificate_id"),
    ),
    Copy(
        table="file_opening_fact",
        origin="file_opening",
        columns=("id", "file_id", "status", "created_at", "opened_at"),
    ),
    Copy(
        table="movement_fact",
        origin="movement",
        columns=("id", "kind", "amount_fen", "business_date", "occurred_at", "source"),
    ),
    Copy(
        table="money_case_fact",
        origin="money_case",
        columns=(
            *("id", "kind", "status", "resolution", "amount_fen", "other_fen", "opened_at"),
            "settled_at",
        ),
    ),
    Copy(
        table="invoice_fact",
        origin="invoice",
        columns=(
            *("id", "number", "order_kind", "platform_id", "agency_id"),
            *("account_id AS account_ref", "enterprise_id", "kind", "medium", "status"),
            *("reverses", "reason", "total_fen", "tax_fen", "created_at", "issued_at"),
            "ended_at",
        ),
        carried=("lines",),
    ),
    Copy(
        table="invoiced_order_fact",
        origin="invoiced_order",
        columns=("id", "invoice_id", "order_id", "gross_fen AS amount_fen"),
    ),
    Copy(
        table="shipment_fact",
        origin="shipment",
        columns=(
            *("id", "subject AS invoice_id", "platform_id", "agency_id", "attempt", "status"),
            *("courier", "created_at", "packed_at", "handed_over_at", "reported_at", "ended_at"),
        ),
    ),
)
