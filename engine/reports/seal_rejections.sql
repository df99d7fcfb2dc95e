-- title.en: Why seals are rejected
-- title.zh: 印章申请驳回原因
-- question.en: For which reasons are applications for seals rejected?
-- question.zh: 印章申请因哪些原因被驳回？
-- unit.en: reasons given
-- unit.zh: 次
-- parameters: from_ms, to_ms
-- definition.en: On the day (Shanghai) of the rejection, by the reviewer or by the maker. An application that is rejected for two reasons counts under both. Applications that ended with their enterprise are no rejections.
-- definition.zh: 按驳回当日（上海时间）计，审核与制章环节均计入。一次驳回有两个原因的，各计一次。因企业注销而终止的申请不计入。
-- keys: day, seal_kind, rejected_for
-- chart: bar, x=day, y=rejections, split=rejected_for
WITH behind AS (
    SELECT
        strftime(make_timestamp((r.decided_at + 28800000) * 1000), '%Y-%m-%d') AS day,
        a.kind AS seal_kind,
        unnest(from_json(r.reasons, '["VARCHAR"]')) AS rejected_for,
        TRUE AS rejections,
        r.id AS look_up,
        r.decided_at AS happened_at
    FROM review_task r
    JOIN seal_application_fact a ON a.id = r.subject_id
    WHERE r.kind IN ('seal', 'seal_making') AND r.status = 'rejected' AND r.sample_of IS NULL
        AND r.decided_at >= $from_ms AND r.decided_at < $to_ms
)
/* figures */
SELECT
    day,
    seal_kind,
    rejected_for,
    count(*) AS rejections
FROM behind
GROUP BY ALL
ORDER BY day, seal_kind, rejected_for
