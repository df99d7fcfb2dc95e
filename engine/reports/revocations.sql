-- title.en: Revocations by reason
-- title.zh: 证书吊销原因
-- question.en: How many certificates are revoked each day, and why?
-- question.zh: 每天吊销多少证书，原因是什么？
-- unit.en: certificates
-- unit.zh: 张
-- parameters: from_ms, to_ms, agencies
-- definition.en: A pair counts once, on the day (Shanghai) it was revoked. Superseded: another certificate took its place (renewal, replacement or change). Certificates on hold are not revoked and not counted.
-- definition.zh: 双证书计一张，按吊销当日（上海时间）计。“被取代”指由续期、补办或变更的新证书接替。冻结中的证书不是吊销，不计入。
-- keys: day, agency, reason
-- chart: bar, x=day, y=revoked, split=reason
WITH behind AS (
    SELECT
        strftime(make_timestamp((revoked_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        agency_id AS agency,
        revocation_reason AS reason,
        TRUE AS revoked,
        serial_hex AS look_up,
        revoked_at AS happened_at
    FROM certificate_fact
    WHERE wanted($agencies, agency_id) AND usage = 'signing' AND status = 'revoked'
        AND revoked_at >= $from_ms AND revoked_at < $to_ms
)
/* figures */
SELECT
    day,
    agency,
    reason,
    count(*) AS revoked
FROM behind
GROUP BY ALL
ORDER BY day, agency, reason
