-- title.en: Contracts by state
-- title.zh: 合同签署情况
-- question.en: What became of the contracts that were made, and how long until every party had signed?
-- question.zh: 发起的合同分别到了哪一步，各方签齐用时多久？
-- unit.en: contracts; hours (elapsed)
-- unit.zh: 份；小时（实际经过）
-- parameters: from_ms, to_ms, platforms
-- definition.en: A contract counts on the day (Shanghai) it was made, by where it stands now: being signed, overdue (its time to sign is over and a signature is missing), to be submitted (signed by all), in review, passed, returned, declined, withdrawn, voided. Versions: how often it was made anew. Hours run from the making of the present version to the last party's signature.
-- definition.zh: 按合同发起当日（上海时间）计，状态为目前的状态：签署中、已逾期（过了签署截止时间仍有人未签）、待提交（各方已签）、审核中、通过、退回、拒签、撤回、作废。“修改次数”为重新制作合同的次数。用时自当前版本发起至最后一方签章。
-- keys: day, platform, origin, outcome
-- chart: bar, x=day, y=contracts|revisions|signed_p50_h|signed_p90_h, split=outcome
WITH moment AS (
    SELECT CASE WHEN $to_ms >= 4503599627370496 THEN occurred_at + 1 ELSE $to_ms END AS ms FROM watermark
), signed AS (
    SELECT
        contract_id,
        version,
        count(*) AS parties,
        count(*) FILTER (WHERE status = 'signed') AS signed,
        min(asked_at) AS begun_at,
        max(handled_at) FILTER (WHERE status = 'signed') AS last_at
    FROM contract_party_fact
    GROUP BY ALL
), behind AS (
    SELECT
        strftime(make_timestamp((c.created_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        c.platform_id AS platform,
        c.origin,
        CASE WHEN c.status <> 'draft' THEN c.status
            WHEN s.signed = s.parties THEN 'to_submit'
            WHEN c.sign_by IS NOT NULL AND c.sign_by <= ms THEN 'overdue'
            ELSE 'being_signed' END AS outcome,
        TRUE AS contracts,
        c.version - 1 AS revisions,
        CASE WHEN s.signed = s.parties THEN (s.last_at - s.begun_at) / 3600000.0 END AS signed_h,
        c.number AS look_up,
        c.created_at AS happened_at
    FROM contract_fact c
    CROSS JOIN moment
    JOIN signed s ON s.contract_id = c.id AND s.version = c.version
    WHERE wanted($platforms, c.platform_id) AND c.created_at >= $from_ms AND c.created_at < ms
)
/* figures */
SELECT
    day,
    platform,
    origin,
    outcome,
    count(*) AS contracts,
    sum(revisions)::BIGINT AS revisions,
    round(quantile_cont(signed_h, 0.5), 2) AS signed_p50_h,
    round(quantile_cont(signed_h, 0.9), 2) AS signed_p90_h
FROM behind
GROUP BY ALL
ORDER BY day, platform, origin, outcome
