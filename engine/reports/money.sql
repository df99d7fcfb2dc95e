-- title.en: Money by day
-- title.zh: 每日资金
-- question.en: What came in and went back each day, how did we learn of it, and how much had to be looked into?
-- question.zh: 每天收了多少、退了多少，是怎么得知的，又有多少需要人工核对？
-- unit.en: yuan; movements and cases
-- unit.zh: 元；笔、件
-- parameters: from_ms, to_ms
-- definition.en: Money counts on the provider's business date (Shanghai). Found by asking or from the statement: its notice had not come. Cases count on the day they were opened; the hours to settle them are a median.
-- definition.zh: 资金按支付机构的业务日期（上海时间）计。“主动查询得知”“对账单得知”指没有收到通知。事项按产生日计，处理用时为中位数。
WITH moved AS (
    SELECT
        business_date AS day,
        round(coalesce(sum(amount_fen) FILTER (WHERE kind = 'payment'), 0) / 100.0, 2) AS paid_yuan,
        round(coalesce(sum(amount_fen) FILTER (WHERE kind = 'refund'), 0) / 100.0, 2)
            AS refunded_yuan,
        count(*) FILTER (WHERE source = 'asked') AS found_by_asking,
        count(*) FILTER (WHERE source = 'statement') AS found_in_statement
    FROM movement_fact
    WHERE occurred_at >= $from_ms AND occurred_at < $to_ms
    GROUP BY ALL
), looked_into AS (
    SELECT
        strftime(make_timestamp((opened_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        count(*) AS money_cases,
        count(*) FILTER (WHERE status <> 'settled') AS still_open,
        round(median((settled_at - opened_at) / 3600000.0) FILTER (WHERE settled_at IS NOT NULL), 1)
            AS hours_to_settle
    FROM money_case_fact
    WHERE opened_at >= $from_ms AND opened_at < $to_ms
    GROUP BY ALL
)
SELECT
    day,
    coalesce(paid_yuan, 0) AS paid_yuan,
    coalesce(refunded_yuan, 0) AS refunded_yuan,
    coalesce(found_by_asking, 0)::BIGINT AS found_by_asking,
    coalesce(found_in_statement, 0)::BIGINT AS found_in_statement,
    coalesce(money_cases, 0)::BIGINT AS money_cases,
    coalesce(still_open, 0)::BIGINT AS still_open,
    hours_to_settle
FROM moved FULL JOIN looked_into USING (day)
ORDER BY day
