"""When somebody's session at a platform's mall ends."""

from engine.kernel.deadlines import of_rows

DEADLINES = (
    of_rows(
        "mall_session_ends",
        "SELECT expires_at AS at, mall_account_id AS subject FROM mall_session WHERE ended_at IS NULL",
    ),
)
