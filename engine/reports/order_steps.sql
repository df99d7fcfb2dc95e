-- title.en: Conversion from step to step
-- title.zh: 逐步转化
-- question.en: How many of the orders reach each step, where do the others stop, and how long does it take?
-- question.zh: 下单之后每一步走到了多少，其余停在哪一步，用了多久？
-- unit.en: orders; percent; hours (elapsed)
-- unit.zh: 笔；%；小时（实际经过）
-- parameters: from_ms, to_ms, platforms, agencies, regions, kinds, by, levels
-- definition.en: Of the orders placed in the period. Submitted: the papers are complete and were handed in; reviewed: somebody decided for the first time; issued: the certificate was made, or the service began; in use: downloaded and taken into use. Of the step before: of the orders that reached it, how many reached this one too. Some platforms take payment before the review, others after it; the steps stand in the order of the former. Stopped: ended for good with this as the last step that was reached. Hours run from placing the order.
-- definition.zh: 以当期所下订单为准。提交：材料齐全并已提交；初审：首次作出审核决定；签发：证书已签发或服务已开通；启用：已下载并启用。“较上一步”指到达上一步的订单中同时到达本步的比例。部分平台先付款后审核，部分平台先审核后付款，步骤按先付款的次序排列。“止于此步”指订单已终止且最后到达的是本步。用时自下单起算。
-- terms: placed, submitted, paid, reviewed, issued, downloaded, conversion
-- by: all, month, week, day, quarter, year
-- levels: platform, agency, region, kind
-- keys: period, platform, agency, region, kind, step
-- chart: steps, x=step, y=reached|of_placed_percent|of_before_percent|stopped|reached_p50_h, split=platform
WITH told AS (
    SELECT
        period_start($by, created_at) AS started,
        CASE WHEN asked($levels, 'platform') THEN platform_id END AS platform,
        CASE WHEN asked($levels, 'agency') THEN coalesce(agency_id, '') END AS agency,
        CASE WHEN asked($levels, 'region') THEN coalesce(region, '') END AS region,
        CASE WHEN asked($levels, 'kind') THEN order_kind END AS kind,
        status IN ('rejected', 'cancelled', 'refunded') AS ended,
        created_at,
        submitted_at,
        paid_at,
        first_reviewed_at,
        issued_at,
        downloaded_at,
        number
    FROM order_fact
    WHERE created_at >= $from_ms AND created_at < $to_ms
        AND wanted($platforms, platform_id) AND wanted($agencies, agency_id)
        AND wanted($regions, region) AND wanted($kinds, order_kind)
), steps AS (
    SELECT
        *,
        unnest(['1_placed', '2_submitted', '3_paid', '4_reviewed', '5_issued', '6_in_use']) AS step,
        unnest([created_at, submitted_at, paid_at, first_reviewed_at, issued_at, downloaded_at])
            AS reached_at,
        unnest([created_at, created_at, submitted_at, paid_at, first_reviewed_at, issued_at])
            AS before_at,
        greatest(created_at, submitted_at, paid_at, first_reviewed_at, issued_at, downloaded_at)
            AS last_at
    FROM told
), behind AS (
    SELECT
        period_text($by, started) AS period,
        platform,
        agency,
        region,
        kind,
        step,
        reached_at IS NOT NULL AS reached,
        reached_at IS NOT NULL AS of_placed,
        CASE WHEN before_at IS NOT NULL THEN reached_at IS NOT NULL END AS of_before,
        ended AND reached_at IS NOT NULL AND step = CASE last_at
            WHEN downloaded_at THEN '6_in_use'
            WHEN issued_at THEN '5_issued'
            WHEN first_reviewed_at THEN '4_reviewed'
            WHEN paid_at THEN '3_paid'
            WHEN submitted_at THEN '2_submitted'
            ELSE '1_placed' END AS stopped,
        (reached_at - created_at) / 3600000.0 AS reached_h,
        number AS look_up,
        created_at AS happened_at
    FROM steps
)
/* figures */
, counted AS (
    SELECT
        started, platform, agency, region, kind,
        [
            count(*), count(submitted_at), count(paid_at), count(first_reviewed_at),
            count(issued_at), count(downloaded_at)
        ] AS reached,
        [
            count(*), count(submitted_at),
            count(*) FILTER (WHERE submitted_at IS NOT NULL AND paid_at IS NOT NULL),
            count(*) FILTER (WHERE paid_at IS NOT NULL AND first_reviewed_at IS NOT NULL),
            count(*) FILTER (WHERE first_reviewed_at IS NOT NULL AND issued_at IS NOT NULL),
            count(*) FILTER (WHERE issued_at IS NOT NULL AND downloaded_at IS NOT NULL)
        ] AS both_reached,
        [
            count(*) FILTER (WHERE last = 1), count(*) FILTER (WHERE last = 2),
            count(*) FILTER (WHERE last = 3), count(*) FILTER (WHERE last = 4),
            count(*) FILTER (WHERE last = 5), count(*) FILTER (WHERE last = 6)
        ] AS stopped,
        [
            0.0, median(submitted_at - created_at), median(paid_at - created_at),
            median(first_reviewed_at - created_at), median(issued_at - created_at),
            median(downloaded_at - created_at)
        ] AS half_ms
    FROM (
        SELECT
            *,
            CASE WHEN NOT ended THEN 0
                WHEN downloaded_at = last_at THEN 6
                WHEN issued_at = last_at THEN 5
                WHEN first_reviewed_at = last_at THEN 4
                WHEN paid_at = last_at THEN 3
                WHEN submitted_at = last_at THEN 2
                ELSE 1 END AS last
        FROM (
            SELECT
                *,
                CASE WHEN ended THEN greatest(
                    created_at, submitted_at, paid_at, first_reviewed_at, issued_at, downloaded_at
                ) END AS last_at
            FROM told
        )
    )
    GROUP BY ALL
)
SELECT
    period_text($by, started) AS period,
    platform,
    agency,
    region,
    kind,
    ['1_placed', '2_submitted', '3_paid', '4_reviewed', '5_issued', '6_in_use'][at_step] AS step,
    reached[at_step] AS reached,
    round(100.0 * reached[at_step] / reached[1], 1) AS of_placed_percent,
    CASE WHEN reached[greatest(at_step - 1, 1)] > 0
        THEN round(100.0 * both_reached[at_step] / reached[greatest(at_step - 1, 1)], 1)
    END AS of_before_percent,
    stopped[at_step] AS stopped,
    round(half_ms[at_step] / 3600000.0, 1) AS reached_p50_h
FROM counted, (SELECT unnest([1, 2, 3, 4, 5, 6]) AS at_step)
ORDER BY started, platform, agency, region, kind, step
