-- A contract has two to six parties, who sign in turn or in any order until a day; it may be declined,
-- withdrawn and voided. A signature's role is one of its parties'. What points at contracts is looked at
-- when the transaction ends, and by then every row is there again.
PRAGMA defer_foreign_keys = ON

CREATE TABLE contract_kept AS SELECT * FROM contract

DROP TABLE contract

CREATE TABLE contract (
    id TEXT PRIMARY KEY,
    platform_id TEXT NOT NULL,
    agency_id TEXT,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    purchase_order_id TEXT NOT NULL REFERENCES purchase_order (id),
    purchaser_id TEXT NOT NULL REFERENCES mall_account (id),
    supplier_id TEXT NOT NULL REFERENCES mall_account (id),
    awardee TEXT NOT NULL,
    signing_date TEXT NOT NULL,
    effective_date TEXT NOT NULL,
    currency TEXT NOT NULL,
    total_fen BIGINT NOT NULL,
    payment_terms TEXT NOT NULL,
    place TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('template', 'uploaded')),
    remarks TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'in_review', 'passed', 'returned', 'declined',
        'withdrawn', 'voided')),
    version BIGINT NOT NULL,
    reasons TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    signing_order TEXT NOT NULL CHECK (signing_order IN ('in_turn', 'any')),
    sign_by BIGINT,
    level TEXT NOT NULL,
    template_id TEXT REFERENCES policy_version (id),
    placements TEXT NOT NULL,
    UNIQUE (platform_id, number)
)

INSERT INTO contract (id, platform_id, agency_id, number, name, purchase_order_id, purchaser_id, supplier_id, awardee, signing_date, effective_date, currency, total_fen, payment_terms, place, origin, remarks, status, version, reasons, created_at, ended_at, signing_order, sign_by, level, template_id, placements)
    SELECT id, platform_id, agency_id, number, name, purchase_order_id, purchaser_id, supplier_id, awardee, signing_date, effective_date, currency, total_fen, payment_terms, place, origin, remarks, status, version, reasons, created_at, ended_at, 'any', NULL, 'B-LT', NULL, '{}' FROM contract_kept

DROP TABLE contract_kept

CREATE INDEX contract_purchaser ON contract (purchaser_id, created_at)

CREATE INDEX contract_supplier ON contract (supplier_id, created_at)

CREATE TABLE contract_signature_kept AS SELECT * FROM contract_signature

DROP TABLE contract_signature

CREATE TABLE contract_signature (
    id TEXT PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES contract (id),
    version BIGINT NOT NULL,
    role TEXT NOT NULL,
    mall_account_id TEXT NOT NULL REFERENCES mall_account (id),
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    seal_id TEXT NOT NULL REFERENCES seal (id),
    status TEXT NOT NULL CHECK (status IN
        ('requested', 'prepared', 'signed', 'completed', 'failed')),
    prepared_blob_id TEXT REFERENCES blob (id),
    digest_hex TEXT NOT NULL,
    attributes BLOB,
    value BLOB,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    signed_at BIGINT,
    completed_at BIGINT
)

INSERT INTO contract_signature (id, contract_id, version, role, mall_account_id, certificate_id, seal_id, status, prepared_blob_id, digest_hex, attributes, value, account_id, created_at, signed_at, completed_at)
    SELECT id, contract_id, version, role, mall_account_id, certificate_id, seal_id, status, prepared_blob_id, digest_hex, attributes, value, account_id, created_at, signed_at, completed_at FROM contract_signature_kept

DROP TABLE contract_signature_kept

CREATE UNIQUE INDEX contract_signature_one_open ON contract_signature (contract_id)
    WHERE status IN ('requested', 'prepared', 'signed')

CREATE UNIQUE INDEX contract_signature_once ON contract_signature (contract_id, version, role)
    WHERE status = 'completed'
