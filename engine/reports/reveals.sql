-- title.en: Looks behind masks
-- title.zh: 查看遮挡内容
-- question.en: How often was a masked value shown in full, of which kind, on which ground, and to which role?
-- question.zh: 查看了多少次遮挡内容，是哪类信息、出于什么理由、由哪些角色查看？
-- unit.en: looks
-- unit.zh: 次
-- parameters: from_ms, to_ms, by, levels
-- definition.en: Each time that one protected value was shown in full for 30 seconds, in the period (Shanghai) in which it was. The role is what who looked held at that moment; of several, all are named. Neither the value, nor whose it is, nor who looked is in the reports: the record itself tells the auditor.
-- definition.zh: 每次将一项受保护信息明文显示 30 秒计一次，按查看所在时段（上海时间）计。角色为查看人当时所持角色，有多个的一并列出。报表中没有明文、没有当事人、也没有查看人；这些由审计员在记录页查看。
-- terms: reveal
-- by: month, day, week, quarter, year, all
-- levels: ground, field, record_kind, staff_role
-- shown: ground
-- keys: period, ground, field, record_kind, staff_role
-- chart: bar, x=period, y=reveals, split=ground
WITH told AS (
    SELECT
        period_start($by, revealed_at) AS started,
        CASE WHEN asked($levels, 'ground') THEN ground END AS ground,
        CASE WHEN asked($levels, 'field') THEN field END AS field,
        CASE WHEN asked($levels, 'record_kind') THEN record_kind END AS record_kind,
        CASE WHEN asked($levels, 'staff_role') THEN roles END AS staff_role,
        revealed_at
    FROM reveal_fact
    WHERE revealed_at >= $from_ms AND revealed_at < $to_ms
), behind AS (
    SELECT
        period_text($by, started) AS period,
        ground,
        field,
        record_kind,
        staff_role,
        TRUE AS reveals,
        NULL::VARCHAR AS look_up,
        revealed_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    ground,
    field,
    record_kind,
    staff_role,
    count(*) AS reveals
FROM told
GROUP BY started, ground, field, record_kind, staff_role
ORDER BY started, ground, field, record_kind, staff_role
