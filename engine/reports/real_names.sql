-- title.en: Real-name proofs by way and day
-- title.zh: 每日实名认证
-- question.en: How often does each provider say yes, how fast, and why does it say no?
-- question.zh: 各认证方式通过多少、多快，不通过的原因是什么？
-- unit.en: tries; seconds (elapsed)
-- unit.zh: 次；秒（实际经过）
-- parameters: from_ms, to_ms
-- definition.en: A try counts on the day (Shanghai) it was made. Seconds run from the request to the answer, a person's typing of a code included. Top reason: the commonest among the day's noes; of several as common, the first by its code.
-- definition.zh: 按发起当日（上海时间）计。用时自提交至得到结果，含用户输入验证码的时间。主要原因：当日不通过中最常见的原因；同样常见时取代码在前的一项。
-- keys: day, way
-- derived: top_reason
-- chart: bar, x=day, y=tries|matched|mismatched, split=way
WITH behind AS (
    SELECT
        strftime(civil_day(created_at), '%Y-%m-%d') AS day,
        way,
        TRUE AS tries,
        status = 'matched' AS matched,
        status = 'mismatched' AS mismatched,
        decided_at IS NULL AS unanswered,
        (decided_at - created_at) / 1000.0 AS answer_s,
        CASE WHEN status = 'mismatched' THEN reason END AS no_because,
        id AS look_up,
        created_at AS happened_at
    FROM proof_fact
    WHERE created_at >= $from_ms AND created_at < $to_ms
)
/* figures */
SELECT
    day,
    way,
    count(*) AS tries,
    count(*) FILTER (WHERE matched) AS matched,
    count(*) FILTER (WHERE mismatched) AS mismatched,
    count(*) FILTER (WHERE unanswered) AS unanswered,
    round(quantile_cont(answer_s, 0.5), 1) AS answer_p50_s,
    round(quantile_cont(answer_s, 0.9), 1) AS answer_p90_s,
    -- A histogram is in the order of its keys; `mode` would take whichever thread came first.
    map_keys(histogram(no_because))[
        list_position(
            map_values(histogram(no_because)), list_max(map_values(histogram(no_because)))
        )
    ] AS top_reason
FROM behind
GROUP BY ALL
ORDER BY day, way
