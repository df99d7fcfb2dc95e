-- title.en: Why cases are rejected
-- title.zh: 驳回原因
-- question.en: Which reasons make up most of the rejections?
-- question.zh: 驳回主要集中在哪些原因？
-- unit.en: reasons given; percent
-- unit.zh: 次；%
-- parameters: from_ms, to_ms, platforms, agencies, regions, stages, reviewers, by, levels
-- definition.en: Each reason that a rejection named counts once, in the period (Shanghai) of the decision; a rejection for two reasons counts under both. The running share adds up the reasons from the commonest down, within the row's other columns.
-- definition.zh: 驳回时选择的每个原因各计一次，按决定所在时段（上海时间）计；一次驳回有两个原因的，两个原因下各计一次。累计占比在其余各列相同的范围内，由最常见的原因起依次累加。
-- terms: reason, rework
-- by: all, month, week, day, quarter, year
-- levels: stage, reviewer, platform, agency, region
-- keys: period, stage, reviewer, platform, agency, region, rejected_for
-- derived: share_percent, running_percent
-- chart: pareto, x=rejected_for, y=rejections, split=stage
WITH told AS (
    SELECT
        period_start($by, decided_at) AS started,
        CASE WHEN asked($levels, 'stage') THEN stage END AS stage,
        CASE WHEN asked($levels, 'reviewer') THEN coalesce(decided_by, '') END AS reviewer,
        CASE WHEN asked($levels, 'platform') THEN coalesce(platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(region, '') END AS region,
        code,
        attempt,
        case_id,
        decided_at
    FROM reason_fact
    WHERE decided_at >= $from_ms AND decided_at < $to_ms
        AND wanted($platforms, platform_id) AND wanted($agencies, agency_id)
        AND wanted($regions, region) AND wanted($stages, stage)
        AND wanted($reviewers, decided_by)
), behind AS (
    SELECT
        period_text($by, started) AS period,
        stage,
        reviewer,
        platform,
        agency,
        region,
        code AS rejected_for,
        TRUE AS rejections,
        attempt = 1 AS first_rejections,
        case_id AS look_up,
        decided_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    stage,
    reviewer,
    platform,
    agency,
    region,
    code AS rejected_for,
    rejections,
    first_rejections,
    round(100.0 * rejections / sum(rejections) OVER alike, 1) AS share_percent,
    round(100.0 * sum(rejections) OVER (alike ORDER BY rejections DESC, code)
        / sum(rejections) OVER alike, 1) AS running_percent
FROM (
    SELECT
        started, stage, reviewer, platform, agency, region, code,
        count(*) AS rejections,
        count(*) FILTER (WHERE attempt = 1) AS first_rejections
    FROM told
    GROUP BY ALL
)
WINDOW alike AS (PARTITION BY started, stage, reviewer, platform, agency, region)
ORDER BY started, stage, reviewer, platform, agency, region, rejections DESC, rejected_for
