-- title.en: Sign-ins by scan
-- title.zh: 扫码登录
-- question.en: How many sign-ins by scan are done, and what becomes of the others?
-- question.zh: 扫码登录成功多少，没有成功的是什么原因？
-- unit.en: QR codes
-- unit.zh: 次（按二维码计）
-- parameters: from_ms, to_ms, platforms
-- definition.en: A sign-in page's QR code counts on the day (Shanghai) it was opened, by what became of it: done, refused by the person, never bound (no account here is bound to a certificate of theirs), wrong digits, taken back by its browser, lapsed unread or after reading, or still open. Second scans are phones that read a code which another had read before; they were refused.
-- definition.zh: 按登录二维码打开当日（上海时间）计，按结果区分：成功、本人拒绝、从未绑定（名下没有绑定到本平台账号的证书）、数字输错过多、网页撤回、无人扫码而过期、扫码后未确认而过期、进行中。“第二部手机扫码”指二维码已被扫过后又被另一部手机扫描，系统均已拒绝。
-- keys: day, platform, qr, outcome
-- chart: bar, x=day, y=logins|second_scans, split=outcome
WITH moment AS (
    SELECT CASE WHEN $to_ms >= 4503599627370496 THEN occurred_at + 1 ELSE $to_ms END AS ms FROM watermark
), behind AS (
    SELECT
        strftime(make_timestamp((t.created_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        t.platform_id AS platform,
        t.kind AS qr,
        CASE WHEN t.status = 'consumed' THEN 'done'
            WHEN t.status = 'refused' THEN coalesce(json_extract_string(t.result, '$.why'), 'refused')
            WHEN t.status = 'cancelled' AND t.wrong_numbers > 0 THEN 'wrong_digits'
            WHEN t.status = 'cancelled' THEN 'taken_back'
            WHEN t.expires_at > ms THEN 'open'
            WHEN t.status = 'created' THEN 'lapsed_unread'
            WHEN t.status = 'scanned' THEN 'lapsed_read'
            ELSE 'lapsed_confirmed'
        END AS outcome,
        TRUE AS logins,
        t.second_scans,
        c.serial_hex AS look_up,
        t.created_at AS happened_at
    FROM ticket_fact t
    CROSS JOIN moment
    LEFT JOIN certificate_fact c ON c.id = t.certificate_id
    WHERE wanted($platforms, t.platform_id) AND t.purpose = 'login' AND t.created_at >= $from_ms AND t.created_at < ms
)
/* figures */
SELECT
    day,
    platform,
    qr,
    outcome,
    count(*) AS logins,
    sum(second_scans)::BIGINT AS second_scans
FROM behind
GROUP BY ALL
ORDER BY day, platform, qr, outcome
