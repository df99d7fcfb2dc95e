-- title.en: Process map
-- title.zh: 流程图
-- question.en: What follows what in the life of a case, how often, and after how long?
-- question.zh: 案件从一步走到下一步的有多少次，间隔多久？
-- unit.en: moves; hours (elapsed)
-- unit.zh: 次；小时（实际经过）
-- parameters: from_ms, to_ms, platforms, agencies, regions, kinds
-- definition.en: A move is two facts of the log that follow each other directly in one case, counted when the second one happened; a case that makes a move twice counts twice. Times run from the first fact to the second, nights and holidays included. Begun: the case's first fact. Ended here so far: the last fact up to the end of the period; cases under way stand there too.
-- definition.zh: 同一案件在日志中前后相邻的两个事实为一次流转，按后一事实发生的时间计；同一案件两次经过同一流转计两次。间隔自前一事实起算至后一事实，含夜间和节假日。“开始”指案件的第一个事实；“目前止于此”指截至期末的最后一个事实，办理中的案件也计在内。
-- keys: case_kind, from_activity, to_activity
WITH happened AS (
    SELECT case_kind, activity, count(*) AS n
    FROM lifecycle_event
    WHERE happened_at >= $from_ms AND happened_at < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
    GROUP BY ALL
), moved AS (
    SELECT
        case_kind,
        from_activity,
        to_activity,
        count(*) FILTER (WHERE to_ms >= $from_ms AND to_ms < $to_ms) AS arrived,
        count(*) FILTER (WHERE from_ms >= $from_ms AND to_ms < $to_ms) AS went_on,
        quantile_cont(to_ms - from_ms, [0.5, 0.9])
            FILTER (WHERE to_ms >= $from_ms AND to_ms < $to_ms) AS gaps
    FROM lifecycle_step
    WHERE to_ms >= $from_ms AND from_ms < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
    GROUP BY ALL
), ends AS (
    SELECT
        h.case_kind,
        h.activity,
        h.n - coalesce(i.n, 0) AS begun,
        h.n - coalesce(o.n, 0) AS ended
    FROM happened h
    LEFT JOIN (
        SELECT case_kind, to_activity AS activity, sum(arrived) AS n FROM moved GROUP BY ALL
    ) i ON i.case_kind = h.case_kind AND i.activity = h.activity
    LEFT JOIN (
        SELECT case_kind, from_activity AS activity, sum(went_on) AS n FROM moved GROUP BY ALL
    ) o ON o.case_kind = h.case_kind AND o.activity = h.activity
)
SELECT
    case_kind,
    from_activity,
    to_activity,
    CAST(moves AS BIGINT) AS moves,
    round(gaps[1] / 3600000.0, 2) AS move_p50_h,
    round(gaps[2] / 3600000.0, 2) AS move_p90_h
FROM (
    SELECT case_kind, from_activity, to_activity, arrived AS moves, gaps FROM moved WHERE arrived > 0
    UNION ALL
    SELECT case_kind, '', activity, begun, NULL FROM ends WHERE begun > 0
    UNION ALL
    SELECT case_kind, activity, '', ended, NULL FROM ends WHERE ended > 0
)
ORDER BY case_kind, moves DESC, from_activity, to_activity
