-- The cases whose last fact up to the end of the period lies in it and is this one, the newest first.
SELECT
    e.case_kind,
    e.case_id,
    coalesce(o.number, i.number, c.number) AS look_up,
    e.platform_id AS platform,
    e.agency_id AS agency,
    e.happened_at
FROM (
    SELECT *
    FROM (
        SELECT case_kind, case_id, max(seq) AS seq
        FROM lifecycle_event
        WHERE happened_at < $to_ms
            AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
            AND wanted($agencies, agency_id) AND wanted($regions, region)
        GROUP BY ALL
    ) newest
    JOIN lifecycle_event USING (case_kind, case_id, seq)
    WHERE activity = $from_activity AND happened_at >= $from_ms
    ORDER BY happened_at DESC, seq DESC
    LIMIT $most
) e
LEFT JOIN order_fact o ON o.id = e.case_id
LEFT JOIN invoice_fact i ON i.id = e.case_id
LEFT JOIN contract_fact c ON c.id = e.case_id
ORDER BY e.happened_at DESC, e.seq DESC
