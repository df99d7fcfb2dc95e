-- The cases whose first fact lies in the period and is this one, the newest first.
SELECT
    e.case_kind,
    e.case_id,
    coalesce(o.number, i.number, c.number) AS look_up,
    e.platform_id AS platform,
    e.agency_id AS agency,
    e.began_at AS happened_at
FROM (
    SELECT *
    FROM lifecycle_case
    WHERE first_activity = $to_activity AND began_at >= $from_ms AND began_at < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
    ORDER BY began_at DESC, case_id
    LIMIT $most
) e
LEFT JOIN order_fact o ON o.id = e.case_id
LEFT JOIN invoice_fact i ON i.id = e.case_id
LEFT JOIN contract_fact c ON c.id = e.case_id
ORDER BY e.began_at DESC, e.case_id
