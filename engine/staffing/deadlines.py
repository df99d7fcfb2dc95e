"""When the sessions of the staff end."""

from engine.kernel.deadlines import of_rows

DEADLINES = (
    of_rows(
        "staff_session_ends",
        "SELECT expires_at AS at, staff_id AS subject FROM staff_session WHERE ended_at IS NULL",
    ),
)
