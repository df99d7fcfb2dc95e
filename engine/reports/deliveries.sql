-- title.en: Deliveries to machines
-- title.zh: 事件推送
-- question.en: What are machines told of, how soon and after how many tries do they take it, and what is given up?
-- question.zh: 向机器推送了多少事件，多快、试几次被接收，放弃了多少？
-- unit.en: deliveries; seconds (elapsed)
-- unit.zh: 条推送；秒（实际经过）
-- parameters: from_ms, to_ms, by, levels
-- definition.en: One event to one endpoint is a delivery, in the period (Shanghai) in which the event happened; tests by hand are left out. Delivered: the receiver answered with a 2xx code at least once; first try: at once. Given up: after the last try, or with its endpoint. Seconds run from the event to the answer, pauses of the endpoint included. Within a minute: of those that were taken, given up, or wait for longer. Tries count all that were made, those of a replay too. Deliveries that ended are kept as long as the setting for machines says; older ones have no figures any more.
-- definition.zh: 一个事件发往一个推送地址为一条推送，按事件发生所在时段（上海时间）计，手动测试不计。已送达指接收方至少一次以 2xx 应答；首次即送达指第一次就成功。放弃指末次尝试后仍未成功，或推送地址已移除。秒数自事件发生至应答，含推送地址暂停。一分钟内：以已送达、已放弃或等待已逾一分钟的为分母。尝试次数含重放。已结束的推送按机器设置保留，到期删除的不再有数据。
-- terms: delivery
-- by: month, day, week, quarter, year, all
-- levels: machine, endpoint, event_kind, tries_needed
-- shown: endpoint
-- keys: period, machine, endpoint, event_kind, tries_needed
-- headlines: sent, delivered_events, within_a_minute_percent, given_up, accept_p90_s
-- chart: bar, x=period, y=sent|delivered_events|given_up|within_a_minute_percent|tries_made|accept_p50_s|accept_p90_s, split=endpoint
WITH moment AS (
    SELECT occurred_at AS ms FROM watermark
), told AS (
    SELECT
        period_start($by, d.made_at) AS started,
        CASE WHEN asked($levels, 'machine') THEN coalesce(m.name, '') END AS machine,
        CASE WHEN asked($levels, 'endpoint') THEN e.host || ' #' || e.number END AS endpoint,
        CASE WHEN asked($levels, 'event_kind') THEN d.kind END AS event_kind,
        CASE WHEN asked($levels, 'tries_needed') THEN
            CASE WHEN d.accepted_try IS NULL THEN '5_not_taken' WHEN d.accepted_try = 1 THEN '1_first_try'
                WHEN d.accepted_try = 2 THEN '2_second_try' WHEN d.accepted_try = 3 THEN '3_third_try'
                ELSE '4_later_try' END
        END AS tries_needed,
        d.accepted_at IS NOT NULL AS taken,
        d.accepted_try = 1 AS at_once,
        d.status = 'given_up' AND d.accepted_at IS NULL AS given_up,
        d.status = 'waiting' AND d.accepted_at IS NULL AS waits,
        CASE WHEN d.accepted_at IS NOT NULL THEN d.accepted_at - d.made_at <= 60000
            WHEN d.status = 'given_up' OR d.made_at + 60000 < (SELECT ms FROM moment) THEN FALSE END AS soon,
        d.tries,
        d.accepted_at - d.made_at AS accept_ms,
        d.endpoint_id,
        d.made_at
    FROM delivery_fact d
    JOIN endpoint_fact e ON e.id = d.endpoint_id
    LEFT JOIN machine_fact m ON m.id = e.client_id
    WHERE d.kind <> 'webhook.test' AND d.made_at >= $from_ms AND d.made_at < $to_ms
), behind AS (
    SELECT
        period_text($by, started) AS period,
        machine,
        endpoint,
        event_kind,
        tries_needed,
        TRUE AS sent,
        taken AS delivered_events,
        coalesce(at_once, FALSE) AS first_try,
        soon AS within_a_minute,
        given_up,
        waits AS waiting_deliveries,
        tries AS tries_made,
        accept_ms / 1000.0 AS accept_s,
        endpoint_id AS look_up,
        made_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    machine,
    endpoint,
    event_kind,
    tries_needed,
    count(*) AS sent,
    count(*) FILTER (WHERE taken) AS delivered_events,
    count(*) FILTER (WHERE at_once) AS first_try,
    count(*) FILTER (WHERE soon) AS within_a_minute,
    round(100.0 * count(*) FILTER (WHERE soon) / nullif(count(soon), 0), 1) AS within_a_minute_percent,
    count(*) FILTER (WHERE given_up) AS given_up,
    count(*) FILTER (WHERE waits) AS waiting_deliveries,
    sum(tries)::BIGINT AS tries_made,
    round(quantile_cont(accept_ms, 0.5) / 1000.0, 1) AS accept_p50_s,
    round(quantile_cont(accept_ms, 0.9) / 1000.0, 1) AS accept_p90_s
FROM told
GROUP BY started, machine, endpoint, event_kind, tries_needed
ORDER BY started, machine, endpoint, event_kind, tries_needed
