-- The facts of one case in order.
SELECT
    activity,
    actor_kind,
    happened_at,
    round((happened_at - lag(happened_at) OVER in_order) / 3600000.0, 2) AS since_before_h
FROM lifecycle_event
WHERE case_kind = $case_kind AND case_id = $case_id
WINDOW in_order AS (ORDER BY seq)
ORDER BY seq
