-- Titles that a person keeps, and what they added to their enterprise's own; what invoices hold of an order.
CREATE TABLE invoice_title (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    enterprise_id TEXT REFERENCES enterprise (id),
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'company')),
    details BLOB NOT NULL,
    is_default BIGINT NOT NULL CHECK (is_default IN (0, 1)),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
)

CREATE INDEX invoice_title_of ON invoice_title (account_id, created_at)

CREATE UNIQUE INDEX invoice_title_default ON invoice_title (account_id) WHERE is_default = 1

CREATE UNIQUE INDEX invoice_title_own ON invoice_title (account_id, enterprise_id)
    WHERE enterprise_id IS NOT NULL

CREATE TABLE invoice_balance (
    id TEXT PRIMARY KEY,
    order_kind TEXT NOT NULL CHECK (order_kind IN ('certificate', 'information', 'platform')),
    paid_fen BIGINT NOT NULL CHECK (paid_fen >= 0),
    refunded_fen BIGINT NOT NULL CHECK (refunded_fen >= 0),
    invoiced_fen BIGINT NOT NULL CHECK (invoiced_fen >= 0),
    reversed_fen BIGINT NOT NULL CHECK (reversed_fen >= 0),
    CHECK (reversed_fen <= invoiced_fen),
    CHECK (invoiced_fen - reversed_fen <= paid_fen - refunded_fen)
)
