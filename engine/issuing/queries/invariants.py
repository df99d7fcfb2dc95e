"""Questions whose every row is a violation."""

from __future__ import annotations

INVARIANTS = {
    "no certificate without payment and every approval": (
        "SELECT c.id FROM certificate c JOIN certificate_order o ON o.id = c.order_id"
        " WHERE c.status <> 'abandoned' AND ((o.paid_at IS NULL AND o.amount_fen > 0)"
        " OR (o.platform_reviews = 1 AND o.platform_approved_by IS NULL)"
        " OR (o.agency_reviews = 1 AND o.agency_approved_by IS NULL)"
        " OR o.platform_approved_by = o.agency_approved_by)"
    ),
    "serials are unique": (
        "SELECT MIN(id) AS id FROM certificate GROUP BY agency_id, serial_hex HAVING COUNT(*) > 1"
    ),
    "one usable certificate of a usage to an order": (
        "SELECT MIN(id) AS id FROM certificate WHERE status <> 'abandoned'"
        " GROUP BY order_id, usage HAVING COUNT(*) > 1"
    ),
    "a certificate's pair is headed by its signing one": (
        "SELECT c.id FROM certificate c LEFT JOIN certificate s ON s.id = c.pair_id"
        " WHERE s.id IS NULL OR s.usage <> 'signing' OR s.pair_id <> s.id"
        " OR (c.usage = 'signing') <> (c.id = s.id) OR c.order_id <> s.order_id"
        " OR c.account_id <> s.account_id"
    ),
    "an active certificate's order is completed": (
        "SELECT c.id FROM certificate c JOIN certificate_order o ON o.id = c.order_id"
        " WHERE c.status = 'active' AND o.status <> 'completed'"
    ),
}
