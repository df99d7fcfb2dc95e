CREATE TABLE register_check (
    id TEXT PRIMARY KEY,
    about TEXT NOT NULL UNIQUE,
    elements BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('asked', 'matched', 'mismatched')),
    reason TEXT NOT NULL,
    mismatched TEXT NOT NULL,
    reference TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
)

CREATE TABLE reverse_payment (
    id TEXT PRIMARY KEY,
    claim_id TEXT NOT NULL REFERENCES enterprise_claim (id),
    sub_account TEXT NOT NULL UNIQUE,
    amount_fen BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('awaiting', 'matched', 'failed')),
    reason TEXT NOT NULL,
    trade_no TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE UNIQUE INDEX reverse_payment_trade ON reverse_payment (trade_no) WHERE trade_no <> ''

CREATE INDEX reverse_payment_of ON reverse_payment (claim_id)

CREATE TABLE representative_request (
    id TEXT PRIMARY KEY,
    claim_id TEXT NOT NULL REFERENCES enterprise_claim (id),
    phone TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('asked', 'authorized', 'cancelled')),
    account_id TEXT REFERENCES account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE UNIQUE INDEX representative_request_one_open ON representative_request (claim_id)
    WHERE status = 'asked'
