-- The facts of the cases that were under way in the period, each once, with the case or cases that it is of and
-- what else it is about.
WITH chosen AS (
    SELECT case_kind, case_id
    FROM lifecycle_case
    WHERE began_at < $to_ms AND happened_at >= $from_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
), facts AS (
    SELECT
        seq,
        any_value(activity) AS activity,
        any_value(happened_at) AS happened_at,
        any_value(actor_kind) AS actor_kind,
        list(DISTINCT case_id) AS cases
    FROM lifecycle_event
    SEMI JOIN chosen USING (case_kind, case_id)
    GROUP BY seq
)
SELECT
    f.seq,
    f.activity,
    f.happened_at,
    f.actor_kind,
    list_sort(f.cases) AS cases,
    CASE WHEN NOT list_contains(f.cases, e.subject) THEN t.id END AS about
FROM facts f
LEFT JOIN event_fact e ON e.seq = f.seq
LEFT JOIN (
    SELECT id FROM review_task
    UNION ALL
    SELECT id FROM certificate_fact
    UNION ALL
    SELECT id FROM payment_fact
    UNION ALL
    SELECT id FROM refund_fact
    UNION ALL
    SELECT id FROM invoice_fact
) t ON t.id = e.subject
ORDER BY f.seq
