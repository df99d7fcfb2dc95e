-- The cases whose last fact up to the end of the period lies in it and is this one, the newest first: the
-- newest of all, or one that something followed after the period.
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
        SELECT case_kind, case_id, platform_id, agency_id, region, happened_at
        FROM lifecycle_case
        WHERE activity = $from_activity AND happened_at >= $from_ms AND happened_at < $to_ms
        UNION ALL
        SELECT case_kind, case_id, platform_id, agency_id, region, from_ms
        FROM lifecycle_step
        WHERE from_activity = $from_activity AND from_ms >= $from_ms AND from_ms < $to_ms
            AND to_ms >= $to_ms
    )
    WHERE wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
    ORDER BY happened_at DESC, case_id
    LIMIT $most
) e
LEFT JOIN order_fact o ON o.id = e.case_id
LEFT JOIN invoice_fact i ON i.id = e.case_id
LEFT JOIN contract_fact c ON c.id = e.case_id
ORDER BY e.happened_at DESC, e.case_id
