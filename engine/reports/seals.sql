-- title.en: Seals
-- title.zh: 印章
-- question.en: How many seals are applied for, made, rejected, used and deleted, and how long does it take to make one?
-- question.zh: 印章申请、制作、驳回、使用、删除各有多少，从申请到制成要多久？
-- unit.en: seals; uses; hours
-- unit.zh: 枚；次；小时
-- parameters: from_ms, to_ms
-- definition.en: Each counts on the day (Shanghai) it happened. Applied for: with a form, by the enterprise's approval, for a change or to be made again; written on the pad counts apart. Made: signed by the seal agency for the first time; signing anew for another certificate is not counted. The hours are from the application to the first signing, of the seals made that day: half take that long or less.
-- definition.zh: 各按发生当日（上海时间）计。申请包括提交申请书、企业认领后自动制作、变更和重新制作；手写签名单独计。制成指签章机构首次签发，因新证书而重新签发的不计。用时为当日制成的印章从申请到首次签发的小时数中位数。
-- keys: day, seal_kind
-- chart: bar, x=day, y=seals_made|seals_applied_for|seals_written|seals_rejected|seal_uses|seals_replaced|seals_deleted|hours_to_make, split=seal_kind
-- derived: hours_to_make
WITH told AS (
    SELECT e.kind, e.occurred_at, a.id AS application_id, a.kind AS seal_kind,
        a.strokes_blob_id IS NOT NULL AS written, NULL AS code, a.created_at
    FROM event_fact e
    JOIN seal_application_fact a ON a.id = e.subject
    WHERE e.kind IN ('seal.applied_for', 'seal.rejected')
    UNION ALL
    SELECT e.kind, e.occurred_at, s.application_id, s.kind, FALSE, s.code, a.created_at
    FROM event_fact e
    JOIN seal_fact s ON s.id = e.subject
    JOIN seal_application_fact a ON a.id = s.application_id
    WHERE e.kind IN ('seal.made', 'seal.used', 'seal.deleted', 'seal.replaced')
), behind AS (
    SELECT
        strftime(make_timestamp((t.occurred_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        t.seal_kind,
        CASE WHEN t.kind = 'seal.applied_for' AND t.written THEN 'written'
            ELSE replace(t.kind, 'seal.', '')
        END AS what,
        what = 'applied_for' AS seals_applied_for,
        what = 'written' AS seals_written,
        what = 'made' AS seals_made,
        what = 'rejected' AS seals_rejected,
        what = 'used' AS seal_uses,
        what = 'replaced' AS seals_replaced,
        what = 'deleted' AS seals_deleted,
        (t.occurred_at - t.created_at) / 3600000.0 AS hours,
        coalesce(t.code, (SELECT min(r.id) FROM review_task r WHERE r.subject_id = t.application_id),
            (SELECT s.code FROM seal_fact s WHERE s.application_id = t.application_id)) AS look_up,
        t.occurred_at AS happened_at
    FROM told t
    WHERE t.occurred_at >= $from_ms AND t.occurred_at < $to_ms
)
/* figures */
SELECT
    day,
    seal_kind,
    count(*) FILTER (WHERE what = 'applied_for') AS seals_applied_for,
    count(*) FILTER (WHERE what = 'written') AS seals_written,
    count(*) FILTER (WHERE what = 'made') AS seals_made,
    count(*) FILTER (WHERE what = 'rejected') AS seals_rejected,
    count(*) FILTER (WHERE what = 'used') AS seal_uses,
    count(*) FILTER (WHERE what = 'replaced') AS seals_replaced,
    count(*) FILTER (WHERE what = 'deleted') AS seals_deleted,
    round(median(hours) FILTER (WHERE what = 'made'), 1) AS hours_to_make
FROM behind
GROUP BY ALL
ORDER BY day, seal_kind
