-- The copy that reports are asked of. Times are UTC milliseconds, money is fen.
CREATE TABLE IF NOT EXISTS made_as (digest VARCHAR);
CREATE TABLE IF NOT EXISTS watermark (seq BIGINT, occurred_at BIGINT);
CREATE TABLE IF NOT EXISTS event_fact (
    seq BIGINT, occurred_at BIGINT, kind VARCHAR, subject VARCHAR, actor_kind VARCHAR
);
CREATE TABLE IF NOT EXISTS review_task (
    id VARCHAR, kind VARCHAR, platform_id VARCHAR, agency_id VARCHAR, status VARCHAR,
    opened_at BIGINT, first_touched_at BIGINT, decided_at BIGINT, decided_by VARCHAR,
    held_ms BIGINT, corrects VARCHAR, reasons VARCHAR, sample_of VARCHAR, subject_id VARCHAR
);
CREATE TABLE IF NOT EXISTS order_fact (
    id VARCHAR, number VARCHAR, platform_id VARCHAR, agency_id VARCHAR, years BIGINT,
    status VARCHAR, amount_fen BIGINT, created_at BIGINT, paid_at BIGINT, product VARCHAR,
    business VARCHAR
);
CREATE TABLE IF NOT EXISTS invoice_fact (
    id VARCHAR, number VARCHAR, platform_id VARCHAR, agency_id VARCHAR, kind VARCHAR,
    status VARCHAR, total_fen BIGINT, tax_fen BIGINT, created_at BIGINT, issued_at BIGINT
);
CREATE TABLE IF NOT EXISTS movement_fact (
    id VARCHAR, kind VARCHAR, amount_fen BIGINT, business_date VARCHAR, occurred_at BIGINT,
    source VARCHAR
);
CREATE TABLE IF NOT EXISTS money_case_fact (
    id VARCHAR, kind VARCHAR, status VARCHAR, resolution VARCHAR, amount_fen BIGINT,
    other_fen BIGINT, opened_at BIGINT, settled_at BIGINT
);
CREATE TABLE IF NOT EXISTS call_fact (
    id VARCHAR, account_id VARCHAR, way VARCHAR, status VARCHAR, matters VARCHAR, urged VARCHAR,
    began_at BIGINT, logged_at BIGINT
);
CREATE TABLE IF NOT EXISTS proof_fact (
    id VARCHAR, way VARCHAR, status VARCHAR, reason VARCHAR, created_at BIGINT, decided_at BIGINT
);
CREATE TABLE IF NOT EXISTS certificate_fact (
    id VARCHAR, order_id VARCHAR, agency_id VARCHAR, product VARCHAR, usage VARCHAR, status VARCHAR,
    serial_hex VARCHAR, not_after BIGINT, created_at BIGINT, activated_at BIGINT, revoked_at BIGINT,
    revocation_reason VARCHAR, replaced_by VARCHAR
);
CREATE TABLE IF NOT EXISTS seal_application_fact (
    id VARCHAR, kind VARCHAR, agency_id VARCHAR, status VARCHAR, purpose VARCHAR, picture VARCHAR,
    strokes_blob_id VARCHAR, created_at BIGINT, ended_at BIGINT
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
CREATE TABLE IF NOT EXISTS mall_account_fact (id VARCHAR, role VARCHAR);
CREATE TABLE IF NOT EXISTS contract_fact (
    id VARCHAR, number VARCHAR, platform_id VARCHAR, agency_id VARCHAR, origin VARCHAR, status VARCHAR,
    version BIGINT, created_at BIGINT, ended_at BIGINT, signing_order VARCHAR, sign_by BIGINT
);
CREATE TABLE IF NOT EXISTS contract_party_fact (
    id VARCHAR, contract_id VARCHAR, version BIGINT, role VARCHAR, ordinal BIGINT, status VARCHAR,
    asked_at BIGINT, read_at BIGINT, handled_at BIGINT
);
