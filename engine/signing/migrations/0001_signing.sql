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
    status TEXT NOT NULL CHECK (status IN ('draft', 'in_review', 'passed', 'returned')),
    version BIGINT NOT NULL,
    reasons TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (platform_id, number)
)

CREATE INDEX contract_purchaser ON contract (purchaser_id, created_at)

CREATE INDEX contract_supplier ON contract (supplier_id, created_at)

CREATE TABLE contract_version (
    id TEXT PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES contract (id),
    version BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    blob_id TEXT NOT NULL REFERENCES blob (id),
    digest_hex TEXT NOT NULL,
    pages BIGINT NOT NULL,
    signed_by TEXT NOT NULL,
    level TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (contract_id, version, revision)
)

CREATE TABLE contract_signature (
    id TEXT PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES contract (id),
    version BIGINT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('purchaser', 'supplier')),
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

CREATE UNIQUE INDEX contract_signature_one_open ON contract_signature (contract_id)
    WHERE status IN ('requested', 'prepared', 'signed')

CREATE UNIQUE INDEX contract_signature_once ON contract_signature (contract_id, version, role)
    WHERE status = 'completed'
