"""Questions whose every row is a violation."""

from __future__ import annotations

# A question whose every row is a violation.
INVARIANTS = {
    "a ledger posting adds up to zero": (
        "SELECT posting_id AS id FROM ledger_line GROUP BY posting_id HAVING SUM(amount_fen) <> 0"
    ),
    "what was paid and not refunded stands in the ledger": (
        "SELECT p.id FROM payment p WHERE COALESCE((SELECT SUM(l.amount_fen) FROM ledger_line l"
        " WHERE l.order_id = p.order_id AND l.account = 'bank'), 0)"
        " <> CASE WHEN p.status IN ('paid', 'refunding') THEN p.amount_fen ELSE 0 END"
    ),
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
