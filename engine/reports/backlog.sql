-- title.en: Backlog
-- title.zh: 积压
-- question.en: How many cases were open at the end of each day or hour, and how many came and went in it?
-- question.zh: 每天（每小时）结束时有多少件未办结，其间新收、办结各多少？
-- unit.en: cases
-- unit.zh: 件
-- parameters: from_ms, to_ms, platforms, agencies, regions, stages, by, levels
-- definition.en: A case is open from when it came to the desk until it was decided or withdrawn; one on hold is open. Backlog is what was open at the end of the day, hour, week or month (Shanghai); of one that has not ended yet, now. An hour is named by its end. Came and left are counted since the end before. Second looks are left out.
-- definition.zh: 案件自到达审核台起至作出决定或撤回为止为未办结，挂起的也算。积压为当天、当小时、当周、当月结束时（上海时间）的未办结件数，尚未结束的按当前计；小时以其结束时刻表示。“新收”“办结”为上一时点至该时点之间的件数。复查件不计入。
-- terms: backlog
-- by: day, hour, week, month, all
-- levels: stage, platform, agency, region
-- shown: stage
-- keys: moment, stage, platform, agency, region
-- chart: area, x=moment, y=backlog|came|left_desk, split=stage
WITH told AS (
    SELECT
        CASE WHEN asked($levels, 'stage') THEN stage END AS stage,
        CASE WHEN asked($levels, 'platform') THEN coalesce(platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(region, '') END AS region,
        opened_at,
        CASE WHEN ended_at < $to_ms THEN ended_at END AS ended_at,
        id
    FROM review_task
    WHERE sample_of IS NULL AND opened_at < $to_ms
        AND wanted($platforms, platform_id) AND wanted($agencies, agency_id)
        AND wanted($regions, region) AND wanted($stages, stage)
), span AS (
    SELECT
        greatest($from_ms, (SELECT min(opened_at) FROM told)) AS first_ms,
        least($to_ms, (SELECT max(occurred_at) + 1 FROM watermark)) AS last_ms
), moments AS (
    SELECT
        bucket,
        bucket_text($by, bucket) AS moment,
        greatest(bucket_start($by, bucket), $from_ms) AS after_ms,
        least(bucket_start($by, bucket + 1), last_ms) AS ms
    FROM (
        SELECT
            last_ms,
            unnest(generate_series(bucket_of($by, first_ms), bucket_of($by, last_ms - 1))) AS bucket
        FROM span
    )
), behind AS (
    SELECT
        m.moment,
        t.stage,
        t.platform,
        t.agency,
        t.region,
        t.ended_at IS NULL OR t.ended_at >= m.ms AS backlog,
        t.opened_at >= m.after_ms AS came,
        coalesce(t.ended_at < m.ms, FALSE) AS left_desk,
        (least(coalesce(t.ended_at, m.ms), m.ms) - t.opened_at) / 3600000.0 AS open_h,
        t.id AS look_up,
        t.opened_at AS happened_at
    FROM moments m
    JOIN told t ON t.opened_at < m.ms AND (t.ended_at IS NULL OR t.ended_at >= m.after_ms)
)
/* figures */
, changes AS (
    SELECT
        greatest(bucket_of($by, opened_at), (SELECT bucket_of($by, first_ms) FROM span)) AS bucket,
        stage, platform, agency, region,
        count(*) AS opened,
        count(*) FILTER (WHERE opened_at >= $from_ms) AS came,
        0 AS ended,
        0 AS left_desk
    FROM told
    GROUP BY ALL
    UNION ALL
    SELECT
        greatest(bucket_of($by, ended_at), (SELECT bucket_of($by, first_ms) FROM span)),
        stage, platform, agency, region,
        0,
        0,
        count(*),
        count(*) FILTER (WHERE ended_at >= $from_ms)
    FROM told
    WHERE ended_at IS NOT NULL
    GROUP BY ALL
), each_one AS (
    SELECT stage, platform, agency, region FROM changes GROUP BY ALL
)
SELECT
    moment,
    stage,
    platform,
    agency,
    region,
    (sum(opened) OVER running - sum(ended) OVER running)::BIGINT AS backlog,
    came,
    left_desk
FROM (
    SELECT
        m.bucket, m.moment, e.stage, e.platform, e.agency, e.region,
        coalesce(sum(c.opened), 0)::BIGINT AS opened,
        coalesce(sum(c.ended), 0)::BIGINT AS ended,
        coalesce(sum(c.came), 0)::BIGINT AS came,
        coalesce(sum(c.left_desk), 0)::BIGINT AS left_desk
    FROM moments m
    CROSS JOIN each_one e
    LEFT JOIN changes c ON c.bucket = m.bucket
        AND c.stage IS NOT DISTINCT FROM e.stage AND c.platform IS NOT DISTINCT FROM e.platform
        AND c.agency IS NOT DISTINCT FROM e.agency AND c.region IS NOT DISTINCT FROM e.region
    GROUP BY ALL
)
WINDOW running AS (PARTITION BY stage, platform, agency, region ORDER BY bucket)
ORDER BY bucket, stage, platform, agency, region
