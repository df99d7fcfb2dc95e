-- title.en: Red letters
-- title.zh: 红字发票
-- question.en: How many invoices are reversed, wholly or in part, why, for how much, and how long does it take?
-- question.zh: 冲红了多少发票，全额与部分各多少，原因、金额、用时如何？
-- unit.en: red-letter invoices; yuan; minutes (elapsed)
-- unit.zh: 张；元；分钟（实际经过）
-- parameters: from_ms, to_ms, platforms, agencies, regions, kinds, by, levels
-- definition.en: A red-letter invoice counts in the period (Shanghai) in which it was asked for. Whole: it takes back all of the invoice that it reverses. The amount is of those that were issued, tax included, and negative. Minutes run from asking to the tax service's number, a buyer's confirmation included.
-- definition.zh: 红字发票按发起所在时段（上海时间）计。全额指冲回蓝字发票的全部金额。金额为已开具红字发票的价税合计，为负数。用时自发起（含购买方确认）至税务平台赋号。
-- terms: red_letter, refunded
-- by: month, day, week, quarter, year, all
-- levels: red_reason, invoice_kind, platform, agency, region, kind
-- shown: red_reason
-- keys: period, red_reason, invoice_kind, platform, agency, region, kind
-- chart: bar, x=period, y=red_letters|red_issued|red_yuan|red_p50_min, split=red_reason
WITH told AS (
    SELECT
        period_start($by, r.created_at) AS started,
        CASE WHEN asked($levels, 'red_reason') THEN coalesce(r.reason, '') END AS red_reason,
        CASE WHEN asked($levels, 'invoice_kind') THEN r.kind END AS invoice_kind,
        CASE WHEN asked($levels, 'platform') THEN coalesce(r.platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(r.agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(r.region, '') END AS region,
        CASE WHEN asked($levels, 'kind') THEN coalesce(r.order_kind, '') END AS kind,
        r.issued_at IS NOT NULL AS red_issued,
        r.total_fen + b.total_fen = 0 AS whole,
        CASE WHEN r.issued_at IS NOT NULL THEN r.total_fen END AS red_fen,
        r.issued_at - r.created_at AS red_ms,
        coalesce(nullif(r.number, ''), r.id) AS number,
        r.created_at
    FROM invoice_fact r
    JOIN invoice_fact b ON b.id = r.reverses
    WHERE r.created_at >= $from_ms AND r.created_at < $to_ms
        AND wanted($platforms, r.platform_id) AND wanted($agencies, r.agency_id)
        AND wanted($regions, r.region) AND wanted($kinds, r.order_kind)
), behind AS (
    SELECT
        period_text($by, started) AS period,
        red_reason,
        invoice_kind,
        platform,
        agency,
        region,
        kind,
        TRUE AS red_letters,
        red_issued,
        whole,
        NOT whole AS part,
        red_fen,
        red_ms / 60000.0 AS red_min,
        number AS look_up,
        created_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    red_reason,
    invoice_kind,
    platform,
    agency,
    region,
    kind,
    count(*) AS red_letters,
    count(*) FILTER (WHERE red_issued) AS red_issued,
    count(*) FILTER (WHERE whole) AS whole,
    count(*) FILTER (WHERE NOT whole) AS part,
    coalesce(sum(red_fen), 0)::BIGINT / 100.0 AS red_yuan,
    round(median(red_ms) / 60000.0, 1) AS red_p50_min
FROM told
GROUP BY started, red_reason, invoice_kind, platform, agency, region, kind
ORDER BY started, red_reason, invoice_kind, platform, agency, region, kind
