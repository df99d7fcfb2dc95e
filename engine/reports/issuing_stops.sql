-- title.en: Stops of issuing
-- title.zh: 停止签发
-- question.en: How often and for how long did a CA not issue because it was stopped, and who waited meanwhile?
-- question.zh: 各 CA 被停止签发几次、多久，其间有多少订单在等证书？
-- unit.en: stops; hours (elapsed); orders
-- unit.zh: 次；小时（实际经过）；单
-- parameters: from_ms, to_ms, agencies, by, levels
-- definition.en: A stop counts in the period (Shanghai) in which it was set, once for each CA that it holds for: a stop of all CAs for every one. Its time runs until it was lifted, or until the end of the span, nights and holidays included; where two stops hold at once the time counts once. Waited: orders whose certificate had been asked for and was not issued while the stop held.
-- definition.zh: 按停止所在时段（上海时间）计，对其适用的每家 CA 各计一次，全部停止对每家都计。时长至恢复签发或时段末为止，含夜间和节假日；两次停止同时有效的，时间只计一次。等待订单指停止期间已申请证书而未能签发的订单。
-- terms: issuing_stop
-- by: month, day, week, quarter, year, all
-- levels: agency
-- shown: agency
-- keys: period, agency
-- derived: hours_stopped
-- headlines: stops, stops_lifted, hours_stopped, lift_p50_h, orders_waited
-- chart: bar, x=period, y=hours_stopped|stops|orders_waited|lift_p50_h, split=agency
WITH moment AS (
    SELECT least($to_ms, (SELECT max(occurred_at) + 1 FROM watermark)) AS ms
), agency_known AS (
    SELECT agency_id FROM agency_fact
    UNION
    SELECT agency_id FROM issuing_stop_fact WHERE agency_id <> ''
), held AS (
    SELECT
        s.id,
        s.incident_id,
        a.agency_id,
        s.stopped_at,
        least(coalesce(s.lifted_at, m.ms), m.ms) AS until_ms,
        coalesce(s.lifted_at < m.ms, FALSE) AS lifted
    FROM issuing_stop_fact s
    JOIN agency_known a ON s.agency_id IN (a.agency_id, '')
    CROSS JOIN moment m
    WHERE s.stopped_at < m.ms AND wanted($agencies, a.agency_id)
), alone AS (
    SELECT *, max(until_ms) OVER (
        PARTITION BY agency_id ORDER BY stopped_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS stopped_before
    FROM held
), asked_for AS (
    SELECT c.agency_id, c.order_id, min(c.created_at) AS asked_at,
        coalesce(max(o.issued_at), max(o.ended_at), $to_ms) AS over_at
    FROM certificate_fact c
    JOIN order_fact o ON o.id = c.order_id
    WHERE c.usage = 'signing'
    GROUP BY c.agency_id, c.order_id
), waited AS (
    SELECT h.id, h.agency_id, count(*) AS orders
    FROM held h
    JOIN asked_for w ON w.agency_id = h.agency_id AND w.asked_at < h.until_ms AND w.over_at >= h.stopped_at
    GROUP BY h.id, h.agency_id
), told AS (
    SELECT
        period_start($by, s.stopped_at) AS started,
        CASE WHEN asked($levels, 'agency') THEN s.agency_id END AS agency,
        s.lifted,
        greatest(0, s.until_ms - greatest(s.stopped_at, coalesce(s.stopped_before, 0))) // 60000 AS minutes,
        CASE WHEN s.lifted THEN s.until_ms - s.stopped_at END AS lift_ms,
        coalesce(w.orders, 0) AS orders,
        s.incident_id,
        s.stopped_at
    FROM alone s
    LEFT JOIN waited w ON w.id = s.id AND w.agency_id = s.agency_id
    WHERE s.stopped_at >= $from_ms
), behind AS (
    SELECT
        period_text($by, started) AS period,
        agency,
        TRUE AS stops,
        lifted AS stops_lifted,
        minutes AS minutes_stopped,
        lift_ms / 3600000.0 AS lift_h,
        orders AS orders_waited,
        incident_id AS look_up,
        stopped_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    agency,
    count(*) AS stops,
    count(*) FILTER (WHERE lifted) AS stops_lifted,
    round(sum(minutes)::BIGINT / 60.0, 1) AS hours_stopped,
    sum(minutes)::BIGINT AS minutes_stopped,
    round(median(lift_ms) / 3600000.0, 1) AS lift_p50_h,
    sum(orders)::BIGINT AS orders_waited
FROM told
GROUP BY started, agency
ORDER BY started, agency
