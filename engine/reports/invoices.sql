-- title.en: Invoices
-- title.zh: 发票
-- question.en: How many invoices are applied for and issued, on paper and electronically, for how much, and how long does it take?
-- question.zh: 申请、开具了多少发票，电子与纸质各多少，金额多少，用时多久？
-- unit.en: invoices; yuan; minutes and hours (elapsed)
-- unit.zh: 张；元；分钟、小时（实际经过）
-- parameters: from_ms, to_ms, platforms, agencies, regions, kinds, by, levels
-- definition.en: An invoice counts in the period (Shanghai) in which it was applied for. Amounts are of those that were issued, tax included, reversed ones too: what a red letter takes back stands in the report on red letters. Minutes run from the application, a review included, to the tax service's number. Posted and delivered are of paper invoices; the hours run from issuing to the recipient.
-- definition.zh: 按申请所在时段（上海时间）计。金额为已开具发票的价税合计，其后被冲红的也计入，冲红金额见红字发票报表。开票用时自申请（含审核）至税务平台赋号。寄出、签收仅指纸质发票，送达用时自开具至签收。
-- terms: invoiced, time_to_issue
-- by: month, day, week, quarter, year, all
-- levels: medium, invoice_kind, platform, agency, region, kind
-- shown: medium
-- keys: period, medium, invoice_kind, platform, agency, region, kind
-- headlines: applied, issued, total_yuan, tax_yuan, issue_p90_min
-- chart: bar, x=period, y=applied|issued|total_yuan|tax_yuan|issue_p50_min|issue_p90_min|deliver_p50_h, split=medium
WITH told AS (
    SELECT
        period_start($by, created_at) AS started,
        CASE WHEN asked($levels, 'medium') THEN coalesce(medium, '') END AS medium,
        CASE WHEN asked($levels, 'invoice_kind') THEN kind END AS invoice_kind,
        CASE WHEN asked($levels, 'platform') THEN coalesce(platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(region, '') END AS region,
        CASE WHEN asked($levels, 'kind') THEN coalesce(order_kind, '') END AS kind,
        issued_at IS NOT NULL AS issued,
        status,
        posted_at IS NOT NULL AS posted,
        delivered_at IS NOT NULL AS delivered,
        CASE WHEN issued_at IS NOT NULL THEN total_fen END AS total_fen,
        CASE WHEN issued_at IS NOT NULL THEN tax_fen END AS tax_fen,
        issued_at - created_at AS issue_ms,
        delivered_at - issued_at AS deliver_ms,
        coalesce(nullif(number, ''), id) AS number,
        created_at
    FROM invoice_fact
    WHERE reverses IS NULL AND created_at >= $from_ms AND created_at < $to_ms
        AND wanted($platforms, platform_id) AND wanted($agencies, agency_id)
        AND wanted($regions, region) AND wanted($kinds, order_kind)
), behind AS (
    SELECT
        period_text($by, started) AS period,
        medium,
        invoice_kind,
        platform,
        agency,
        region,
        kind,
        TRUE AS applied,
        issued,
        status = 'rejected' AS rejected,
        status = 'withdrawn' AS withdrawn,
        status = 'failed' AS failed,
        status IN ('partly_reversed', 'reversed') AS reversed,
        total_fen,
        tax_fen,
        issue_ms / 60000.0 AS issue_min,
        posted,
        delivered,
        deliver_ms / 3600000.0 AS deliver_h,
        number AS look_up,
        created_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    medium,
    invoice_kind,
    platform,
    agency,
    region,
    kind,
    (started IS NOT NULL)::INTEGER +
        (medium IS NOT NULL)::INTEGER +
        (invoice_kind IS NOT NULL)::INTEGER +
        (platform IS NOT NULL)::INTEGER +
        (agency IS NOT NULL)::INTEGER +
        (region IS NOT NULL)::INTEGER +
        (kind IS NOT NULL)::INTEGER AS level,
    applied,
    issued,
    rejected,
    withdrawn,
    failed,
    reversed,
    total_fen / 100.0 AS total_yuan,
    tax_fen / 100.0 AS tax_yuan,
    round(issue[1] / 60000.0, 1) AS issue_p50_min,
    round(issue[2] / 60000.0, 1) AS issue_p90_min,
    posted,
    delivered,
    round(deliver_ms / 3600000.0, 1) AS deliver_p50_h
FROM (
    SELECT
        depth,
        CASE WHEN depth >= 1 THEN started END AS started,
        CASE WHEN depth >= 2 THEN medium END AS medium,
        CASE WHEN depth >= 3 THEN invoice_kind END AS invoice_kind,
        CASE WHEN depth >= 4 THEN platform END AS platform,
        CASE WHEN depth >= 5 THEN agency END AS agency,
        CASE WHEN depth >= 6 THEN region END AS region,
        CASE WHEN depth >= 7 THEN kind END AS kind,
        count(*) AS applied,
        count(*) FILTER (WHERE issued) AS issued,
        count(*) FILTER (WHERE status = 'rejected') AS rejected,
        count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn,
        count(*) FILTER (WHERE status = 'failed') AS failed,
        count(*) FILTER (WHERE status IN ('partly_reversed', 'reversed')) AS reversed,
        coalesce(sum(total_fen), 0)::BIGINT AS total_fen,
        coalesce(sum(tax_fen), 0)::BIGINT AS tax_fen,
        quantile_cont(issue_ms, [0.5, 0.9]) AS issue,
        count(*) FILTER (WHERE posted) AS posted,
        count(*) FILTER (WHERE delivered) AS delivered,
        median(deliver_ms) AS deliver_ms
    FROM told, (
        -- Quantiles can't be made of others: each invoice is counted once for each row that it stands in.
        SELECT unnest(depths(
            $by, $levels, ['medium', 'invoice_kind', 'platform', 'agency', 'region', 'kind']
        )) AS depth
    )
    GROUP BY ALL
)
ORDER BY started NULLS FIRST, medium NULLS FIRST, invoice_kind NULLS FIRST,
    platform NULLS FIRST, agency NULLS FIRST, region NULLS FIRST, kind NULLS FIRST
