-- Every fact of the cases that were under way in the period, case by case and in order.
SELECT
    e.case_kind,
    e.case_id,
    e.activity,
    e.happened_at,
    e.actor_kind,
    e.platform_id,
    e.agency_id,
    e.region,
    e.product
FROM lifecycle_event e
SEMI JOIN (
    SELECT case_kind, case_id
    FROM lifecycle_case
    WHERE began_at < $to_ms AND happened_at >= $from_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
) chosen USING (case_kind, case_id)
ORDER BY e.case_kind, e.case_id, e.seq
