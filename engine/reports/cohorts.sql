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
WITH people AS (
    SELECT
        account_ref,
        registered_at,
        period_of('month', registered_at) AS month,
        [
            proved_at, joined_at, onboarded_at, first_order_at, first_paid_at,
            first_certificate_at, first_invoice_at, ended_at
        ] AS times
    FROM account_fact
    WHERE registered_at >= $from_ms AND registered_at < $to_ms
), today AS (
    SELECT period_of('month', max(occurred_at)) AS month FROM watermark
), steps AS (
    SELECT
        account_ref,
        registered_at,
        month,
        unnest([
            '1_proved', '2_joined', '3_onboarded', '4_ordered', '5_order_paid', '6_certified',
            '7_invoiced', '8_closed'
        ]) AS milestone,
        unnest(times) AS reached_at
    FROM people
), behind AS (
    SELECT
        strftime(s.month, '%Y-%m') AS cohort,
        s.milestone,
        ages.months_after,
        true AS registered,
        (date_diff('month', s.month, period_of('month', s.reached_at)) <= ages.months_after)
            IS true AS reached,
        (date_diff('month', s.month, period_of('month', s.reached_at)) <= ages.months_after)
            IS true AS of_registered,
        o.number AS look_up,
        s.registered_at AS happened_at
    FROM steps s
    JOIN (
        SELECT month, unnest(range(date_diff('month', month, now_month) + 1)) AS months_after
        FROM (SELECT DISTINCT p.month, t.month AS now_month FROM people p, today t)
    ) ages ON ages.month = s.month
    LEFT JOIN (
        SELECT account_ref, min_by(number, created_at) AS number FROM order_fact GROUP BY account_ref
    ) o ON o.account_ref = s.account_ref
)
/* figures */
, sizes AS (
    SELECT month, count(*) AS registered FROM people GROUP BY month
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
        sizes.month,
        registered,
        unnest([
            '1_proved', '2_joined', '3_onboarded', '4_ordered', '5_order_paid', '6_certified',
            '7_invoiced', '8_closed'
        ]) AS milestone,
        range(date_diff('month', sizes.month, today.month) + 1) AS ages
    FROM sizes, today
), grid AS (
    SELECT month, registered, milestone, unnest(ages) AS months_after FROM cells
)
SELECT
    strftime(g.month, '%Y-%m') AS cohort,
    g.milestone,
    g.months_after,
    g.registered,
    CAST(sum(coalesce(f.n, 0)) OVER so_far AS BIGINT) AS reached,
    round(100.0 * sum(coalesce(f.n, 0)) OVER so_far / g.registered, 1) AS of_registered_percent
FROM grid g
LEFT JOIN firsts f
    ON f.month = g.month AND f.milestone = g.milestone AND f.months_after = g.months_after
WINDOW so_far AS (PARTITION BY g.month, g.milestone ORDER BY g.months_after)
ORDER BY g.month, g.milestone, g.months_after
