"""Questions whose every row is a violation."""

from __future__ import annotations

# A question whose every row is a violation.
INVARIANTS = {
    "an order is downloadable only when paid and approved by those who review it": (
        "SELECT id FROM certificate_order WHERE status IN ('awaiting_download', 'completed')"
        " AND ((paid_at IS NULL AND amount_fen > 0)"
        " OR (platform_reviews = 1 AND platform_approved_by IS NULL)"
        " OR (agency_reviews = 1 AND agency_approved_by IS NULL)"
        " OR platform_approved_by = agency_approved_by)"
    ),
    "a holder has one living certificate of a product per platform": (
        "SELECT MIN(o.id) AS id FROM certificate_order o JOIN certificate_order p"
        " ON p.holder = o.holder AND p.platform_id = o.platform_id AND p.product = o.product"
        " AND p.id <> o.id WHERE o.status = 'completed' AND p.status = 'completed'"
        " AND p.created_at >= o.created_at AND o.certificate_until > p.ended_at"
        " GROUP BY o.holder, o.platform_id, o.product"
    ),
    "a paid order that ended badly is refunded": (
        "SELECT o.id FROM certificate_order o JOIN payment p ON p.order_id = o.id"
        " WHERE o.status IN ('rejected', 'cancelled') AND p.status = 'paid'"
    ),
}
