-- title.en: Money by day
-- title.zh: 每日资金
-- question.en: What came in and went back each day, how did we learn of it, and how much had to be looked into?
-- question.zh: 每天收了多少、退了多少，是怎么得知的，又有多少需要人工核对？
-- unit.en: yuan; movements and cases
-- unit.zh: 元；笔、件
-- parameters: from_ms, to_ms
-- definition.en: Money counts on the provider's business date (Shanghai). Found by asking or from the statement: its notice had not come. Cases count on the day they were opened; the hours to settle them are a median.
-- definition.zh: 资金按支付机构的业务日期（上海时间）计。“主动查询得知”“对账单得知”指没有收到通知。事项按产生日计，处理用时为中位数。
-- terms: revenue, refunded
-- keys: day
-- derived: hours_to_settle
-- chart: bar, x=day, y=paid_yuan|refunded_yuan|money_cases|found_in_statement
WITH behind AS (
    SELECT
        business_date AS day,
        CASE WHEN kind = 'payment' THEN amount_fen END AS paid_fen,
        CASE WHEN kind = 'refund' THEN amount_fen END AS refunded_fen,
        source = 'asked' AS found_by_asking,
        source = 'statement' AS found_in_statement,
        FALSE AS money_cases,
        FALSE AS still_open,
        NULL::DOUBLE AS settled_h,
        id AS look_up,
        occurred_at AS happened_at
    FROM movement_fact
    WHERE occurred_at >= $from_ms AND occurred_at < $to_ms
    UNION ALL
    SELECT
        strftime(civil_day(opened_at), '%Y-%m-%d'),
        NULL,
        NULL,
        FALSE,
        FALSE,
        TRUE,
        status <> 'settled',
        (settled_at - opened_at) / 3600000.0,
        id,
        opened_at
    FROM money_case_fact
    WHERE opened_at >= $from_ms AND opened_at < $to_ms
)
/* figures */
SELECT
    day,
    coalesce(sum(paid_fen), 0)::BIGINT / 100.0 AS paid_yuan,
    coalesce(sum(refunded_fen), 0)::BIGINT / 100.0 AS refunded_yuan,
    count(*) FILTER (WHERE found_by_asking) AS found_by_asking,
    count(*) FILTER (WHERE found_in_statement) AS found_in_statement,
    count(*) FILTER (WHERE money_cases) AS money_cases,
    count(*) FILTER (WHERE still_open) AS still_open,
    round(median(settled_h), 1) AS hours_to_settle
FROM behind
GROUP BY day
ORDER BY day
