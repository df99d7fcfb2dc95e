-- title.en: Signing by party
-- title.zh: 各方签署用时
-- question.en: How long does each party take to read and to sign, and who declines?
-- question.zh: 各签署方多久阅读、多久签章，有多少拒签和逾期？
-- unit.en: times a party was asked; hours (elapsed)
-- unit.zh: 次（每次轮到签署方）；小时（实际经过）
-- parameters: from_ms, to_ms, platforms
-- definition.en: A party counts on the day (Shanghai) its turn came, once for each version of a contract. Hours run from then to its signature or to its first look at the contract. Overdue: not signed when the time to sign was over. Ended: the contract was withdrawn, declined by another party or made anew before this party signed.
-- definition.zh: 按轮到该签署方当日（上海时间）计，合同每个版本各计一次。用时自轮到之时起，分别至签章和首次查看合同。“逾期”指到签署截止时间仍未签；“已终止”指该方签章前合同已撤回、被其他方拒签或重新制作。
-- keys: day, platform, role, outcome
-- chart: bar, x=day, y=asked|were_read|read_p50_h|signed_p50_h|signed_p90_h, split=role
WITH moment AS (
    SELECT CASE WHEN $to_ms >= 4503599627370496 THEN occurred_at + 1 ELSE $to_ms END AS ms FROM watermark
), behind AS (
    SELECT
        strftime(make_timestamp((p.asked_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        c.platform_id AS platform,
        CASE WHEN p.role IN ('purchaser', 'supplier') THEN p.role ELSE 'other' END AS role,
        CASE WHEN p.status = 'signed' THEN 'signed'
            WHEN p.status = 'declined' THEN 'declined'
            WHEN c.version > p.version OR c.status <> 'draft' THEN 'ended'
            WHEN c.sign_by IS NOT NULL AND c.sign_by <= ms THEN 'overdue'
            ELSE 'waiting' END AS outcome,
        CASE WHEN p.status = 'signed' THEN (p.handled_at - p.asked_at) / 3600000.0 END AS signed_h,
        TRUE AS asked,
        p.read_at IS NOT NULL AS were_read,
        CASE WHEN p.read_at IS NOT NULL THEN greatest(p.read_at - p.asked_at, 0) / 3600000.0 END AS read_h,
        c.number AS look_up,
        p.asked_at AS happened_at
    FROM contract_party_fact p
    CROSS JOIN moment
    JOIN contract_fact c ON c.id = p.contract_id
    WHERE wanted($platforms, c.platform_id) AND p.asked_at >= $from_ms AND p.asked_at < ms
)
/* figures */
SELECT
    day,
    platform,
    role,
    outcome,
    count(*) AS asked,
    count(*) FILTER (WHERE were_read) AS were_read,
    round(quantile_cont(read_h, 0.5), 2) AS read_p50_h,
    round(quantile_cont(signed_h, 0.5), 2) AS signed_p50_h,
    round(quantile_cont(signed_h, 0.9), 2) AS signed_p90_h
FROM behind
GROUP BY ALL
ORDER BY day, platform, role, outcome
