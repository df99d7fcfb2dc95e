-- title.en: Calls by matter and day
-- title.zh: 每日来电
-- question.en: How many people call, about what, how long does a call take, and how often is a review hurried along?
-- question.zh: 多少人来电、为何事、一次通话多久、催办了多少次？
-- unit.en: calls; minutes (elapsed)
-- unit.zh: 通；分钟（实际经过）
-- parameters: from_ms, to_ms
-- definition.en: A call counts on the day (Shanghai) it was answered, once for each matter that it was about; “none” is a call about no matter of the caller's. Unknown callers have no account. Calls that were never written down are left out.
-- definition.zh: 按接听日（上海时间）计；一通电话涉及多个事项的，每个事项各计一次，“未涉及”指不涉及在办事项。未注册来电人指没有账号的来电。未登记的来电不计入。
-- keys: day, about
-- chart: bar, x=day, y=calls|unknown_callers|with_urging, split=about
WITH behind AS (
    SELECT
        strftime(civil_day(began_at), '%Y-%m-%d') AS day,
        unnest(
            CASE WHEN matters = '[]' THEN ['none']
            ELSE list_distinct(json_extract_string(matters, '$[*].code')) END
        ) AS about,
        TRUE AS calls,
        account_id IS NULL AS unknown_callers,
        urged <> '[]' AS with_urging,
        (logged_at - began_at) / 60000.0 AS call_min,
        id AS look_up,
        began_at AS happened_at
    FROM call_fact
    WHERE status = 'logged' AND began_at >= $from_ms AND began_at < $to_ms
)
/* figures */
SELECT
    day,
    about,
    count(*) AS calls,
    count(*) FILTER (WHERE unknown_callers) AS unknown_callers,
    count(*) FILTER (WHERE with_urging) AS with_urging,
    round(quantile_cont(call_min, 0.5), 1) AS call_p50_min
FROM behind
GROUP BY ALL
ORDER BY day, about
