-- The cases whose first fact lies in the period and is this one, the newest first.
SELECT
    e.case_kind,
    e.case_id,
    coalesce(o.number, i.number, c.number) AS look_up,
    e.platform_id AS platform,
    e.agency_id AS agency,
    e.happened_at
FROM (
    SELECT *
    FROM lifecycle_event f
    WHERE activity = $to_activity AND happened_at >= $from_ms AND happened_at < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
        AND NOT EXISTS (
            SELECT 1
            FROM lifecycle_step s
            WHERE s.case_kind = f.case_kind AND s.case_id = f.case_id AND s.to_seq = f.seq
        )
    ORDER BY happened_at DESC, seq DESC
    LIMIT $most
) e
LEFT JOIN order_fact o ON o.id = e.case_id
LEFT JOIN invoice_fact i ON i.id = e.case_id
LEFT JOIN contract_fact c ON c.id = e.case_id
ORDER BY e.happened_at DESC, e.seq DESC
