-- The copy that reports are asked of. Times are UTC milliseconds, money is fen, dates are Shanghai's.
CREATE TABLE IF NOT EXISTS made_as (digest VARCHAR);
CREATE TABLE IF NOT EXISTS watermark (seq BIGINT, occurred_at BIGINT);

-- What a filter asks for: an empty list is all.
CREATE OR REPLACE MACRO wanted(wished, found) AS (
    len(wished::VARCHAR[]) = 0 OR list_contains(wished::VARCHAR[], found)
);
-- The business date of an instant, and the first date of its day, week, month, quarter or year.
CREATE OR REPLACE MACRO civil_day(ms) AS (
    DATE '1970-01-01' + CAST((ms + 28800000) // 86400000 AS INTEGER)
);
CREATE OR REPLACE MACRO period_of(part, ms) AS CAST(date_trunc(part, civil_day(ms)) AS DATE);
CREATE OR REPLACE MACRO hour_of(ms) AS ((ms + 28800000) // 3600000) % 24;
-- Whether a report is to be told by a column; the rows of a ROLLUP that this asks for, the total among them.
CREATE OR REPLACE MACRO asked(levels, name) AS list_contains(levels::VARCHAR[], name);
CREATE OR REPLACE MACRO kept(part, levels, names, depth) AS (
    CASE depth WHEN 0 THEN TRUE WHEN 1 THEN part <> 'all' ELSE asked(levels, names[depth - 1]) END
);
-- How deep its rows go: 0 for the total, then one by one the columns that are asked for, in their order.
CREATE OR REPLACE MACRO depths(part, levels, names) AS (
    list_filter(range(len(names) + 2), lambda depth: kept(part, levels, names, depth))
);
-- The first date of the period that a report is told by, nothing where it is told of all time; its name.
CREATE OR REPLACE MACRO period_start(part, ms) AS (
    CASE WHEN part <> 'all' THEN period_of(CASE part WHEN 'all' THEN 'day' ELSE part END, ms) END
);
CREATE OR REPLACE MACRO period_text(part, day) AS (
    CASE part WHEN 'week' THEN strftime(day, '%G-W%V') WHEN 'month' THEN strftime(day, '%Y-%m')
        WHEN 'quarter' THEN year(day) || '-Q' || quarter(day)
        WHEN 'year' THEN strftime(day, '%Y') ELSE strftime(day, '%Y-%m-%d') END
);
-- Periods as numbers that follow each other, when each begins, and what each is called when it is over.
CREATE OR REPLACE MACRO bucket_of(part, ms) AS (
    CASE part WHEN 'hour' THEN (ms + 28800000) // 3600000
        WHEN 'day' THEN (ms + 28800000) // 86400000
        WHEN 'week' THEN ((ms + 28800000) // 86400000 + 3) // 7
        WHEN 'month' THEN year(civil_day(ms)) * 12 + month(civil_day(ms)) - 1
        ELSE 0 END
);
CREATE OR REPLACE MACRO bucket_start(part, bucket) AS (
    CASE part WHEN 'hour' THEN bucket * 3600000 - 28800000
        WHEN 'day' THEN bucket * 86400000 - 28800000
        WHEN 'week' THEN (bucket * 7 - 3) * 86400000 - 28800000
        WHEN 'month' THEN epoch_ms(make_date(bucket // 12, bucket % 12 + 1, 1)) - 28800000
        WHEN 'all' THEN CASE WHEN bucket > 0 THEN 4503599627370496 ELSE 0 END END
);
CREATE OR REPLACE MACRO bucket_text(part, bucket) AS (
    CASE part WHEN 'all' THEN NULL
        WHEN 'hour' THEN
            strftime(make_timestamp((bucket_start(part, bucket + 1) + 28800000) * 1000), '%Y-%m-%d %H:%M')
        ELSE period_text(part, civil_day(bucket_start(part, bucket))) END
);
-- Wilson's interval at 95 % for k of n.
CREATE OR REPLACE MACRO wilson_half(k, n) AS (
    1.959963984540054 * sqrt(k * (n - k) / n + 3.8414588206941236 / 4)
);
CREATE OR REPLACE MACRO wilson_low(k, n) AS (
    greatest((k + 1.9207294103470618 - wilson_half(k, n)) / (n + 3.8414588206941236), 0)
);
CREATE OR REPLACE MACRO wilson_high(k, n) AS (
    least((k + 1.9207294103470618 + wilson_half(k, n)) / (n + 3.8414588206941236), 1)
);

-- Office hours: milliseconds of them before each date, so that a span is a difference of two sums.
CREATE TABLE IF NOT EXISTS calendar_day (
    day_number INTEGER, day DATE, is_open BOOLEAN, opens_at BIGINT, closes_at BIGINT, before_ms BIGINT
);
-- Office hours before an instant, in milliseconds: `office_ms(b) - office_ms(a)` is a span of them.
CREATE OR REPLACE MACRO office_ms(ms) AS (
    SELECT before_ms + greatest(0, least(ms, closes_at) - opens_at)
    FROM calendar_day WHERE day_number = (ms + 28800000) // 86400000
);

-- The log: every event; those of a case in order; each pair of events that follow each other in a case.
CREATE TABLE IF NOT EXISTS event_fact (
    seq BIGINT, occurred_at BIGINT, kind VARCHAR, subject VARCHAR, actor_kind VARCHAR
);
CREATE TABLE IF NOT EXISTS lifecycle_event (
    case_kind VARCHAR, case_id VARCHAR, activity VARCHAR, seq BIGINT, happened_at BIGINT,
    actor_kind VARCHAR, platform_id VARCHAR, agency_id VARCHAR, region VARCHAR, product VARCHAR
);
CREATE TABLE IF NOT EXISTS lifecycle_step (
    case_kind VARCHAR, case_id VARCHAR, from_activity VARCHAR, to_activity VARCHAR,
    from_ms BIGINT, to_ms BIGINT, to_seq BIGINT,
    platform_id VARCHAR, agency_id VARCHAR, region VARCHAR, product VARCHAR
);
-- Each case: how it began, its newest event (what the next one follows), and its activities so far in order.
CREATE TABLE IF NOT EXISTS lifecycle_case (
    case_kind VARCHAR, case_id VARCHAR, first_activity VARCHAR, began_at BIGINT,
    activity VARCHAR, seq BIGINT, happened_at BIGINT, path VARCHAR,
    platform_id VARCHAR, agency_id VARCHAR, region VARCHAR, product VARCHAR
);
CREATE TABLE IF NOT EXISTS account_fact (
    account_ref VARCHAR, status VARCHAR, registered_at BIGINT, proved_at BIGINT, joined_at BIGINT,
    onboarded_at BIGINT, first_order_at BIGINT, first_paid_at BIGINT, first_certificate_at BIGINT,
    first_invoice_at BIGINT, ended_at BIGINT
);
CREATE TABLE IF NOT EXISTS enterprise_fact (
    id VARCHAR, region VARCHAR, entity_class VARCHAR, status VARCHAR, created_at BIGINT
);
CREATE TABLE IF NOT EXISTS claim_fact (
    id VARCHAR, account_ref VARCHAR, enterprise_id VARCHAR, status VARCHAR, created_at BIGINT
);
CREATE TABLE IF NOT EXISTS membership_fact (
    id VARCHAR, account_ref VARCHAR, enterprise_id VARCHAR, role VARCHAR, status VARCHAR,
    created_at BIGINT, ended_at BIGINT
);
-- `paid` is what came, `refunded` what went back of it, `invoiced` what issued invoices say less red letters.
-- Submitted: its first review was opened (or its papers came, where nobody reviews); reviewed: first decided;
-- downloaded: the certificate was taken into use.
CREATE TABLE IF NOT EXISTS order_fact (
    id VARCHAR, number VARCHAR, order_kind VARCHAR, platform_id VARCHAR, agency_id VARCHAR,
    region VARCHAR, product VARCHAR, business VARCHAR, years BIGINT, status VARCHAR,
    account_ref VARCHAR, enterprise_id VARCHAR,
    amount_fen BIGINT, paid_fen BIGINT, refunded_fen BIGINT, invoiced_fen BIGINT,
    created_at BIGINT, paid_at BIGINT, submitted_at BIGINT, first_reviewed_at BIGINT,
    issued_at BIGINT, downloaded_at BIGINT, ended_at BIGINT
);
CREATE TABLE IF NOT EXISTS payment_fact (
    id VARCHAR, order_id VARCHAR, status VARCHAR, amount_fen BIGINT, created_at BIGINT,
    paid_at BIGINT, refunded_at BIGINT
);
CREATE TABLE IF NOT EXISTS refund_fact (
    id VARCHAR, payment_id VARCHAR, order_id VARCHAR, status VARCHAR, why VARCHAR,
    amount_fen BIGINT, requested_at BIGINT, settled_at BIGINT
);
CREATE TABLE IF NOT EXISTS movement_fact (
    id VARCHAR, kind VARCHAR, amount_fen BIGINT, business_date VARCHAR, occurred_at BIGINT,
    source VARCHAR
);
CREATE TABLE IF NOT EXISTS money_case_fact (
    id VARCHAR, kind VARCHAR, status VARCHAR, resolution VARCHAR, amount_fen BIGINT,
    other_fen BIGINT, opened_at BIGINT, settled_at BIGINT
);
-- `overdue` is a decision after the limit that held when the case was opened.
-- `stage` is the kind of review; `wait` until somebody looked, `handle` from then to the decision. The
-- business durations are office hours, those on hold taken off; the others are elapsed time.
CREATE TABLE IF NOT EXISTS review_task (
    id VARCHAR, kind VARCHAR, stage VARCHAR, platform_id VARCHAR, agency_id VARCHAR, region VARCHAR,
    product VARCHAR, status VARCHAR, opened_at BIGINT, first_touched_at BIGINT, decided_at BIGINT,
    ended_at BIGINT, decided_by VARCHAR, held_ms BIGINT, corrects VARCHAR, attempt BIGINT,
    reasons VARCHAR, sample_of VARCHAR, subject_id VARCHAR, case_kind VARCHAR, case_id VARCHAR,
    wait_ms BIGINT, handle_ms BIGINT, wait_business_ms BIGINT, handle_business_ms BIGINT,
    touch_limit_ms BIGINT, decision_limit_ms BIGINT, overdue BOOLEAN
);
-- The limits of a kind of review from a moment on, in office hours.
CREATE TABLE IF NOT EXISTS review_limit (
    id VARCHAR, stage VARCHAR, from_ms BIGINT, touch_ms BIGINT, decision_ms BIGINT
);
-- One row for each reason that a rejection named.
CREATE TABLE IF NOT EXISTS reason_fact (
    case_id VARCHAR, stage VARCHAR, code VARCHAR, decided_at BIGINT, decided_by VARCHAR,
    platform_id VARCHAR, agency_id VARCHAR, region VARCHAR, attempt BIGINT
);
CREATE TABLE IF NOT EXISTS invoice_fact (
    id VARCHAR, number VARCHAR, order_kind VARCHAR, platform_id VARCHAR, agency_id VARCHAR,
    region VARCHAR, account_ref VARCHAR, enterprise_id VARCHAR, kind VARCHAR, medium VARCHAR,
    status VARCHAR, reverses VARCHAR, reason VARCHAR, total_fen BIGINT, tax_fen BIGINT,
    created_at BIGINT, issued_at BIGINT, posted_at BIGINT, delivered_at BIGINT, ended_at BIGINT
);
-- `rate` in percent; an exempt line has none. A red letter's figures are negative.
CREATE TABLE IF NOT EXISTS invoice_line_fact (
    invoice_id VARCHAR, line BIGINT, tax_item VARCHAR, rate DECIMAL(9, 4), net_fen BIGINT,
    tax_fen BIGINT, quantity DECIMAL(28, 13)
);
CREATE TABLE IF NOT EXISTS invoiced_order_fact (
    id VARCHAR, invoice_id VARCHAR, order_id VARCHAR, amount_fen BIGINT
);
CREATE TABLE IF NOT EXISTS shipment_fact (
    id VARCHAR, invoice_id VARCHAR, platform_id VARCHAR, agency_id VARCHAR, attempt BIGINT,
    status VARCHAR, courier VARCHAR, created_at BIGINT, packed_at BIGINT, handed_over_at BIGINT,
    reported_at BIGINT, ended_at BIGINT
);
CREATE TABLE IF NOT EXISTS call_fact (
    id VARCHAR, account_id VARCHAR, way VARCHAR, status VARCHAR, matters VARCHAR, urged VARCHAR,
    began_at BIGINT, logged_at BIGINT
);
CREATE TABLE IF NOT EXISTS proof_fact (
    id VARCHAR, account_ref VARCHAR, way VARCHAR, status VARCHAR, reason VARCHAR, created_at BIGINT,
    decided_at BIGINT
);
CREATE TABLE IF NOT EXISTS certificate_fact (
    id VARCHAR, order_id VARCHAR, agency_id VARCHAR, product VARCHAR, usage VARCHAR, status VARCHAR,
    serial_hex VARCHAR, not_after BIGINT, created_at BIGINT, activated_at BIGINT, revoked_at BIGINT,
    revocation_reason VARCHAR, replaced_by VARCHAR
);
CREATE TABLE IF NOT EXISTS seal_application_fact (
    id VARCHAR, enterprise_id VARCHAR, kind VARCHAR, agency_id VARCHAR, status VARCHAR,
    purpose VARCHAR, picture VARCHAR, strokes_blob_id VARCHAR, created_at BIGINT, ended_at BIGINT
);
CREATE TABLE IF NOT EXISTS seal_fact (
    id VARCHAR, application_id VARCHAR, kind VARCHAR, agency_id VARCHAR, status VARCHAR, code VARCHAR,
    created_at BIGINT, ended_at BIGINT
);
CREATE TABLE IF NOT EXISTS file_fact (
    id VARCHAR, platform_id VARCHAR, certificate_id VARCHAR, status VARCHAR, size BIGINT,
    created_at BIGINT, signed_at BIGINT, made_at BIGINT
);
CREATE TABLE IF NOT EXISTS file_recipient_fact (id VARCHAR, file_id VARCHAR, certificate_id VARCHAR);
CREATE TABLE IF NOT EXISTS file_opening_fact (
    id VARCHAR, file_id VARCHAR, status VARCHAR, created_at BIGINT, opened_at BIGINT
);
CREATE TABLE IF NOT EXISTS ticket_fact (
    id VARCHAR, purpose VARCHAR, kind VARCHAR, platform_id VARCHAR, status VARCHAR,
    created_at BIGINT, expires_at BIGINT, second_scans BIGINT, wrong_numbers BIGINT,
    certificate_id VARCHAR, result VARCHAR
);
CREATE TABLE IF NOT EXISTS binding_fact (
    id VARCHAR, mall_account_id VARCHAR, certificate_id VARCHAR, platform_id VARCHAR,
    entity_id VARCHAR, moved_from VARCHAR, status VARCHAR, created_at BIGINT, bound_at BIGINT
);
CREATE TABLE IF NOT EXISTS entity_fact (id VARCHAR, kind VARCHAR, status VARCHAR);
CREATE TABLE IF NOT EXISTS mall_account_fact (
    id VARCHAR, role VARCHAR, platform_id VARCHAR, account_ref VARCHAR, enterprise_id VARCHAR,
    status VARCHAR, created_at BIGINT
);
CREATE TABLE IF NOT EXISTS contract_fact (
    id VARCHAR, number VARCHAR, platform_id VARCHAR, agency_id VARCHAR, origin VARCHAR, status VARCHAR,
    version BIGINT, created_at BIGINT, ended_at BIGINT, signing_order VARCHAR, sign_by BIGINT
);
CREATE TABLE IF NOT EXISTS contract_party_fact (
    id VARCHAR, contract_id VARCHAR, version BIGINT, role VARCHAR, ordinal BIGINT, status VARCHAR,
    asked_at BIGINT, read_at BIGINT, handled_at BIGINT
);

-- Bulk acts; `platform_id` and `agency_id` where all items of the list belong to the same one. An item's
-- `outcome` is `done` or the code of a refusal, as what the dry run foresaw is.
CREATE TABLE IF NOT EXISTS bulk_fact (
    id VARCHAR, act VARCHAR, size BIGINT, status VARCHAR, platform_id VARCHAR, agency_id VARCHAR,
    made_at BIGINT, rehearsed_at BIGINT, approved_at BIGINT, started_at BIGINT, ended_at BIGINT,
    ran_ms BIGINT
);
CREATE TABLE IF NOT EXISTS bulk_item_fact (
    id VARCHAR, bulk_id VARCHAR, item_id VARCHAR, foreseen VARCHAR, outcome VARCHAR, done_at BIGINT
);
CREATE TABLE IF NOT EXISTS incident_fact (
    id VARCHAR, kind VARCHAR, status VARCHAR, began_at BIGINT, opened_at BIGINT, contain_by BIGINT,
    contained_at BIGINT, closed_at BIGINT
);
-- The CAs that there are, a row for each version of their settings; a stop without a CA is one of all of them.
CREATE TABLE IF NOT EXISTS agency_fact (id VARCHAR, agency_id VARCHAR, from_ms BIGINT);
CREATE TABLE IF NOT EXISTS issuing_stop_fact (
    id VARCHAR, agency_id VARCHAR, incident_id VARCHAR, status VARCHAR, stopped_at BIGINT, lifted_at BIGINT
);
CREATE TABLE IF NOT EXISTS staff_role_fact (
    id VARCHAR, staff_id VARCHAR, role VARCHAR, granted_at BIGINT, revoked_at BIGINT
);
-- Looks behind masks: the field's name, the beginning of the record's id, the roles of who looked (`a|b`).
CREATE TABLE IF NOT EXISTS reveal_fact (
    id VARCHAR, field VARCHAR, ground VARCHAR, record_kind VARCHAR, roles VARCHAR, revealed_at BIGINT
);
-- Machines, their endpoints (`number` in the order of making), and what they are told. `accepted_try` is the
-- number of the first try that was taken. Deliveries leave when the world has forgotten them.
CREATE TABLE IF NOT EXISTS machine_fact (
    id VARCHAR, name VARCHAR, status VARCHAR, made_at BIGINT, ended_at BIGINT
);
CREATE TABLE IF NOT EXISTS endpoint_fact (
    id VARCHAR, client_id VARCHAR, host VARCHAR, number BIGINT, status VARCHAR, made_at BIGINT
);
CREATE TABLE IF NOT EXISTS delivery_fact (
    id VARCHAR, endpoint_id VARCHAR, kind VARCHAR, status VARCHAR, made_at BIGINT, ended_at BIGINT,
    tries BIGINT, accepted_try BIGINT, accepted_at BIGINT
);

-- Which case a thing belongs to; `part` is what its activities are told apart by.
CREATE OR REPLACE VIEW case_object AS
SELECT id AS subject,
    CASE order_kind WHEN 'certificate' THEN 'certificate_order' ELSE 'service_order' END AS case_kind,
    id AS case_id, '' AS part
FROM order_fact
UNION ALL
SELECT id, CASE WHEN starts_with(order_id, 'ord_') THEN 'certificate_order' ELSE 'service_order' END,
    order_id, ''
FROM payment_fact
UNION ALL
SELECT id, CASE WHEN starts_with(order_id, 'ord_') THEN 'certificate_order' ELSE 'service_order' END,
    order_id, ''
FROM refund_fact WHERE order_id IS NOT NULL
UNION ALL
SELECT id, 'certificate_order', order_id, '' FROM certificate_fact WHERE usage = 'signing'
UNION ALL
SELECT id, 'contract', id, '' FROM contract_fact
UNION ALL
SELECT id, 'contract', contract_id, role FROM contract_party_fact
UNION ALL
SELECT id, 'seal', id, '' FROM seal_application_fact
UNION ALL
SELECT id, 'seal', application_id, '' FROM seal_fact
UNION ALL
SELECT id, 'invoice', id, '' FROM invoice_fact
UNION ALL
SELECT id, 'invoice', invoice_id, '' FROM shipment_fact
UNION ALL
SELECT account_ref, 'account', account_ref, '' FROM account_fact
UNION ALL
SELECT id, 'account', account_ref, '' FROM proof_fact
UNION ALL
SELECT id, 'account', account_ref, '' FROM claim_fact
UNION ALL
SELECT id, 'account', account_ref, '' FROM membership_fact
UNION ALL
SELECT id, 'account', account_ref, '' FROM mall_account_fact;

-- What a case can be filtered by.
CREATE OR REPLACE VIEW case_about AS
SELECT CASE order_kind WHEN 'certificate' THEN 'certificate_order' ELSE 'service_order' END AS case_kind,
    id AS case_id, platform_id, agency_id, region, product
FROM order_fact
UNION ALL
SELECT 'contract', id, platform_id, agency_id, '', origin FROM contract_fact
UNION ALL
SELECT 'seal', s.id, '', s.agency_id, coalesce(e.region, ''), s.kind
FROM seal_application_fact s LEFT JOIN enterprise_fact e ON e.id = s.enterprise_id
UNION ALL
SELECT 'invoice', id, platform_id, agency_id, region, kind FROM invoice_fact
UNION ALL
SELECT 'account', account_ref, '', '', '', '' FROM account_fact;
