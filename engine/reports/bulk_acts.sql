-- title.en: Bulk acts
-- title.zh: 批量操作
-- question.en: How many lists were frozen, agreed to, carried out and stopped, and how long did it take?
-- question.zh: 冻结了多少名单，多少经第二人同意、全部执行、终止，各用多久？
-- unit.en: lists; minutes (elapsed)
-- unit.zh: 份名单；分钟（实际经过）
-- parameters: from_ms, to_ms, platforms, agencies, by, levels
-- definition.en: A list counts in the period (Shanghai) in which it was frozen, and for a platform or CA if all of its items belong to that one. Agreed to: by a second person. Finished: every item has its result. Stopped: ended with items left alone. Dropped: put away before it was started. Both times run from freezing, nights and holidays included: to the second person's agreement, and to the end of a list that was started.
-- definition.zh: 按冻结名单所在时段（上海时间）计；全部条目同属一个平台或 CA 的，计入该平台或 CA。经同意指第二人已同意。已全部执行指每条都有结果；终止指提前结束、其余条目未动；放弃指未开始即撤销。两项用时均自冻结起算，含夜间和节假日：至第二人同意；至已开始名单的结束。
-- terms: frozen_list
-- by: month, day, week, quarter, year, all
-- levels: act, platform, agency
-- shown: act
-- keys: period, act, platform, agency
-- headlines: lists, listed_items, agreed_lists, finished_lists, to_end_p50_min
-- chart: bar, x=period, y=lists|listed_items|agreed_lists|finished_lists|stopped_lists|second_person_p50_min|to_end_p50_min, split=act
WITH told AS (
    SELECT
        period_start($by, made_at) AS started,
        CASE WHEN asked($levels, 'act') THEN act END AS act,
        CASE WHEN asked($levels, 'platform') THEN coalesce(platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(agency_id, '') END AS agency,
        status,
        size,
        approved_at IS NOT NULL AS agreed,
        approved_at - made_at AS second_ms,
        CASE WHEN started_at IS NOT NULL THEN ended_at - made_at END AS end_ms,
        id,
        made_at
    FROM bulk_fact
    WHERE made_at >= $from_ms AND made_at < $to_ms
        AND wanted($platforms, platform_id) AND wanted($agencies, agency_id)
), behind AS (
    SELECT
        period_text($by, started) AS period,
        act,
        platform,
        agency,
        TRUE AS lists,
        size AS listed_items,
        agreed AS agreed_lists,
        status = 'done' AS finished_lists,
        status = 'stopped' AS stopped_lists,
        status = 'dropped' AS dropped_lists,
        second_ms / 60000.0 AS second_person_min,
        end_ms / 60000.0 AS to_end_min,
        id AS look_up,
        made_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    act,
    platform,
    agency,
    count(*) AS lists,
    sum(size)::BIGINT AS listed_items,
    count(*) FILTER (WHERE agreed) AS agreed_lists,
    count(*) FILTER (WHERE status = 'done') AS finished_lists,
    count(*) FILTER (WHERE status = 'stopped') AS stopped_lists,
    count(*) FILTER (WHERE status = 'dropped') AS dropped_lists,
    round(median(second_ms) / 60000.0, 1) AS second_person_p50_min,
    round(quantile_cont(end_ms, 0.5) / 60000.0, 1) AS to_end_p50_min,
    round(quantile_cont(end_ms, 0.9) / 60000.0, 1) AS to_end_p90_min
FROM told
GROUP BY started, act, platform, agency
ORDER BY started, act, platform, agency
