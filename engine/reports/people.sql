-- title.en: People by day
-- title.zh: 每日用户
-- question.en: How many people register, prove their name and leave?
-- question.zh: 每天有多少人注册、完成实名、注销？
-- unit.en: accounts
-- unit.zh: 个账号
-- parameters: from_ms, to_ms
-- definition.en: Everything counts on the day (Shanghai) it happened, so that one row mixes people of different days; onboarded counts mall accounts, joined memberships.
-- definition.zh: 各项均按发生当日（上海时间）计，同一行中的人可能不是同一批；入驻按商城账号计，加入按成员关系计。
-- keys: day
-- chart: bar, x=day, y=registered|named|enterprises|onboarded|cancelled
WITH told AS (
    SELECT
        strftime(civil_day(occurred_at), '%Y-%m-%d') AS day,
        kind,
        subject,
        occurred_at,
        kind = 'account.named' AND occurred_at = min(occurred_at)
            OVER (PARTITION BY kind, subject, civil_day(occurred_at)) AS named
    FROM event_fact
    WHERE occurred_at >= $from_ms AND occurred_at < $to_ms
        AND kind IN (
            'account.registered', 'account.named', 'claim.submitted', 'enterprise.approved',
            'mall_account.opened', 'account.frozen', 'account.cancelled'
        )
), behind AS (
    SELECT
        day,
        kind = 'account.registered' AS registered,
        named,
        kind = 'claim.submitted' AS claimed,
        kind = 'enterprise.approved' AS enterprises,
        kind = 'mall_account.opened' AS onboarded,
        kind = 'account.frozen' AS frozen,
        kind = 'account.cancelled' AS cancelled,
        subject AS look_up,
        occurred_at AS happened_at
    FROM told
)
/* figures */
, counted AS (
    -- A day is named when all of it has been counted; the named are told apart without being put in order.
    SELECT
        civil_day(occurred_at) AS day,
        count(*) FILTER (WHERE kind = 'account.registered') AS registered,
        count(DISTINCT subject) FILTER (WHERE kind = 'account.named') AS named,
        count(*) FILTER (WHERE kind = 'claim.submitted') AS claimed,
        count(*) FILTER (WHERE kind = 'enterprise.approved') AS enterprises,
        count(*) FILTER (WHERE kind = 'mall_account.opened') AS onboarded,
        count(*) FILTER (WHERE kind = 'account.frozen') AS frozen,
        count(*) FILTER (WHERE kind = 'account.cancelled') AS cancelled
    FROM event_fact
    WHERE occurred_at >= $from_ms AND occurred_at < $to_ms
        AND kind IN (
            'account.registered', 'account.named', 'claim.submitted', 'enterprise.approved',
            'mall_account.opened', 'account.frozen', 'account.cancelled'
        )
    GROUP BY ALL
)
SELECT
    strftime(day, '%Y-%m-%d') AS day,
    registered,
    named,
    claimed,
    enterprises,
    onboarded,
    frozen,
    cancelled
FROM counted
ORDER BY day
