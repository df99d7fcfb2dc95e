"""What lapses of people and enterprises: codes, sign-ins, proofs, what somebody was asked or offered."""

from engine.kernel.deadlines import of_rows

DEADLINES = (
    of_rows(
        "code_lapses",
        "SELECT expires_at AS at, id AS subject FROM verification_code WHERE used_at IS NULL",
    ),
    of_rows(
        "one_tap_lapses",
        "SELECT expires_at AS at, account_id AS subject FROM one_tap"
        " WHERE status IN ('pending', 'confirmed')",
    ),
    of_rows(
        "phone_session_ends",
        "SELECT expires_at AS at, account_id AS subject FROM handset_session WHERE ended_at IS NULL",
    ),
    of_rows(
        "proof_lapses",
        "SELECT expires_at AS at, id AS subject FROM real_name_proof"
        " WHERE status IN ('requested', 'awaiting_code')",
    ),
    of_rows(
        "reverse_payment_lapses",
        "SELECT expires_at AS at, claim_id AS subject FROM reverse_payment WHERE status = 'awaiting'",
    ),
    of_rows(
        "representative_lapses",
        "SELECT expires_at AS at, claim_id AS subject FROM representative_request WHERE status = 'asked'",
    ),
    of_rows(
        "invitation_lapses",
        "SELECT expires_at AS at, id AS subject FROM invitation WHERE status = 'open'",
    ),
    of_rows(
        "hand_over_lapses",
        "SELECT expires_at AS at, enterprise_id AS subject FROM administrator_transfer"
        " WHERE status = 'offered'",
    ),
    of_rows(
        "archive_closes",
        "SELECT open_until AS at, archive_id AS subject FROM archive_request WHERE status = 'granted'",
    ),
)
