-- title.en: From registration to an invoice
-- title.zh: 从注册到开票
-- question.en: How far do those who registered come, and how long does each step take them?
-- question.zh: 注册的人走到了哪一步，每一步用多久？
-- unit.en: people; percent; hours (elapsed)
-- unit.zh: 人；%；小时（实际经过）
-- parameters: from_ms, to_ms
-- definition.en: Of the people who registered in the period, up to now. Proved: the real name was proved for the first time; joined: member of an enterprise for the first time; placed, paid, in use, invoiced: the first order, payment, certificate taken into use and invoice. Of the step before: of those who reached it, how many reached this one too. Hours run from the step before, over those who took that step first.
-- definition.zh: 期内注册的人截至目前的情况。实名：首次通过实名认证；入企：首次成为企业成员；下单、支付、启用、开票：首个订单、首次支付、首张启用的证书、首张发票。“较上一步”指到达上一步的人中同时到达本步的比例。用时自上一步起算，只计先到上一步的人。
-- terms: conversion
-- keys: step
-- chart: steps, x=step, y=reached|of_registered_percent|of_before_percent|from_before_p50_h
WITH people AS (
    SELECT
        account_ref,
        registered_at,
        proved_at,
        joined_at,
        first_order_at,
        first_paid_at,
        first_certificate_at,
        first_invoice_at
    FROM account_fact
    WHERE registered_at >= $from_ms AND registered_at < $to_ms
), steps AS (
    SELECT
        account_ref,
        registered_at,
        unnest([
            '1_registered', '2_proved', '3_joined', '4_ordered', '5_order_paid', '6_certified',
            '7_invoiced'
        ]) AS step,
        unnest([
            registered_at, proved_at, joined_at, first_order_at, first_paid_at,
            first_certificate_at, first_invoice_at
        ]) AS reached_at,
        unnest([
            registered_at, registered_at, proved_at, joined_at, first_order_at, first_paid_at,
            first_certificate_at
        ]) AS before_at
    FROM people
), behind AS (
    SELECT
        s.step,
        s.reached_at IS NOT NULL AS reached,
        s.reached_at IS NOT NULL AS of_registered,
        CASE WHEN s.before_at IS NOT NULL THEN s.reached_at IS NOT NULL END AS of_before,
        CASE WHEN s.reached_at >= s.before_at THEN s.reached_at - s.before_at END
            / 3600000.0 AS from_before_h,
        o.number AS look_up,
        s.registered_at AS happened_at
    FROM steps s
    LEFT JOIN (
        SELECT account_ref, min_by(number, created_at) AS number FROM order_fact GROUP BY account_ref
    ) o ON o.account_ref = s.account_ref
)
/* figures */
, told AS (
    SELECT
        step,
        count(reached_at) AS reached,
        count(before_at) AS were_before,
        count(*) FILTER (WHERE reached_at IS NOT NULL AND before_at IS NOT NULL) AS reached_both,
        count(*) AS registered,
        median(reached_at - before_at) FILTER (WHERE reached_at >= before_at) AS half_ms
    FROM steps
    GROUP BY step
)
SELECT
    step,
    reached,
    round(100.0 * reached / registered, 1) AS of_registered_percent,
    CASE WHEN were_before > 0 THEN round(100.0 * reached_both / were_before, 1)
        END AS of_before_percent,
    round(half_ms / 3600000.0, 2) AS from_before_p50_h
FROM told
ORDER BY step
