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
    "no two certificates of a holder live at once": (
        "SELECT MIN(a.id) AS id FROM certificate a JOIN certificate_order o ON o.id = a.order_id"
        " JOIN certificate_order p ON p.holder = o.holder AND p.platform_id = o.platform_id"
        " AND p.product = o.product JOIN certificate b ON b.order_id = p.id"
        " WHERE a.id < b.id AND a.usage = 'signing' AND b.usage = 'signing'"
        " AND a.status IN ('active', 'suspended') AND b.status IN ('active', 'suspended')"
        " AND a.not_before < b.not_after AND b.not_before < a.not_after GROUP BY a.id"
    ),
    "an active certificate's order is completed": (
        "SELECT c.id FROM certificate c JOIN certificate_order o ON o.id = c.order_id"
        " WHERE c.status = 'active' AND o.status <> 'completed'"
    ),
    "nobody is told twice that their order waits, or that it goes on": (
        "SELECT subject AS id FROM message WHERE kind IN ('order.paused', 'order.resumed')"
        " GROUP BY subject, account_id"
        " HAVING SUM(CASE kind WHEN 'order.paused' THEN 1 ELSE -1 END) NOT IN (0, 1)"
    ),
}
