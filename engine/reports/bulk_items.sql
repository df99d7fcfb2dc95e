-- title.en: Items of bulk acts
-- title.zh: 批量条目
-- question.en: How did the items of bulk acts end, and how often as the dry run had said?
-- question.zh: 批量操作的条目结果如何，与试跑一致的有多少？
-- unit.en: items
-- unit.zh: 条
-- parameters: from_ms, to_ms, platforms, agencies, by, levels
-- definition.en: Items of lists that were started, each in the period (Shanghai) in which its list was frozen, and under its own platform and CA. Left alone: the list was stopped before it. Open: the list goes on. As foreseen: of the items with a result, those that ended as the dry run had said, refused for the same reason included.
-- definition.zh: 已开始名单的条目，按名单冻结所在时段（上海时间）计，归入条目自身的平台与 CA。未动指名单在轮到它之前终止；未办指名单仍在进行。与试跑一致：已有结果的条目中，结果与试跑相同的（含以同一原因被拒）。
-- terms: frozen_list, dry_run
-- by: month, day, week, quarter, year, all
-- levels: act, ended_as, platform, agency
-- shown: act
-- keys: period, act, ended_as, platform, agency
-- headlines: items, items_done, items_refused, items_left, as_foreseen_percent
-- chart: bar, x=period, y=items|items_done|items_refused|items_left|as_foreseen_percent, split=act
WITH told AS (
    SELECT
        period_start($by, b.made_at) AS started,
        CASE WHEN asked($levels, 'act') THEN b.act END AS act,
        CASE WHEN asked($levels, 'ended_as') THEN
            coalesce(i.outcome, CASE b.status WHEN 'stopped' THEN 'left_alone' ELSE 'open' END)
        END AS ended_as,
        CASE WHEN asked($levels, 'platform') THEN coalesce(r.platform_id, o.platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(r.agency_id, c.agency_id, '') END AS agency,
        i.outcome = 'done' AS went,
        i.outcome IS NULL AND b.status = 'stopped' AS left_alone,
        i.outcome = i.foreseen AS as_foreseen,
        i.item_id,
        coalesce(i.done_at, b.ended_at, b.started_at) AS happened_at
    FROM bulk_item_fact i
    JOIN bulk_fact b ON b.id = i.bulk_id
    LEFT JOIN review_task r ON r.id = i.item_id
    LEFT JOIN certificate_fact c ON c.id = i.item_id
    LEFT JOIN order_fact o ON o.id = c.order_id
    WHERE b.started_at IS NOT NULL AND b.made_at >= $from_ms AND b.made_at < $to_ms
        AND wanted($platforms, coalesce(r.platform_id, o.platform_id))
        AND wanted($agencies, coalesce(r.agency_id, c.agency_id))
), behind AS (
    SELECT
        period_text($by, started) AS period,
        act,
        ended_as,
        platform,
        agency,
        TRUE AS items,
        coalesce(went, FALSE) AS items_done,
        coalesce(NOT went, FALSE) AS items_refused,
        left_alone AS items_left,
        as_foreseen,
        item_id AS look_up,
        happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    act,
    ended_as,
    platform,
    agency,
    count(*) AS items,
    count(*) FILTER (WHERE went) AS items_done,
    count(*) FILTER (WHERE NOT went) AS items_refused,
    count(*) FILTER (WHERE left_alone) AS items_left,
    count(*) FILTER (WHERE as_foreseen) AS as_foreseen,
    round(100.0 * count(*) FILTER (WHERE as_foreseen) / nullif(count(as_foreseen), 0), 1)
        AS as_foreseen_percent
FROM told
GROUP BY started, act, ended_as, platform, agency
ORDER BY started, act, ended_as, platform, agency
