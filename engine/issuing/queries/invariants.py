"""Questions whose every row is a violation."""

from __future__ import annotations

INVARIANTS = {
    "no certificate without payment and both approvals": (
        "SELECT c.id FROM certificate c JOIN certificate_order o ON o.id = c.order_id"
        " WHERE c.status <> 'abandoned' AND (o.paid_at IS NULL OR o.platform_approved_by IS NULL"
        " OR o.agency_approved_by IS NULL OR o.platform_approved_by = o.agency_approved_by)"
    ),
    "serials are unique": (
        "SELECT MIN(id) AS id FROM certificate GROUP BY agency_id, serial_hex HAVING COUNT(*) > 1"
    ),
    "one usable certificate to an order": (
        "SELECT MIN(id) AS id FROM certificate WHERE status <> 'abandoned'"
        " GROUP BY order_id HAVING COUNT(*) > 1"
    ),
    "an active certificate's order is completed": (
        "SELECT c.id FROM certificate c JOIN certificate_order o ON o.id = c.order_id"
        " WHERE c.status = 'active' AND o.status <> 'completed'"
    ),
}
