-- The cases begun in the period whose facts, in order, are these, those that lasted longest first.
SELECT
    l.case_kind,
    l.case_id,
    coalesce(o.number, i.number, c.number) AS look_up,
    round((l.happened_at - l.began_at) / 3600000.0, 2) AS lasts_h,
    l.platform_id AS platform,
    l.agency_id AS agency,
    l.began_at AS happened_at
FROM (
    SELECT *
    FROM lifecycle_case
    WHERE path = $path AND began_at >= $from_ms AND began_at < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
    ORDER BY happened_at - began_at DESC, case_id
    LIMIT $most
) l
LEFT JOIN order_fact o ON o.id = l.case_id
LEFT JOIN invoice_fact i ON i.id = l.case_id
LEFT JOIN contract_fact c ON c.id = l.case_id
ORDER BY l.happened_at - l.began_at DESC, l.case_id
