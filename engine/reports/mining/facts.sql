-- How many facts the cases have that were under way in the period.
SELECT coalesce(sum(len(string_split(path, ' > '))), 0)
FROM lifecycle_case
WHERE began_at < $to_ms AND happened_at >= $from_ms
    AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
    AND wanted($agencies, agency_id) AND wanted($regions, region)
