-- title.en: Waiting and handling
-- title.zh: 审核时效
-- question.en: How long do cases wait until somebody looks, how long until they are decided, and how many pass at the first try?
-- question.zh: 各环节等待处理、作出决定各要多久，一次通过多少？
-- unit.en: cases; percent; minutes of office hours
-- unit.zh: 件；%；分钟（办公时间）
-- parameters: from_ms, to_ms, platforms, agencies, regions, stages, reviewers, by, levels
-- definition.en: A case counts in the period and in the hour (Shanghai) in which it was decided. Waiting: from opening to the first look; handling: from there to the decision. Both are in office hours, time on hold taken off; “elapsed” is the whole way, nights and holidays included. First pass: of the cases that are not corrections of a rejected one, the share that was approved. Overdue: decided after the limit that held when the case was opened. Second looks are no cases here.
-- definition.zh: 按作出决定的时段、时刻（上海时间）计。等待：自立案至首次处理；处理：自首次处理至作出决定。两者均按办公时间计，已扣除挂起时间；“实际经过”为全程用时，含夜间和节假日。一次通过率：首次提交（非更正重提）的案件中通过的比例。超时：作出决定时已超过立案时生效的办结时限。复查件不计入。
-- terms: waiting, handling, office_hours, first_pass, overdue
-- by: month, day, week, quarter, year, all
-- levels: stage, reviewer, platform, agency, region, hour
-- shown: stage
-- keys: period, stage, reviewer, platform, agency, region, hour
-- headlines: decided, first_pass_percent, overdue_percent, wait_p50_min, wait_p90_min, handle_p90_min
-- chart: line, x=period, y=wait_p90_min|wait_p50_min|wait_p99_min|handle_p50_min|handle_p90_min|handle_p99_min|elapsed_p50_min|decided|first_pass_percent|overdue_percent, split=stage
WITH told AS (
    SELECT
        period_start($by, decided_at) AS started,
        CASE WHEN asked($levels, 'stage') THEN stage END AS stage,
        CASE WHEN asked($levels, 'reviewer') THEN decided_by END AS reviewer,
        CASE WHEN asked($levels, 'platform') THEN coalesce(platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(region, '') END AS region,
        CASE WHEN asked($levels, 'hour') THEN hour_of(decided_at) END AS hour,
        status = 'approved' AS approved,
        CASE WHEN attempt = 1 THEN status = 'approved' END AS first_pass,
        coalesce(overdue, FALSE) AS overdue,
        wait_business_ms,
        handle_business_ms,
        wait_ms + handle_ms AS elapsed_ms,
        id,
        case_id,
        decided_at
    FROM review_task
    WHERE sample_of IS NULL AND status IN ('approved', 'rejected')
        AND decided_at >= $from_ms AND decided_at < $to_ms
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
        hour,
        TRUE AS decided,
        approved,
        NOT approved AS rejected,
        first_pass,
        overdue,
        wait_business_ms / 60000.0 AS wait_min,
        handle_business_ms / 60000.0 AS handle_min,
        elapsed_ms / 60000.0 AS elapsed_min,
        id AS look_up,
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
    hour,
    decided,
    approved,
    decided - approved AS rejected,
    first_pass_percent,
    overdue,
    round(100.0 * overdue / decided, 1) AS overdue_percent,
    round(wait[1] / 60000.0, 1) AS wait_p50_min,
    round(wait[2] / 60000.0, 1) AS wait_p90_min,
    round(wait[3] / 60000.0, 1) AS wait_p99_min,
    round(handle[1] / 60000.0, 1) AS handle_p50_min,
    round(handle[2] / 60000.0, 1) AS handle_p90_min,
    round(handle[3] / 60000.0, 1) AS handle_p99_min,
    round(elapsed[1] / 60000.0, 1) AS elapsed_p50_min,
    round(elapsed[2] / 60000.0, 1) AS elapsed_p90_min,
    round(elapsed[3] / 60000.0, 1) AS elapsed_p99_min
FROM (
    SELECT
        started, stage, reviewer, platform, agency, region, hour,
        count(*) AS decided,
        count(*) FILTER (WHERE approved) AS approved,
        round(100.0 * count(*) FILTER (WHERE first_pass) / nullif(count(first_pass), 0), 1)
            AS first_pass_percent,
        count(*) FILTER (WHERE overdue) AS overdue,
        quantile_cont(wait_business_ms, [0.5, 0.9, 0.99]) AS wait,
        quantile_cont(handle_business_ms, [0.5, 0.9, 0.99]) AS handle,
        quantile_cont(elapsed_ms, [0.5, 0.9, 0.99]) AS elapsed
    FROM told
    GROUP BY ALL
)
ORDER BY started, stage, reviewer, platform, agency, region, hour
