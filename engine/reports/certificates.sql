-- title.en: Certificates at a moment
-- title.zh: 某一时点的证书
-- question.en: How many certificates are there in each state, by CA, product and business?
-- question.zh: 某一时点各 CA、各产品、各业务类型的证书分别处于什么状态、有多少张？
-- unit.en: certificates
-- unit.zh: 张
-- parameters: from_ms, to_ms, agencies
-- definition.en: A pair counts once, by its signing certificate. The state is what the log told of it up to the moment; a certificate whose term was over by then counts as expired, unless it had been revoked, finished or abandoned. One that was made after the moment is not there.
-- definition.zh: 双证书按签名证书计一张。状态以该时点之前的记录为准；届时有效期已满的计为“已过期”，已吊销、已使用完毕或已作废的除外。该时点之后申请的证书不计入。
-- keys: agency, product, business, state
-- chart: bar, x=agency, y=certificates, split=state
WITH moment AS (
    SELECT CASE WHEN $to_ms >= 4503599627370496 THEN occurred_at + 1 ELSE $to_ms END AS ms FROM watermark
), told AS (
    SELECT subject, max_by(kind, seq) AS kind
    FROM event_fact, moment
    -- What comes after issuing, of few certificates: whether one was issued, its order knows.
    WHERE occurred_at < ms AND kind IN (
        'certificate.suspended', 'certificate.resumed', 'certificate.revoked',
        'certificate.finished', 'certificate.abandoned'
    )
    GROUP BY subject
), behind AS (
    SELECT
        c.agency_id AS agency,
        c.product,
        o.business,
        CASE WHEN t.kind = 'certificate.revoked' THEN 'revoked'
            WHEN t.kind = 'certificate.finished' THEN 'finished'
            WHEN t.kind = 'certificate.abandoned' THEN 'abandoned'
            WHEN t.kind IS NULL AND coalesce(o.issued_at >= ms, TRUE) THEN 'requested'
            WHEN c.not_after <= ms THEN 'expired'
            WHEN t.kind = 'certificate.suspended' THEN 'suspended'
            WHEN c.activated_at < ms THEN 'active'
            ELSE 'issued'
        END AS state,
        TRUE AS certificates,
        c.serial_hex AS look_up,
        c.created_at AS happened_at
    FROM certificate_fact c
    JOIN order_fact o ON o.id = c.order_id
    CROSS JOIN moment
    LEFT JOIN told t ON t.subject = c.id
    WHERE c.usage = 'signing' AND c.created_at >= $from_ms AND c.created_at < ms
        AND wanted($agencies, c.agency_id)
)
/* figures */
SELECT
    agency,
    product,
    business,
    state,
    count(*) AS certificates
FROM behind
GROUP BY ALL
ORDER BY agency, product, business, state
