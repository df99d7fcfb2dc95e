CREATE TABLE invoice (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    platform_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ordinary', 'special')),
    title_name TEXT NOT NULL,
    title_code TEXT NOT NULL,
    lines TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    tax_fen BIGINT NOT NULL,
    total_fen BIGINT NOT NULL CHECK (total_fen = amount_fen + tax_fen),
    policy_version TEXT NOT NULL REFERENCES policy_version (id),
    status TEXT NOT NULL CHECK (status IN ('applied', 'issued')),
    number TEXT NOT NULL,
    blob_id TEXT REFERENCES blob (id),
    created_at BIGINT NOT NULL,
    issued_at BIGINT
)

CREATE UNIQUE INDEX invoice_number ON invoice (number) WHERE number <> ''

CREATE INDEX invoice_of ON invoice (account_id, created_at)

CREATE TABLE invoiced_order (
    id TEXT PRIMARY KEY,
    invoice_id TEXT NOT NULL REFERENCES invoice (id),
    order_id TEXT NOT NULL UNIQUE REFERENCES certificate_order (id)
)
