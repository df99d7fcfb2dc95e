-- title.en: Renewals due and done
-- title.zh: 应续期与已续期
-- question.en: Which certificates end in which month, and how many of them are renewed?
-- question.zh: 每月有多少证书到期，其中多少已续期？
-- unit.en: certificates; percent
-- unit.zh: 张；%
-- parameters: from_ms, to_ms, agencies
-- definition.en: A certificate is due in the month (Shanghai) in which its term ends. Left out are event and delegated certificates, and those that were revoked, replaced or changed before their end: the one that took their place has the same end and counts. Renewed: the renewal is in use. The rate is of a month of which no end lies ahead any more.
-- definition.zh: 按有效期届满的月份（上海时间）计。事件证书、授权证书不计；届满前已吊销、补办或变更的不计（接替它的证书到期日相同，按后者计）。已续期指续期证书已启用。当月全部到期后才计算续期率。
-- keys: month, agency
-- chart: bar, x=month, y=due|renewed|lapsed|ahead|renewed_percent, split=agency
-- derived: renewed_percent
WITH moment AS (
    SELECT CASE WHEN $to_ms >= 4503599627370496 THEN occurred_at + 1 ELSE $to_ms END AS ms FROM watermark
), behind AS (
    SELECT
        strftime(make_timestamp((c.not_after + 28800000) * 1000), '%Y-%m') AS month,
        c.agency_id AS agency,
        CASE WHEN r.business = 'renewal' AND n.activated_at < ms THEN 'renewed'
            WHEN c.not_after <= ms THEN 'lapsed'
            ELSE 'ahead'
        END AS outcome,
        TRUE AS due,
        outcome = 'renewed' AS renewed,
        outcome = 'lapsed' AS lapsed,
        outcome = 'ahead' AS ahead,
        c.serial_hex AS look_up,
        c.not_after AS happened_at
    FROM certificate_fact c
    JOIN order_fact o ON o.id = c.order_id
    CROSS JOIN moment
    LEFT JOIN certificate_fact n ON n.id = c.replaced_by
    LEFT JOIN order_fact r ON r.id = n.order_id
    WHERE c.usage = 'signing' AND c.product <> 'event' AND o.business <> 'delegation'
        AND wanted($agencies, c.agency_id) AND c.activated_at < ms AND c.not_after >= $from_ms
        AND (c.status <> 'revoked' OR c.revoked_at >= ms OR coalesce(r.business, '') = 'renewal')
)
/* figures */
SELECT
    month,
    agency,
    count(*) AS due,
    count(*) FILTER (WHERE outcome = 'renewed') AS renewed,
    count(*) FILTER (WHERE outcome = 'lapsed') AS lapsed,
    count(*) FILTER (WHERE outcome = 'ahead') AS ahead,
    CASE WHEN bool_and(outcome <> 'ahead')
        THEN round(100.0 * count(*) FILTER (WHERE outcome = 'renewed') / count(*), 1)
    END AS renewed_percent
FROM behind
GROUP BY ALL
ORDER BY month, agency
