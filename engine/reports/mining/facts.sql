-- How many facts the cases have that have a fact in the period.
SELECT count(*)
FROM lifecycle_event
SEMI JOIN (
    SELECT DISTINCT case_kind, case_id
    FROM lifecycle_event
    WHERE happened_at >= $from_ms AND happened_at < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
) chosen USING (case_kind, case_id)
