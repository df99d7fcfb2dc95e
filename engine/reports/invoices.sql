-- title.en: Invoices by day
-- title.zh: 每日发票
-- question.en: How many invoices were applied for and issued, for how much, and how long did it take?
-- question.zh: 申请并开具了多少发票、金额多少、用时多久？
-- unit.en: invoices; yuan; minutes
-- unit.zh: 张；元；分钟
-- parameters: from_ms, to_ms
-- definition.en: An invoice counts on the day (Shanghai) it was applied for; amounts are of issued ones, tax included.
-- definition.zh: 按申请日（上海时间）计；金额为已开具发票的价税合计。
SELECT
    strftime(make_timestamp((created_at + 28800000) * 1000), '%Y-%m-%d') AS day,
    platform_id AS platform,
    kind,
    count(*) AS applied,
    count(issued_at) AS issued,
    round(coalesce(sum(total_fen) FILTER (WHERE issued_at IS NOT NULL), 0) / 100.0, 2) AS total_yuan,
    round(coalesce(sum(tax_fen) FILTER (WHERE issued_at IS NOT NULL), 0) / 100.0, 2) AS tax_yuan,
    round(quantile_cont((issued_at - created_at) / 60000.0, 0.5), 1) AS issue_p50_min
FROM invoice_fact
WHERE created_at >= $from_ms AND created_at < $to_ms
GROUP BY ALL
ORDER BY day, platform, kind
