-- title.en: Orders
-- title.zh: 订单
-- question.en: How many orders are placed, paid and finished, what do they bring in, and what goes back?
-- question.zh: 下了多少订单，支付、完成了多少，收入多少，退款多少？
-- unit.en: orders; yuan; percent
-- unit.zh: 笔；元；%
-- parameters: from_ms, to_ms, platforms, agencies, regions, kinds, by, levels
-- definition.en: Everything of an order counts in the period (Shanghai) in which it was placed, whenever it was paid or given back. Revenue is what was paid; net revenue is revenue less refunds that were carried out. Of its subtotals each says “all” in the columns that it adds up.
-- definition.zh: 一笔订单的各项数字都计入其下单所在的时段（上海时间），与何时支付、何时退款无关。收入为已付金额；净收入为收入减去已完成的退款。小计行在被汇总的列中显示“全部”。
-- terms: placed, paid, revenue, refunded, invoiced, conversion, region
-- by: month, day, week, quarter, year, all
-- levels: platform, agency, region, kind, product
-- keys: period, platform, agency, region, kind, product
-- headlines: placed, paid, revenue_yuan, refunded_yuan, net_yuan
-- chart: bar, x=period, y=placed|paid|completed|revenue_yuan|refunded_yuan|net_yuan|paid_percent, split=agency
WITH told AS (
    SELECT
        period_start($by, created_at) AS started,
        CASE WHEN asked($levels, 'platform') THEN platform_id END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(region, '') END AS region,
        CASE WHEN asked($levels, 'kind') THEN order_kind END AS kind,
        CASE WHEN asked($levels, 'product') THEN coalesce(product, '') END AS product,
        paid_at IS NOT NULL AS paid,
        status IN ('completed', 'active') AS completed,
        status IN ('rejected', 'cancelled', 'refunded') AS ended,
        refunded_fen > 0 AS refunded,
        paid_fen,
        refunded_fen,
        invoiced_fen,
        number,
        created_at
    FROM order_fact
    WHERE created_at >= $from_ms AND created_at < $to_ms
        AND wanted($platforms, platform_id) AND wanted($agencies, agency_id)
        AND wanted($regions, region) AND wanted($kinds, order_kind)
), behind AS (
    SELECT
        period_text($by, started) AS period,
        platform,
        agency,
        region,
        kind,
        product,
        TRUE AS placed,
        paid,
        completed,
        ended,
        refunded,
        paid_fen AS revenue_fen,
        refunded_fen,
        paid_fen - refunded_fen AS net_fen,
        invoiced_fen,
        number AS look_up,
        created_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    platform,
    agency,
    region,
    kind,
    product,
    (started IS NOT NULL)::INTEGER +
        (platform IS NOT NULL)::INTEGER +
        (agency IS NOT NULL)::INTEGER +
        (region IS NOT NULL)::INTEGER +
        (kind IS NOT NULL)::INTEGER +
        (product IS NOT NULL)::INTEGER AS level,
    placed,
    paid,
    CASE WHEN placed > 0 THEN round(100.0 * paid / placed, 1) END AS paid_percent,
    completed,
    ended,
    refunded,
    revenue_fen / 100.0 AS revenue_yuan,
    refunded_fen / 100.0 AS refunded_yuan,
    (revenue_fen - refunded_fen) / 100.0 AS net_yuan,
    invoiced_fen / 100.0 AS invoiced_yuan
FROM (
    SELECT
        started, platform, agency, region, kind, product,
        6 - grouping(started) - grouping(platform) - grouping(agency) - grouping(region)
            - grouping(kind) - grouping(product) AS depth,
        coalesce(sum(placed), 0)::BIGINT AS placed,
        coalesce(sum(paid), 0)::BIGINT AS paid,
        coalesce(sum(completed), 0)::BIGINT AS completed,
        coalesce(sum(ended), 0)::BIGINT AS ended,
        coalesce(sum(refunded), 0)::BIGINT AS refunded,
        coalesce(sum(revenue_fen), 0)::BIGINT AS revenue_fen,
        coalesce(sum(refunded_fen), 0)::BIGINT AS refunded_fen,
        coalesce(sum(invoiced_fen), 0)::BIGINT AS invoiced_fen
    FROM (
        -- The orders are read once; subtotals are made of what was counted.
        SELECT
            started, platform, agency, region, kind, product,
            count(*) AS placed,
            count(*) FILTER (WHERE paid) AS paid,
            count(*) FILTER (WHERE completed) AS completed,
            count(*) FILTER (WHERE ended) AS ended,
            count(*) FILTER (WHERE refunded) AS refunded,
            sum(paid_fen) AS revenue_fen,
            sum(refunded_fen) AS refunded_fen,
            sum(invoiced_fen) AS invoiced_fen
        FROM told
        GROUP BY ALL
    )
    GROUP BY ROLLUP (started, platform, agency, region, kind, product)
)
WHERE kept($by, $levels, ['platform', 'agency', 'region', 'kind', 'product'], depth)
ORDER BY started NULLS FIRST, platform NULLS FIRST, agency NULLS FIRST, region NULLS FIRST,
    kind NULLS FIRST, product NULLS FIRST
