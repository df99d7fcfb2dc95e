-- title.en: Refunds
-- title.zh: 退款
-- question.en: How much is given back, why, and how long does it take?
-- question.zh: 退了多少款，为什么退，多久到账？
-- unit.en: refunds; yuan; hours (elapsed)
-- unit.zh: 笔；元；小时（实际经过）
-- parameters: from_ms, to_ms, platforms, agencies, regions, kinds, by, levels
-- definition.en: A refund counts in the period (Shanghai) in which it was asked for. Carried out: the provider gave the money back; the amount is of those. Under way: asked for and neither carried out nor failed. Hours run from asking to the money's return.
-- definition.zh: 退款按发起所在时段（上海时间）计。完成指支付机构已退回款项，金额按已完成的计；进行中指已发起、尚未完成也未失败。用时自发起至退回。
-- terms: refunded
-- by: month, day, week, quarter, year, all
-- levels: why, platform, agency, region, kind
-- keys: period, why, platform, agency, region, kind
-- chart: bar, x=period, y=refunded_yuan|refunds|done|failed|under_way|done_p50_h, split=why
WITH told AS (
    SELECT
        period_start($by, r.requested_at) AS started,
        CASE WHEN asked($levels, 'why') THEN coalesce(r.why, '') END AS why,
        CASE WHEN asked($levels, 'platform') THEN coalesce(o.platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(o.agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(o.region, '') END AS region,
        CASE WHEN asked($levels, 'kind') THEN coalesce(o.order_kind, '') END AS kind,
        r.status,
        CASE WHEN r.status = 'done' THEN r.amount_fen END AS refunded_fen,
        CASE WHEN r.status = 'done' THEN (r.settled_at - r.requested_at) / 3600000.0 END AS done_h,
        o.number,
        r.requested_at
    FROM refund_fact r
    LEFT JOIN order_fact o ON o.id = r.order_id
    WHERE r.requested_at >= $from_ms AND r.requested_at < $to_ms
        AND wanted($platforms, o.platform_id) AND wanted($agencies, o.agency_id)
        AND wanted($regions, o.region) AND wanted($kinds, o.order_kind)
), behind AS (
    SELECT
        period_text($by, started) AS period,
        why,
        platform,
        agency,
        region,
        kind,
        TRUE AS refunds,
        status = 'done' AS done,
        status = 'failed' AS failed,
        status NOT IN ('done', 'failed') AS under_way,
        refunded_fen,
        done_h,
        number AS look_up,
        requested_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    why,
    platform,
    agency,
    region,
    kind,
    count(*) AS refunds,
    count(*) FILTER (WHERE status = 'done') AS done,
    count(*) FILTER (WHERE status = 'failed') AS failed,
    count(*) FILTER (WHERE status NOT IN ('done', 'failed')) AS under_way,
    coalesce(sum(refunded_fen), 0)::BIGINT / 100.0 AS refunded_yuan,
    round(median(done_h), 1) AS done_p50_h
FROM told
GROUP BY started, why, platform, agency, region, kind
ORDER BY started, why, platform, agency, region, kind
