-- title.en: Variants
-- title.zh: 流程变体
-- question.en: Which ways do cases take from their first fact to their last one, how often, and how long do they last?
-- question.zh: 案件从头到尾走过哪些路径，各有多少，持续多久？
-- unit.en: cases; percent; hours (elapsed)
-- unit.zh: 件；%；小时（实际经过）
-- parameters: from_ms, to_ms, platforms, agencies, regions, kinds
-- definition.en: Cases whose first fact lies in the period, with all their facts up to now. Two cases are of one variant when they have the same facts in the same order. Lasting runs from the first fact to the last one so far. Of a kind the 200 most frequent variants are told; the share is of all its cases.
-- definition.zh: 首个事实发生在期内的案件，取其截至目前的全部事实。事实及其先后完全相同的案件属于同一变体。持续时间自首个事实至目前最后一个事实。每类列出最常见的 200 个变体，占比以该类全部案件为分母。
-- keys: case_kind, path
WITH told AS (
    SELECT
        case_kind,
        path,
        count(*) AS cases,
        quantile_cont(happened_at - began_at, [0.5, 0.9]) AS lasts,
        min(case_id) AS example
    FROM lifecycle_case
    WHERE began_at >= $from_ms AND began_at < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
    GROUP BY case_kind, path
), shares AS (
    SELECT
        *,
        sum(cases) OVER (PARTITION BY case_kind) AS of_kind,
        row_number() OVER (PARTITION BY case_kind ORDER BY cases DESC, path) AS place
    FROM told
)
SELECT
    case_kind,
    path,
    cases,
    round(100.0 * cases / of_kind, 1) AS share_percent,
    round(lasts[1] / 3600000.0, 2) AS lasts_p50_h,
    round(lasts[2] / 3600000.0, 2) AS lasts_p90_h,
    example
FROM shares
WHERE place <= 200
ORDER BY case_kind, place
