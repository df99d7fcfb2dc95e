CREATE TABLE contract_party (
    id TEXT PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES contract (id),
    version BIGINT NOT NULL,
    role TEXT NOT NULL,
    mall_account_id TEXT NOT NULL REFERENCES mall_account (id),
    ordinal BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'asked', 'signed', 'declined')),
    asked_at BIGINT,
    read_at BIGINT,
    handled_at BIGINT,
    opinion BLOB,
    UNIQUE (contract_id, version, role),
    UNIQUE (contract_id, version, mall_account_id)
)

CREATE INDEX contract_party_of ON contract_party (mall_account_id, contract_id)

INSERT INTO contract_party (id, contract_id, version, role, mall_account_id, ordinal, status, asked_at,
    read_at, handled_at, opinion)
    SELECT 'pty' || substr(c.id, 4) || 'p', c.id, c.version, 'purchaser', c.purchaser_id, 1,
        CASE WHEN s.id IS NULL THEN 'asked' ELSE 'signed' END, c.created_at, c.created_at, s.signed_at, NULL
    FROM contract c LEFT JOIN contract_signature s ON s.contract_id = c.id AND s.version = c.version
        AND s.role = 'purchaser' AND s.status = 'completed'

INSERT INTO contract_party (id, contract_id, version, role, mall_account_id, ordinal, status, asked_at,
    read_at, handled_at, opinion)
    SELECT 'pty' || substr(c.id, 4) || 's', c.id, c.version, 'supplier', c.supplier_id, 2,
        CASE WHEN s.id IS NULL THEN 'asked' ELSE 'signed' END, c.created_at, s.signed_at, s.signed_at, NULL
    FROM contract c LEFT JOIN contract_signature s ON s.contract_id = c.id AND s.version = c.version
        AND s.role = 'supplier' AND s.status = 'completed'

CREATE TABLE contract_form (
    id TEXT PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES contract (id),
    version BIGINT NOT NULL,
    template_id TEXT NOT NULL REFERENCES policy_version (id),
    fields BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (contract_id, version)
)

CREATE TABLE contract_act (
    id TEXT PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES contract (id),
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    about TEXT NOT NULL,
    text BLOB,
    created_at BIGINT NOT NULL
)

CREATE INDEX contract_act_of ON contract_act (contract_id, created_at)

CREATE TABLE contract_voiding (
    id TEXT PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES contract (id),
    role TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('proposed', 'agreed', 'refused', 'taken_back')),
    agreed_by TEXT NOT NULL,
    reason BLOB,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE UNIQUE INDEX contract_voiding_one_open ON contract_voiding (contract_id) WHERE status = 'proposed'

CREATE TABLE contract_attachment (
    id TEXT PRIMARY KEY,
    contract_id TEXT NOT NULL REFERENCES contract (id),
    version BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    blob_id TEXT NOT NULL REFERENCES blob (id),
    media_type TEXT NOT NULL,
    digest_hex TEXT NOT NULL,
    size BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    remarks TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (contract_id, version, ordinal)
)

CREATE INDEX contract_attachment_blob ON contract_attachment (blob_id)

CREATE TABLE contract_draft (
    id TEXT PRIMARY KEY,
    mall_account_id TEXT NOT NULL REFERENCES mall_account (id),
    purchase_order_id TEXT NOT NULL REFERENCES purchase_order (id),
    contract_id TEXT REFERENCES contract (id),
    form BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
)

CREATE INDEX contract_draft_of ON contract_draft (mall_account_id, updated_at)
