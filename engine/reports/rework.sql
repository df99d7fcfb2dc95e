-- title.en: Rework
-- title.zh: 更正重提
-- question.en: How often does a case come back, does it pass then, and how long does the applicant take?
-- question.zh: 案件被退回后重提了几次，重提后能否通过，申请人多久重提？
-- unit.en: cases; percent; hours (elapsed)
-- unit.zh: 件；%；小时（实际经过）
-- parameters: from_ms, to_ms, platforms, agencies, regions, stages, by, levels
-- definition.en: A case counts in the period (Shanghai) in which it was decided, as the first, second, third … try of the same matter at the same stage. Came back: of the rejected, those that were handed in again since, whenever that was; the hours run from the rejection to that. Second looks are left out.
-- definition.zh: 按作出决定的时段（上海时间）计，区分同一事项在同一环节第几次提交。重提率：被驳回的案件中之后又重新提交的比例，不论何时重提；用时自驳回至重提。复查件不计入。
-- terms: rework, first_pass
-- by: all, month, week, day, quarter, year
-- levels: stage, platform, agency, region
-- shown: stage
-- keys: period, stage, platform, agency, region, attempt
-- chart: bar, x=attempt, y=decided|passed_percent|came_back_percent|came_back_p50_h, split=stage
WITH told AS (
    SELECT
        period_start($by, t.decided_at) AS started,
        CASE WHEN asked($levels, 'stage') THEN t.stage END AS stage,
        CASE WHEN asked($levels, 'platform') THEN coalesce(t.platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(t.agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(t.region, '') END AS region,
        t.attempt,
        t.status = 'approved' AS passed,
        CASE WHEN t.status = 'rejected' THEN a.opened_at IS NOT NULL END AS came_back,
        CASE WHEN t.status = 'rejected' THEN a.opened_at - t.decided_at END AS back_ms,
        t.id,
        t.decided_at
    FROM review_task t
    LEFT JOIN (
        SELECT corrects, min(opened_at) AS opened_at
        FROM review_task
        WHERE corrects IS NOT NULL AND sample_of IS NULL
        GROUP BY corrects
    ) a ON a.corrects = t.id
    WHERE t.sample_of IS NULL AND t.status IN ('approved', 'rejected')
        AND t.decided_at >= $from_ms AND t.decided_at < $to_ms
        AND wanted($platforms, t.platform_id) AND wanted($agencies, t.agency_id)
        AND wanted($regions, t.region) AND wanted($stages, t.stage)
), behind AS (
    SELECT
        period_text($by, started) AS period,
        stage,
        platform,
        agency,
        region,
        attempt,
        TRUE AS decided,
        passed,
        NOT passed AS rejected,
        came_back,
        back_ms / 3600000.0 AS came_back_h,
        id AS look_up,
        decided_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    stage,
    platform,
    agency,
    region,
    attempt,
    count(*) AS decided,
    count(*) FILTER (WHERE passed) AS passed,
    round(100.0 * count(*) FILTER (WHERE passed) / count(*), 1) AS passed_percent,
    count(*) FILTER (WHERE NOT passed) AS rejected,
    count(*) FILTER (WHERE came_back) AS came_back,
    round(100.0 * count(*) FILTER (WHERE came_back) / nullif(count(came_back), 0), 1)
        AS came_back_percent,
    round(median(back_ms) / 3600000.0, 1) AS came_back_p50_h
FROM told
GROUP BY started, stage, platform, agency, region, attempt
ORDER BY started, stage, platform, agency, region, attempt
