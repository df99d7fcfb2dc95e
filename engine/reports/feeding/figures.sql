-- What is counted of a fact, from the facts around it and from the new events of its case (`told`).

-- Reviews: whose case they are, which attempt, and how long they took. Office hours are the difference of
-- two sums of the calendar; a review that falls out of the calendar has no office hours.
CREATE OR REPLACE TEMP TABLE looked AS
SELECT r.* FROM review_task r
WHERE r.id IN (SELECT id FROM arrived WHERE fact = 'review_task');

CREATE OR REPLACE TEMP TABLE object_now AS
SELECT * FROM case_object WHERE subject IN (SELECT subject_id FROM looked);

CREATE OR REPLACE TEMP TABLE review_now AS
WITH RECURSIVE chain AS (
    SELECT id, corrects, 1 AS attempt FROM looked
    UNION ALL
    SELECT c.id, r.corrects, c.attempt + 1 FROM chain c JOIN review_task r ON r.id = c.corrects
), attempts AS (
    SELECT id, max(attempt) AS attempt FROM chain GROUP BY id
), ended AS (
    SELECT e.subject, max(e.occurred_at) AS ended_at
    FROM event_fact e
    WHERE e.kind = 'case.withdrawn' AND e.subject IN (SELECT id FROM looked WHERE status = 'withdrawn')
    GROUP BY e.subject
), allowed AS (
    SELECT s.id, max_by(l.touch_ms, l.from_ms) AS touch_ms, max_by(l.decision_ms, l.from_ms) AS decision_ms
    FROM looked s JOIN review_limit l ON l.stage = s.kind AND l.from_ms <= s.opened_at
    GROUP BY s.id
), office AS (
    SELECT s.id,
        o.before_ms + greatest(0, least(s.opened_at, o.closes_at) - o.opens_at) AS opened,
        t.before_ms + greatest(0, least(s.first_touched_at, t.closes_at) - t.opens_at) AS touched,
        d.before_ms + greatest(0, least(s.decided_at, d.closes_at) - d.opens_at) AS decided
    FROM looked s
    LEFT JOIN calendar_day o ON o.day_number = (s.opened_at + 28800000) // 86400000
    LEFT JOIN calendar_day t ON t.day_number = (s.first_touched_at + 28800000) // 86400000
    LEFT JOIN calendar_day d ON d.day_number = (s.decided_at + 28800000) // 86400000
)
SELECT s.id, m.case_kind, m.case_id, coalesce(a.region, '') AS region,
    coalesce(a.product, '') AS product, n.attempt, coalesce(s.decided_at, e.ended_at) AS ended_at,
    s.first_touched_at - s.opened_at AS wait_ms,
    s.decided_at - s.first_touched_at AS handle_ms,
    o.touched - o.opened AS wait_business_ms,
    greatest(0, o.decided - o.touched - s.held_ms) AS handle_business_ms,
    l.touch_ms AS touch_limit_ms, l.decision_ms AS decision_limit_ms,
    o.decided - o.opened - s.held_ms > l.decision_ms AS overdue
FROM looked s
JOIN attempts n ON n.id = s.id
JOIN office o ON o.id = s.id
LEFT JOIN allowed l ON l.id = s.id
LEFT JOIN ended e ON e.subject = s.id
LEFT JOIN object_now m ON m.subject = s.subject_id
LEFT JOIN (SELECT * FROM case_about WHERE case_id IN (SELECT case_id FROM object_now)) a
    ON a.case_kind = m.case_kind AND a.case_id = m.case_id;

UPDATE review_task SET case_kind = n.case_kind, case_id = n.case_id, region = n.region,
    product = n.product, attempt = n.attempt, ended_at = n.ended_at, wait_ms = n.wait_ms,
    handle_ms = n.handle_ms, wait_business_ms = n.wait_business_ms,
    touch_limit_ms = n.touch_limit_ms, decision_limit_ms = n.decision_limit_ms, overdue = n.overdue,
    handle_business_ms = CASE WHEN n.handle_ms IS NULL THEN NULL ELSE n.handle_business_ms END
FROM review_now n
WHERE n.id = review_task.id;

DELETE FROM reason_fact WHERE case_id IN (SELECT id FROM arrived WHERE fact = 'review_task');

INSERT INTO reason_fact BY NAME
SELECT r.id AS case_id, r.stage, unnest(from_json(r.reasons, '["VARCHAR"]')) AS code, r.decided_at,
    r.decided_by, r.platform_id, r.agency_id, r.region, r.attempt
FROM review_task r
WHERE r.status = 'rejected' AND r.sample_of IS NULL
    AND r.id IN (SELECT id FROM arrived WHERE fact = 'review_task');

-- Orders: their money and their moments.
CREATE OR REPLACE TEMP TABLE order_stale AS
SELECT id FROM arrived WHERE fact = 'order_fact'
UNION
SELECT p.order_id FROM payment_fact p WHERE p.id IN (SELECT id FROM arrived WHERE fact = 'payment_fact')
UNION
SELECT r.order_id FROM refund_fact r WHERE r.id IN (SELECT id FROM arrived WHERE fact = 'refund_fact')
UNION
SELECT i.order_id FROM invoiced_order_fact i
WHERE i.invoice_id IN (SELECT id FROM arrived WHERE fact = 'invoice_fact')
    OR i.id IN (SELECT id FROM arrived WHERE fact = 'invoiced_order_fact');

UPDATE order_fact SET paid_fen = coalesce(p.fen, 0), refunded_fen = coalesce(r.fen, 0),
    invoiced_fen = coalesce(i.fen, 0)
FROM order_stale s
LEFT JOIN (
    SELECT order_id, sum(amount_fen)::BIGINT AS fen FROM payment_fact
    WHERE paid_at IS NOT NULL AND order_id IN (SELECT id FROM order_stale)
    GROUP BY order_id
) p ON p.order_id = s.id
LEFT JOIN (
    -- What came twice and went back was never the order's.
    SELECT order_id, sum(amount_fen)::BIGINT AS fen FROM refund_fact
    WHERE status = 'done' AND why <> 'not_owed' AND order_id IN (SELECT id FROM order_stale)
    GROUP BY order_id
) r ON r.order_id = s.id
LEFT JOIN (
    SELECT o.order_id, sum(o.amount_fen)::BIGINT AS fen
    FROM invoiced_order_fact o JOIN invoice_fact v ON v.id = o.invoice_id
    WHERE v.issued_at IS NOT NULL AND o.order_id IN (SELECT id FROM order_stale)
    GROUP BY o.order_id
) i ON i.order_id = s.id
WHERE order_fact.id = s.id;

UPDATE order_fact SET submitted_at = r.submitted_at, first_reviewed_at = r.first_reviewed_at
FROM (
    SELECT case_id, min(opened_at) AS submitted_at, min(decided_at) AS first_reviewed_at
    FROM review_task
    WHERE sample_of IS NULL AND case_kind = 'certificate_order'
        AND case_id IN (SELECT case_id FROM review_now WHERE case_kind = 'certificate_order')
    GROUP BY case_id
) r
WHERE order_fact.id = r.case_id;

UPDATE order_fact SET
    submitted_at = coalesce(order_fact.submitted_at, t.handed_in_at),
    issued_at = coalesce(order_fact.issued_at, t.issued_at),
    downloaded_at = coalesce(order_fact.downloaded_at, t.downloaded_at)
FROM (
    SELECT case_id,
        min(happened_at) FILTER (WHERE activity = 'order.papers_attached') AS handed_in_at,
        min(happened_at) FILTER (WHERE activity = 'certificate.issued') AS issued_at,
        min(happened_at) FILTER (WHERE activity = 'certificate.activated') AS downloaded_at
    FROM told
    WHERE case_kind = 'certificate_order'
        AND activity IN ('order.papers_attached', 'certificate.issued', 'certificate.activated')
    GROUP BY case_id
) t
WHERE order_fact.id = t.case_id;

-- Invoices on paper: when the first one was posted, and when one arrived.
UPDATE invoice_fact SET posted_at = s.posted_at, delivered_at = s.delivered_at
FROM (
    SELECT invoice_id, min(handed_over_at) AS posted_at,
        max(ended_at) FILTER (WHERE status = 'delivered') AS delivered_at
    FROM shipment_fact
    WHERE invoice_id IN (
        SELECT invoice_id FROM shipment_fact
        WHERE id IN (SELECT id FROM arrived WHERE fact = 'shipment_fact')
    )
    GROUP BY invoice_id
) s
WHERE invoice_fact.id = s.invoice_id;

-- People: the first of everything.
CREATE OR REPLACE TEMP TABLE account_stale AS
SELECT id AS account_ref FROM arrived WHERE fact = 'account_fact'
UNION
SELECT o.account_ref FROM order_fact o
WHERE o.id IN (SELECT id FROM order_stale UNION SELECT case_id FROM told WHERE case_kind = 'certificate_order')
UNION
SELECT m.account_ref FROM membership_fact m
WHERE m.id IN (SELECT id FROM arrived WHERE fact = 'membership_fact')
UNION
SELECT m.account_ref FROM mall_account_fact m
WHERE m.id IN (SELECT id FROM arrived WHERE fact = 'mall_account_fact')
UNION
SELECT i.account_ref FROM invoice_fact i
WHERE i.id IN (SELECT id FROM arrived WHERE fact = 'invoice_fact');

UPDATE account_fact SET joined_at = m.joined_at, onboarded_at = b.onboarded_at,
    first_order_at = o.placed_at, first_paid_at = o.paid_at,
    first_certificate_at = o.downloaded_at, first_invoice_at = i.issued_at
FROM account_stale s
LEFT JOIN (
    SELECT account_ref, min(created_at) AS joined_at FROM membership_fact
    WHERE account_ref IN (SELECT account_ref FROM account_stale) GROUP BY account_ref
) m ON m.account_ref = s.account_ref
LEFT JOIN (
    SELECT account_ref, min(created_at) AS onboarded_at FROM mall_account_fact
    WHERE account_ref IN (SELECT account_ref FROM account_stale) GROUP BY account_ref
) b ON b.account_ref = s.account_ref
LEFT JOIN (
    SELECT account_ref, min(created_at) AS placed_at, min(paid_at) AS paid_at,
        min(downloaded_at) AS downloaded_at
    FROM order_fact
    WHERE account_ref IN (SELECT account_ref FROM account_stale) GROUP BY account_ref
) o ON o.account_ref = s.account_ref
LEFT JOIN (
    SELECT account_ref, min(issued_at) AS issued_at FROM invoice_fact
    WHERE reverses IS NULL AND account_ref IN (SELECT account_ref FROM account_stale)
    GROUP BY account_ref
) i ON i.account_ref = s.account_ref
WHERE account_fact.account_ref = s.account_ref;

UPDATE account_fact SET ended_at = t.ended_at
FROM (
    SELECT case_id, max(happened_at) AS ended_at FROM told
    WHERE case_kind = 'account' AND activity = 'account.cancelled' GROUP BY case_id
) t
WHERE account_fact.account_ref = t.case_id;
