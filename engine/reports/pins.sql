-- title.en: Certificate PINs
-- title.zh: 证书密码
-- question.en: How often is a certificate's PIN entered wrongly, locked, unlocked and changed?
-- question.zh: 证书密码输错、锁定、解锁、修改各有多少次？
-- unit.en: times
-- unit.zh: 次
-- parameters: from_ms, to_ms, agencies
-- definition.en: Each counts on the day (Shanghai) it happened. The wrong try that locks the PIN counts as locked alone. Unlocked: by its holder, who proved their real name anew.
-- definition.zh: 各按发生当日（上海时间）计。导致锁定的那一次只计为锁定。解锁指持有人重新实名认证后自助解锁。
-- keys: day, agency
-- chart: bar, x=day, y=locked_pins|unlocked_pins|wrong_pins|changed_pins, split=agency
WITH behind AS (
    SELECT
        strftime(make_timestamp((e.occurred_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        c.agency_id AS agency,
        replace(e.kind, 'pin.', '') AS what,
        what = 'wrong' AS wrong_pins,
        what = 'locked' AS locked_pins,
        what = 'unlocked' AS unlocked_pins,
        what = 'changed' AS changed_pins,
        c.serial_hex AS look_up,
        e.occurred_at AS happened_at
    FROM event_fact e
    JOIN certificate_fact c ON c.id = e.subject
    WHERE wanted($agencies, c.agency_id) AND e.kind IN ('pin.wrong', 'pin.locked', 'pin.unlocked', 'pin.changed')
        AND e.occurred_at >= $from_ms AND e.occurred_at < $to_ms
)
/* figures */
SELECT
    day,
    agency,
    count(*) FILTER (WHERE what = 'wrong') AS wrong_pins,
    count(*) FILTER (WHERE what = 'locked') AS locked_pins,
    count(*) FILTER (WHERE what = 'unlocked') AS unlocked_pins,
    count(*) FILTER (WHERE what = 'changed') AS changed_pins
FROM behind
GROUP BY ALL
ORDER BY day, agency
