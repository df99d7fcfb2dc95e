-- title.en: Files made and opened by scan
-- title.zh: 扫码生成与解密文件
-- question.en: How many files are made by scan, are they opened, and how many can nobody open any more?
-- question.zh: 扫码生成了多少文件，是否被打开，有多少已无人能够打开？
-- unit.en: files; openings; megabytes
-- unit.zh: 个（文件）；次（解密）；MB
-- parameters: from_ms, to_ms, platforms
-- definition.en: A file counts on the day (Shanghai) it was asked for. Not finished: nobody confirmed it on the phone, or the page did not encrypt it. Opened: its key was taken by a browser at least once. Damaged: a browser found that it had been changed. Stranded: every certificate that it was encrypted for has ended, so it opens only with keys that are still on their phones or are recovered.
-- definition.zh: 按申请生成当日（上海时间）计。“未完成”指手机未确认，或网页未完成加密。“已打开”指其密钥至少被浏览器取走过一次。“已损坏”指浏览器发现文件被改动过。“密钥已停用”指文件所加密的全部证书均已停用，只能用仍在手机上或恢复的密钥打开。
-- keys: day, platform
-- chart: bar, x=day, y=asked|made|not_finished|opened|openings|stranded|megabytes, split=platform
WITH opened AS (
    SELECT
        file_id,
        count(*) FILTER (WHERE status IN ('taken', 'read')) AS openings,
        count(*) FILTER (WHERE status = 'damaged') AS damaged
    FROM file_opening_fact
    WHERE file_id IS NOT NULL
    GROUP BY file_id
), openable AS (
    SELECT r.file_id, bool_or(c.status = 'active') AS openable
    FROM file_recipient_fact r
    JOIN certificate_fact c ON c.id = r.certificate_id
    GROUP BY r.file_id
), behind AS (
    SELECT
        strftime(make_timestamp((f.created_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        f.platform_id AS platform,
        CASE WHEN f.status = 'made' AND NOT coalesce(p.openable, false) THEN 'stranded'
            WHEN f.status = 'made' AND coalesce(o.openings, 0) > 0 THEN 'opened'
            WHEN f.status = 'made' THEN 'made'
            ELSE 'not_finished' END AS outcome,
        TRUE AS asked,
        f.status = 'made' AS made,
        f.status <> 'made' AS not_finished,
        coalesce(o.openings, 0) > 0 AS opened,
        f.status = 'made' AND NOT coalesce(p.openable, false) AS stranded,
        CASE WHEN f.status = 'made' THEN round(f.size / 1048576.0, 3) END AS megabytes,
        coalesce(o.openings, 0) AS openings,
        coalesce(o.damaged, 0) AS damaged,
        coalesce(p.openable, false) AS openable,
        c.serial_hex AS look_up,
        f.created_at AS happened_at
    FROM file_fact f
    LEFT JOIN opened o ON o.file_id = f.id
    LEFT JOIN openable p ON p.file_id = f.id
    LEFT JOIN certificate_fact c ON c.id = f.certificate_id
    WHERE wanted($platforms, f.platform_id) AND f.created_at >= $from_ms AND f.created_at < $to_ms
)
/* figures */
SELECT
    day,
    platform,
    count(*) AS asked,
    count(*) FILTER (WHERE made) AS made,
    count(*) FILTER (WHERE not_finished) AS not_finished,
    round(coalesce(sum(megabytes), 0), 1) AS megabytes,
    count(*) FILTER (WHERE opened) AS opened,
    sum(openings)::BIGINT AS openings,
    sum(damaged)::BIGINT AS damaged,
    count(*) FILTER (WHERE stranded) AS stranded
FROM behind
GROUP BY ALL
ORDER BY day, platform
