-- title.en: Second looks by kind and reviewer
-- title.zh: 抽样复查一致率
-- question.en: How often does a second, blind look agree with who decided first?
-- question.zh: 在不知结论的情况下再审一次，与初次结论一致的有多少？
-- unit.en: cases; percent
-- unit.zh: 件；百分比
-- parameters: from_ms, to_ms
-- definition.en: A look counts on the day (Shanghai) on which it was decided, for the kind and for who decided first. Agreed: the same outcome, whatever the reasons.
-- definition.zh: 按复查作出结论之日（上海时间）计，归入审核种类与初次作出决定的人。一致：两次结论相同，不论理由。
SELECT
    strftime(make_timestamp((two.decided_at + 28800000) * 1000), '%Y-%m-%d') AS day,
    one.kind,
    one.decided_by AS reviewer,
    count(*) AS looked_again,
    count(*) FILTER (WHERE one.status = two.status) AS agreed,
    round(100.0 * count(*) FILTER (WHERE one.status = two.status) / count(*), 1) AS agreed_percent
FROM review_task two
JOIN review_task one ON one.id = two.sample_of
WHERE two.decided_at >= $from_ms AND two.decided_at < $to_ms
GROUP BY ALL
ORDER BY day, one.kind, reviewer
