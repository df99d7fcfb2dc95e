CREATE TABLE certificate_order (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    platform_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    seal_agency_id TEXT NOT NULL,
    certificate_kind TEXT NOT NULL CHECK (certificate_kind IN ('platform', 'national')),
    years BIGINT NOT NULL CHECK (years BETWEEN 1 AND 5),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    policy_version TEXT NOT NULL REFERENCES policy_version (id),
    status TEXT NOT NULL CHECK (status IN ('awaiting_payment', 'awaiting_papers',
        'platform_review', 'agency_review', 'awaiting_download', 'completed', 'rejected',
        'cancelled')),
    papers TEXT NOT NULL,
    reasons TEXT NOT NULL,
    platform_approved_by TEXT,
    agency_approved_by TEXT CHECK (agency_approved_by <> platform_approved_by),
    paid_at BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK (status NOT IN ('awaiting_download', 'completed') OR (paid_at IS NOT NULL
        AND platform_approved_by IS NOT NULL AND agency_approved_by IS NOT NULL))
)

CREATE UNIQUE INDEX certificate_order_one_open ON certificate_order (enterprise_id, platform_id)
    WHERE status NOT IN ('completed', 'rejected', 'cancelled')

CREATE INDEX certificate_order_of ON certificate_order (account_id, created_at)

CREATE TABLE payment (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL UNIQUE REFERENCES certificate_order (id),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    status TEXT NOT NULL CHECK (status IN
        ('requested', 'opened', 'paid', 'refunding', 'refunded')),
    trade_no TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    paid_at BIGINT,
    refunded_at BIGINT
)

CREATE TABLE ledger_line (
    id TEXT PRIMARY KEY,
    posting_id TEXT NOT NULL,
    account TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    order_id TEXT NOT NULL REFERENCES certificate_order (id),
    created_at BIGINT NOT NULL
)

CREATE TABLE refund_case (
    id TEXT PRIMARY KEY,
    payment_id TEXT NOT NULL REFERENCES payment (id),
    trade_no TEXT NOT NULL UNIQUE,
    amount_fen BIGINT NOT NULL,
    created_at BIGINT NOT NULL
)
