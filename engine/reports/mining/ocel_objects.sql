-- What the facts of the chosen cases are about: the cases, and their reviews, certificates, payments,
-- refunds and invoices, each with what it belongs to.
WITH chosen AS (
    SELECT case_kind, case_id, platform_id, agency_id, region, product, began_at AS since
    FROM lifecycle_case
    WHERE began_at < $to_ms AND happened_at >= $from_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
), things AS (
    SELECT
        c.case_kind AS kind,
        c.case_id AS id,
        c.since,
        CAST(NULL AS VARCHAR) AS belongs_to,
        '' AS how,
        {
            'platform': c.platform_id,
            'agency': c.agency_id,
            'region': c.region,
            'product': c.product
        }::JSON AS told
    FROM chosen c
    UNION ALL
    SELECT 'review', r.id, r.opened_at, r.case_id, 'reviews', {'stage': r.stage, 'status': r.status}::JSON
    FROM review_task r
    SEMI JOIN chosen c ON c.case_id = r.case_id
    UNION ALL
    SELECT
        'certificate', t.id, t.created_at, t.order_id, 'was ordered by',
        {'usage': t.usage, 'status': t.status}::JSON
    FROM certificate_fact t
    SEMI JOIN chosen c ON c.case_id = t.order_id
    UNION ALL
    SELECT
        'payment', p.id, p.created_at, p.order_id, 'pays',
        {'status': p.status, 'amount_fen': p.amount_fen}::JSON
    FROM payment_fact p
    SEMI JOIN chosen c ON c.case_id = p.order_id
    UNION ALL
    SELECT
        'refund', f.id, f.requested_at, f.order_id, 'gives back',
        {'status': f.status, 'amount_fen': f.amount_fen}::JSON
    FROM refund_fact f
    SEMI JOIN chosen c ON c.case_id = f.order_id
    UNION ALL
    SELECT
        'invoice', i.id, n.created_at, i.order_id, 'invoices',
        {'status': n.status, 'amount_fen': n.total_fen}::JSON
    FROM invoiced_order_fact i
    JOIN invoice_fact n ON n.id = i.invoice_id
    SEMI JOIN chosen c ON c.case_id = i.order_id
)
SELECT
    min(kind) AS kind,
    id,
    min(since) AS since,
    list(DISTINCT {'object': belongs_to, 'how': how}) FILTER (WHERE belongs_to IS NOT NULL) AS links,
    CAST(any_value(told) AS VARCHAR) AS told
FROM things
GROUP BY id
ORDER BY kind, id
