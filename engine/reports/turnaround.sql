-- title.en: Turnaround by CA
-- title.zh: 各 CA 办理时效
-- question.en: How long does each CA take to decide, and an order until its certificate is in use?
-- question.zh: 各 CA 审核要多久，从下单到证书启用要多久？
-- unit.en: cases; hours (elapsed)
-- unit.zh: 件；小时（实际经过）
-- parameters: from_ms, to_ms, agencies
-- definition.en: A decision counts when the CA's review was decided; its hours run from when the case came to the CA, time on hold taken off, nights and holidays included. In use: orders whose certificate was taken into use, from placing the order, payment and the applicant's own time included. Second looks are left out.
-- definition.zh: 审核按 CA 作出决定的时间计，用时自案件到达 CA 起算，扣除挂起时间，含夜间和节假日。启用指证书已启用的订单，用时自下单起算，含支付和申请人自己的时间。复查件不计入。
-- keys: agency
-- chart: bar, x=agency, y=decision_p50_h|decision_p90_h|in_use_p50_h|in_use_p90_h|decided
WITH behind AS (
    SELECT
        r.agency_id AS agency,
        'decision' AS what,
        (r.decided_at - r.opened_at - r.held_ms) / 3600000.0 AS hours,
        TRUE AS decided,
        FALSE AS in_use,
        hours AS decision_h,
        NULL::DOUBLE AS in_use_h,
        o.number AS look_up,
        r.decided_at AS happened_at
    FROM review_task r
    LEFT JOIN order_fact o ON o.id = r.subject_id
    WHERE wanted($agencies, r.agency_id) AND r.kind = 'certificate_ca' AND r.sample_of IS NULL
        AND r.decided_at >= $from_ms AND r.decided_at < $to_ms
    UNION ALL
    SELECT
        c.agency_id,
        'in_use',
        (c.activated_at - o.created_at) / 3600000.0 AS spent,
        FALSE,
        TRUE,
        NULL,
        spent,
        o.number,
        c.activated_at
    FROM certificate_fact c
    JOIN order_fact o ON o.id = c.order_id
    WHERE wanted($agencies, c.agency_id) AND c.usage = 'signing' AND c.activated_at >= $from_ms AND c.activated_at < $to_ms
)
/* figures */
SELECT
    agency,
    count(*) FILTER (WHERE what = 'decision') AS decided,
    round(quantile_cont(hours, 0.5) FILTER (WHERE what = 'decision'), 2) AS decision_p50_h,
    round(quantile_cont(hours, 0.9) FILTER (WHERE what = 'decision'), 2) AS decision_p90_h,
    count(*) FILTER (WHERE what = 'in_use') AS in_use,
    round(quantile_cont(hours, 0.5) FILTER (WHERE what = 'in_use'), 2) AS in_use_p50_h,
    round(quantile_cont(hours, 0.9) FILTER (WHERE what = 'in_use'), 2) AS in_use_p90_h
FROM behind
GROUP BY ALL
ORDER BY agency
