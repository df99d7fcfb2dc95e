-- title.en: Agreement between reviewers
-- title.zh: 抽样复查一致率
-- question.en: How often does a second, blind look agree with who decided first, and how sure can one be of that?
-- question.zh: 在不知结论的情况下再审一次，与初次结论一致的有多少，这个比例有多可靠？
-- unit.en: cases; percent
-- unit.zh: 件；%
-- parameters: from_ms, to_ms, platforms, agencies, regions, stages, reviewers, by, levels
-- definition.en: A second look counts in the period (Shanghai) in which it was decided, for the stage and for who decided first. Agreed: the same outcome, whatever the reasons. The interval is Wilson's at 95 %: with few looks it is wide, and two reviewers whose intervals overlap cannot be told apart by it.
-- definition.zh: 按复查作出结论的时段（上海时间）计，归入审核环节与初次作出决定的人。一致：两次结论相同，不论理由。区间为 95% 威尔逊区间：复查件数少则区间宽，两人的区间重叠时不能据此区分优劣。
-- terms: agreement
-- by: all, month, week, day, quarter, year
-- levels: stage, reviewer, platform, agency, region
-- shown: stage, reviewer
-- keys: period, stage, reviewer, platform, agency, region
-- headlines: looked_again, agreed_percent, agreed_low_percent, agreed_high_percent
-- chart: interval, x=reviewer, y=agreed_percent|looked_again, split=stage
WITH told AS (
    SELECT
        period_start($by, two.decided_at) AS started,
        CASE WHEN asked($levels, 'stage') THEN one.stage END AS stage,
        CASE WHEN asked($levels, 'reviewer') THEN coalesce(one.decided_by, '') END AS reviewer,
        CASE WHEN asked($levels, 'platform') THEN coalesce(one.platform_id, '') END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(one.agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(one.region, '') END AS region,
        one.status = two.status AS agreed,
        one.id,
        two.decided_at
    FROM review_task two
    JOIN review_task one ON one.id = two.sample_of
    WHERE two.sample_of IS NOT NULL AND two.status IN ('approved', 'rejected')
        AND two.decided_at >= $from_ms AND two.decided_at < $to_ms
        AND wanted($platforms, one.platform_id) AND wanted($agencies, one.agency_id)
        AND wanted($regions, one.region) AND wanted($stages, one.stage)
        AND wanted($reviewers, one.decided_by)
), behind AS (
    SELECT
        period_text($by, started) AS period,
        stage,
        reviewer,
        platform,
        agency,
        region,
        TRUE AS looked_again,
        agreed,
        NOT agreed AS differed,
        id AS look_up,
        decided_at AS happened_at
    FROM told
)
/* figures */
SELECT
    period_text($by, started) AS period,
    stage,
    reviewer,
    platform,
    agency,
    region,
    n AS looked_again,
    k AS agreed,
    n - k AS differed,
    round(100.0 * k / n, 1) AS agreed_percent,
    round(100.0 * wilson_low(k, n), 1) AS agreed_low_percent,
    round(100.0 * wilson_high(k, n), 1) AS agreed_high_percent
FROM (
    SELECT
        started, stage, reviewer, platform, agency, region,
        count(*) AS n,
        count(*) FILTER (WHERE agreed) AS k
    FROM told
    GROUP BY ALL
)
ORDER BY started, stage, reviewer, platform, agency, region
