-- title.en: Ageing of invoices
-- title.zh: 未开发票账龄
-- question.en: Which applications for invoices wait for their invoice, and for how long already?
-- question.zh: 某一时点有哪些开票申请尚未开出，已经等了多久？
-- unit.en: invoices; yuan
-- unit.zh: 张；元
-- parameters: from_ms, to_ms, platforms, agencies, regions, kinds, levels
-- definition.en: At the end of the span, or now where it has not ended: applications that were made within the span and whose invoice had not been issued by then. One that was rejected or withdrawn waits for nothing and is left out; one that the tax service refused waits until it is corrected. Age runs from the application, nights and holidays included.
-- definition.zh: 以时段末（未结束的以当前）为准：时段内提交、届时尚未开出的开票申请。已驳回、已撤回的不再等待，不计入；税务平台拒绝的在更正之前仍在等待。账龄自申请起算，含夜间和节假日。
-- terms: ageing, time_to_issue
-- levels: medium, invoice_kind, platform, agency, region, kind
-- keys: age, state, medium, invoice_kind, platform, agency, region, kind
-- chart: bar, x=age, y=waiting_invoices|waiting_yuan, split=state
WITH moment AS (
    SELECT least($to_ms, (SELECT max(occurred_at) + 1 FROM watermark)) AS ms
), told AS (
    SELECT
        CASE WHEN asked($levels, 'medium') THEN coalesce(medium, '') END AS medium,
        CASE WHEN asked($levels, 'invoice_kind') THEN kind END AS invoice_kind,
        CASE WHEN asked($levels, 'platform') THEN coalesce(platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(region, '') END AS region,
        CASE WHEN asked($levels, 'kind') THEN coalesce(order_kind, '') END AS kind,
        CASE WHEN issued_at IS NOT NULL OR ended_at IS NOT NULL THEN 'applied' ELSE status END AS state,
        (SELECT ms FROM moment) - created_at AS age_ms,
        total_fen,
        coalesce(nullif(number, ''), id) AS number,
        created_at
    FROM invoice_fact
    WHERE reverses IS NULL AND created_at >= $from_ms AND created_at < (SELECT ms FROM moment)
        AND (issued_at IS NULL OR issued_at >= (SELECT ms FROM moment))
        AND (status NOT IN ('rejected', 'withdrawn') OR ended_at >= (SELECT ms FROM moment))
        AND wanted($platforms, platform_id) AND wanted($agencies, agency_id)
        AND wanted($regions, region) AND wanted($kinds, order_kind)
), behind AS (
    SELECT
        CASE WHEN age_ms < 3600000 THEN '1_under_an_hour'
            WHEN age_ms < 86400000 THEN '2_under_a_day'
            WHEN age_ms < 259200000 THEN '3_under_three_days'
            WHEN age_ms < 604800000 THEN '4_under_a_week'
            WHEN age_ms < 2592000000 THEN '5_under_a_month'
            ELSE '6_a_month_or_more' END AS age,
        state,
        medium,
        invoice_kind,
        platform,
        agency,
        region,
        kind,
        TRUE AS waiting_invoices,
        total_fen AS waiting_fen,
        age_ms / 3600000.0 AS oldest_h,
        number AS look_up,
        created_at AS happened_at
    FROM told
)
/* figures */
SELECT
    age,
    state,
    medium,
    invoice_kind,
    platform,
    agency,
    region,
    kind,
    count(*) AS waiting_invoices,
    sum(waiting_fen)::BIGINT / 100.0 AS waiting_yuan,
    round(max(oldest_h), 1) AS oldest_h
FROM behind
GROUP BY age, state, medium, invoice_kind, platform, agency, region, kind
ORDER BY age, state, medium, invoice_kind, platform, agency, region, kind
