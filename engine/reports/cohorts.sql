-- title.en: Cohorts by month of registration
-- title.zh: 按注册月份的同期群
-- question.en: What became of those who registered in a month, month by month after it?
-- question.zh: 某月注册的人，之后逐月走到了哪一步？
-- unit.en: people; percent
-- unit.zh: 人；%
-- parameters: from_ms, to_ms
-- definition.en: People by the calendar month (Shanghai) in which they registered. A cell counts those who had reached the milestone by the end of that many months after it; 0 is the month of registration itself. Months that have not begun are left out, and the present one is not over. Closed: the account was cancelled or ended.
-- definition.zh: 按注册的自然月（上海时间）分群。单元格为到注册后第几个月末为止已到达该节点的人数，0 为注册当月。尚未开始的月份不列出，当月尚未结束。“销户”指账户已注销或终止。
-- keys: cohort, milestone, months_after
WITH now AS (SELECT civil_day(max(occurred_at)) AS today FROM watermark),
people AS (
    SELECT
        account_ref,
        period_of('month', registered_at) AS month,
        [
            proved_at, joined_at, onboarded_at, first_order_at, first_paid_at,
            first_certificate_at, first_invoice_at, ended_at
        ] AS reached
    FROM account_fact
    WHERE registered_at >= $from_ms AND registered_at < $to_ms
), sizes AS (
    SELECT month, count(*) AS registered FROM people GROUP BY month
), steps AS (
    SELECT
        month,
        unnest([
            '1_proved', '2_joined', '3_onboarded', '4_ordered', '5_order_paid', '6_certified',
            '7_invoiced', '8_closed'
        ]) AS milestone,
        unnest(reached) AS reached_at
    FROM people
), firsts AS (
    SELECT
        month,
        milestone,
        date_diff('month', month, period_of('month', reached_at)) AS months_after,
        count(*) AS n
    FROM steps
    WHERE reached_at IS NOT NULL
    GROUP BY ALL
), cells AS (
    SELECT
        month,
        registered,
        unnest([
            '1_proved', '2_joined', '3_onboarded', '4_ordered', '5_order_paid', '6_certified',
            '7_invoiced', '8_closed'
        ]) AS milestone,
        range(date_diff('month', month, today) + 1) AS ages
    FROM sizes, now
), grid AS (
    SELECT month, registered, milestone, unnest(ages) AS months_after FROM cells
)
SELECT
    strftime(g.month, '%Y-%m') AS cohort,
    g.registered,
    g.milestone,
    g.months_after,
    CAST(sum(coalesce(f.n, 0)) OVER so_far AS BIGINT) AS reached,
    round(100.0 * sum(coalesce(f.n, 0)) OVER so_far / g.registered, 1) AS of_registered_percent
FROM grid g
LEFT JOIN firsts f
    ON f.month = g.month AND f.milestone = g.milestone AND f.months_after = g.months_after
WINDOW so_far AS (PARTITION BY g.month, g.milestone ORDER BY g.months_after)
ORDER BY g.month, g.milestone, g.months_after
