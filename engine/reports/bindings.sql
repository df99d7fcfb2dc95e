-- title.en: Bindings by route
-- title.zh: 证书绑定
-- question.en: How many accounts are bound by each route, and how long does it take to 绑定成功?
-- question.zh: 采购人、供应商两条路径各绑定多少，从扫码确认到绑定成功用时多久？
-- unit.en: bindings; minutes (elapsed)
-- unit.zh: 次；分钟（实际经过）
-- parameters: from_ms, to_ms, platforms
-- definition.en: A binding counts on the day (Shanghai) the phone confirmed it. Bound at once: nobody had to look at the registration. Minutes run from the confirmation to 绑定成功. A binding that a renewal took along counts as moved alone, and takes no time.
-- definition.zh: 按手机确认当日（上海时间）计。“即时绑定”指主体注册无需人工审核。用时自手机确认至绑定成功。续期时随新证书转移的绑定只计入“随续期转移”，不计用时。
-- keys: day, platform, role, qr
-- chart: bar, x=day, y=bound|bound_at_once|asked|still_open|rejected|moved, split=role
WITH behind AS (
    SELECT
        strftime(make_timestamp((b.created_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        b.platform_id AS platform,
        m.role,
        coalesce(e.kind, 'platform') AS qr,
        CASE WHEN b.moved_from IS NOT NULL THEN 'moved'
            WHEN b.bound_at = b.created_at THEN 'at_once'
            WHEN b.bound_at IS NOT NULL THEN 'after_review'
            ELSE b.status END AS outcome,
        outcome <> 'moved' AS asked,
        outcome IN ('at_once', 'after_review') AS bound,
        outcome = 'at_once' AS bound_at_once,
        outcome = 'rejected' AS rejected,
        outcome = 'in_review' AS still_open,
        outcome = 'moved' AS moved,
        CASE WHEN outcome <> 'moved' THEN (b.bound_at - b.created_at) / 60000.0 END AS bound_min,
        c.serial_hex AS look_up,
        b.created_at AS happened_at
    FROM binding_fact b
    JOIN mall_account_fact m ON m.id = b.mall_account_id
    JOIN certificate_fact c ON c.id = b.certificate_id
    LEFT JOIN entity_fact e ON e.id = b.entity_id
    WHERE wanted($platforms, b.platform_id) AND b.created_at >= $from_ms AND b.created_at < $to_ms
)
/* figures */
SELECT
    day,
    platform,
    role,
    qr,
    count(*) FILTER (WHERE outcome <> 'moved') AS asked,
    count(*) FILTER (WHERE outcome IN ('at_once', 'after_review')) AS bound,
    count(*) FILTER (WHERE outcome = 'at_once') AS bound_at_once,
    count(*) FILTER (WHERE outcome = 'rejected') AS rejected,
    count(*) FILTER (WHERE outcome = 'in_review') AS still_open,
    count(*) FILTER (WHERE outcome = 'moved') AS moved,
    round(quantile_cont(bound_min, 0.5), 1) AS bound_p50_min,
    round(quantile_cont(bound_min, 0.9), 1) AS bound_p90_min
FROM behind
GROUP BY ALL
ORDER BY day, platform, role, qr
