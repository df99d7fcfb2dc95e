-- The cases begun in the period whose facts, in order, are these, those that lasted longest first.
SELECT
    l.case_kind,
    l.case_id,
    coalesce(o.number, i.number, c.number) AS look_up,
    round((l.last - l.began) / 3600000.0, 2) AS lasts_h,
    l.began AS happened_at
FROM (
    SELECT
        case_kind,
        case_id,
        list_sort(list({'seq': seq, 'activity': activity})) AS facts,
        min(happened_at) AS began,
        max(happened_at) AS last
    FROM lifecycle_event
    WHERE wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
    GROUP BY case_kind, case_id
    HAVING began >= $from_ms AND began < $to_ms
) l
LEFT JOIN order_fact o ON o.id = l.case_id
LEFT JOIN invoice_fact i ON i.id = l.case_id
LEFT JOIN contract_fact c ON c.id = l.case_id
WHERE array_to_string(list_transform(l.facts, lambda fact: fact.activity), ' > ') = $path
ORDER BY l.last - l.began DESC, l.case_id
LIMIT $most
