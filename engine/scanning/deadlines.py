"""When QR codes lapse: a ticket that nobody has confirmed by then."""

from engine.kernel.deadlines import of_rows

DEADLINES = (
    of_rows(
        "ticket_lapses",
        "SELECT expires_at AS at, id AS subject FROM ticket WHERE status IN ('created', 'scanned')",
    ),
)
