-- title.en: Reviews by kind and day
-- title.zh: 每日审核
-- question.en: How long do cases wait for their first touch and for their decision, and how many pass?
-- question.zh: 各类审核首次处理、作出决定各要多久，通过多少？
-- unit.en: cases; minutes (elapsed)
-- unit.zh: 件；分钟（实际经过）
-- parameters: from_ms, to_ms
-- definition.en: A case counts on the day (Shanghai) it was opened. Minutes are elapsed time, not office hours; time on hold is taken off the decision. First-pass: approved, and not itself a correction. Looked again: decided cases that somebody else has decided once more, blindly; agreed: with the same outcome. Second looks themselves are no cases here.
-- definition.zh: 按立案日（上海时间）计。分钟为实际经过时间，非办公时间；决定用时已扣除挂起时间。一次通过：通过且不是更正件。复查：由另一人在不知结论的情况下再审一次的件数；一致：两次结论相同。复查件本身不计入。
SELECT
    strftime(make_timestamp((opened_at + 28800000) * 1000), '%Y-%m-%d') AS day,
    kind,
    count(*) AS opened,
    count(*) FILTER (WHERE status = 'approved') AS approved,
    count(*) FILTER (WHERE status = 'rejected') AS rejected,
    count(*) FILTER (WHERE decided_at IS NULL AND status <> 'withdrawn') AS still_open,
    count(*) FILTER (WHERE status = 'approved' AND corrects IS NULL) AS first_pass,
    round(quantile_cont((first_touched_at - opened_at) / 60000.0, 0.5), 1) AS touch_p50_min,
    round(quantile_cont((decided_at - opened_at - held_ms) / 60000.0, 0.5), 1) AS decision_p50_min,
    round(quantile_cont((decided_at - opened_at - held_ms) / 60000.0, 0.9), 1) AS decision_p90_min,
    count(*) FILTER (WHERE again IS NOT NULL) AS looked_again,
    count(*) FILTER (WHERE again = status) AS agreed
FROM (
    SELECT one.*, two.status AS again
    FROM review_task one
    LEFT JOIN review_task two ON two.sample_of = one.id AND two.decided_at IS NOT NULL
)
WHERE sample_of IS NULL AND opened_at >= $from_ms AND opened_at < $to_ms
GROUP BY ALL
ORDER BY day, kind
