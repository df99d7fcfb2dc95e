-- title.en: Incidents
-- title.zh: 事件
-- question.en: How many incidents were opened, of which kinds, and how long until they did no more harm and were closed?
-- question.zh: 登记了多少事件、属于哪些类型，多久遏制、多久结案？
-- unit.en: incidents; hours (elapsed)
-- unit.zh: 起；小时（实际经过）
-- parameters: from_ms, to_ms, by, levels
-- definition.en: An incident counts in the period (Shanghai) in which it was opened, as it stands now: one that was reopened is open. Hours run from opening, nights and holidays included. In time: contained within the hours that its kind was allowed when it was opened, which say how grave the kind is; one that may still be contained in time does not count yet.
-- definition.zh: 按登记所在时段（上海时间）计，状态以当前为准，重新打开的视为处理中。小时数自登记起算，含夜间和节假日。按时指在登记时该类型允许的时限内遏制，时限反映类型的严重程度；时限未到且尚未遏制的暂不计入。
-- terms: incident
-- by: month, day, week, quarter, year, all
-- levels: incident_kind
-- shown: incident_kind
-- keys: period, incident_kind
-- headlines: incidents, contained, contained_in_time_percent, closed, contain_p50_h
-- chart: bar, x=period, y=incidents|contained|closed|contained_in_time_percent|contain_p50_h|close_p50_h, split=incident_kind
WITH moment AS (
    SELECT occurred_at AS ms FROM watermark
), told AS (
    SELECT
        period_start($by, opened_at) AS started,
        CASE WHEN asked($levels, 'incident_kind') THEN kind END AS incident_kind,
        contained_at IS NOT NULL AS contained,
        CASE WHEN contained_at IS NOT NULL THEN contained_at <= contain_by
            WHEN contain_by < (SELECT ms FROM moment) THEN FALSE END AS in_time,
        status = 'closed' AS closed,
        contained_at - opened_at AS contain_ms,
        closed_at - opened_at AS close_ms,
        id,
        opened_at
    FROM incident_fact
    WHERE opened_at >= $from_ms AND opened_at < $to_ms
), behind AS (
    SELECT
        period_text($by, started) AS period,
        incident_kind,
        TRUE AS incidents,
        contained,
        in_time AS contained_in_time,
        closed,
        contain_ms / 3600000.0 AS contain_h,
        close_ms / 3600000.0 AS close_h,
        id AS look_up,
        opened_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    incident_kind,
    count(*) AS incidents,
    count(*) FILTER (WHERE contained) AS contained,
    count(*) FILTER (WHERE in_time) AS contained_in_time,
    round(100.0 * count(*) FILTER (WHERE in_time) / nullif(count(in_time), 0), 1) AS contained_in_time_percent,
    count(*) FILTER (WHERE closed) AS closed,
    round(quantile_cont(contain_ms, 0.5) / 3600000.0, 1) AS contain_p50_h,
    round(quantile_cont(contain_ms, 0.9) / 3600000.0, 1) AS contain_p90_h,
    round(median(close_ms) / 3600000.0, 1) AS close_p50_h
FROM told
GROUP BY started, incident_kind
ORDER BY started, incident_kind
