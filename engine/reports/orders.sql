-- title.en: Orders by day
-- title.zh: 每日订单
-- question.en: How many certificate orders were placed and paid each day, and what did they bring in?
-- question.zh: 每天下了多少证书订单、支付了多少、收入多少？
-- unit.en: orders; yuan
-- unit.zh: 笔；元
-- parameters: from_ms, to_ms
-- definition.en: An order counts on the day (Shanghai) it was placed; revenue is what was paid for the orders placed that day, refunds not taken off.
-- definition.zh: 订单按下单日（上海时间）计；收入为当日所下订单的已付金额，未扣除退款。
SELECT
    strftime(make_timestamp((created_at + 28800000) * 1000), '%Y-%m-%d') AS day,
    platform_id AS platform,
    agency_id AS agency,
    count(*) AS placed,
    count(paid_at) AS paid,
    count(*) FILTER (WHERE status = 'completed') AS completed,
    count(*) FILTER (WHERE status IN ('rejected', 'cancelled')) AS ended,
    round(coalesce(sum(amount_fen) FILTER (WHERE paid_at IS NOT NULL), 0) / 100.0, 2) AS revenue_yuan
FROM order_fact
WHERE created_at >= $from_ms AND created_at < $to_ms
GROUP BY ALL
ORDER BY day, platform, agency
