-- The kinds of case, and how many cases of each have facts: every case has one newest fact.
SELECT case_kind, count(*) AS cases
FROM lifecycle_case
GROUP BY case_kind
ORDER BY cases DESC, case_kind
