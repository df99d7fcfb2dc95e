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
WITH moved AS (
    SELECT
        case_kind,
        from_activity,
        to_activity,
        count(*) FILTER (WHERE to_ms < $to_ms) AS moves,
        count(*) FILTER (WHERE from_ms >= $from_ms AND to_ms >= $to_ms) AS stayed,
        quantile_cont(to_ms - from_ms, [0.5, 0.9]) FILTER (WHERE to_ms < $to_ms) AS gaps
    FROM lifecycle_step
    WHERE to_ms >= $from_ms AND from_ms < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
    GROUP BY ALL
), lives AS (
    SELECT case_kind, first_activity, began_at, activity, happened_at
    FROM lifecycle_case
    WHERE happened_at >= $from_ms AND began_at < $to_ms
        AND wanted($kinds, case_kind) AND wanted($platforms, platform_id)
        AND wanted($agencies, agency_id) AND wanted($regions, region)
)
SELECT
    case_kind,
    from_activity,
    to_activity,
    CAST(sum(moves) AS BIGINT) AS moves,
    round(any_value(gaps)[1] / 3600000.0, 2) AS move_p50_h,
    round(any_value(gaps)[2] / 3600000.0, 2) AS move_p90_h
FROM (
    SELECT case_kind, from_activity, to_activity, moves, gaps FROM moved
    UNION ALL
    SELECT case_kind, '', first_activity, count(*), NULL
    FROM lives WHERE began_at >= $from_ms GROUP BY ALL
    UNION ALL
    SELECT case_kind, from_activity, '', stayed, NULL FROM moved
    UNION ALL
    SELECT case_kind, activity, '', count(*), NULL
    FROM lives WHERE happened_at < $to_ms GROUP BY ALL
)
GROUP BY case_kind, from_activity, to_activity
HAVING sum(moves) > 0
ORDER BY case_kind, moves DESC, from_activity, to_activity
