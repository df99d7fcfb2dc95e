-- The cases that made a move in the period, the slowest first.
SELECT
    s.case_kind,
    s.case_id,
    coalesce(o.number, i.number, c.number) AS look_up,
    round((s.to_ms - s.from_ms) / 3600000.0, 2) AS took_h,
    s.platform_id AS platform,
    s.agency_id AS agency,
    s.to_ms AS happened_at
FROM (
    SELECT *
    FROM lifecycle_step
    WHERE from_activity = $from_activity AND to_activity = $to_activity
        AND to_ms >= $from_ms AND to_ms < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
    ORDER BY to_ms - from_ms DESC, to_seq
    LIMIT $most
) s
LEFT JOIN order_fact o ON o.id = s.case_id
LEFT JOIN invoice_fact i ON i.id = s.case_id
LEFT JOIN contract_fact c ON c.id = s.case_id
ORDER BY s.to_ms - s.from_ms DESC, s.to_seq
