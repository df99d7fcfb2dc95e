-- Orders for enterprises, persons and single events, and of every kind of business. The table is pointed at by
-- others: what points at it is looked at when the transaction ends, and by then every row is there again.
PRAGMA defer_foreign_keys = ON

CREATE TABLE certificate_order_kept AS SELECT * FROM certificate_order

DROP TABLE certificate_order

CREATE TABLE certificate_order (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account (id),
    enterprise_id TEXT REFERENCES enterprise (id),
    platform_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    seal_agency_id TEXT NOT NULL,
    certificate_kind TEXT NOT NULL CHECK (certificate_kind IN ('platform', 'national')),
    years BIGINT NOT NULL CHECK (years BETWEEN 0 AND 5),
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
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
    certificate_until BIGINT,
    platform_version TEXT,
    product TEXT NOT NULL DEFAULT 'enterprise'
        CHECK (product IN ('enterprise', 'individual', 'event')),
    business TEXT NOT NULL DEFAULT 'new'
        CHECK (business IN ('new', 'renewal', 'replacement', 'change', 'delegation')),
    holder TEXT NOT NULL,
    delegate_account_id TEXT REFERENCES account (id),
    scope TEXT NOT NULL DEFAULT '[]',
    replaces TEXT,
    why TEXT NOT NULL DEFAULT '',
    carries_until BIGINT,
    download_mode TEXT NOT NULL DEFAULT 'manual'
        CHECK (download_mode IN ('automatic', 'manual')),
    price TEXT NOT NULL,
    platform_reviews BIGINT NOT NULL DEFAULT 1 CHECK (platform_reviews IN (0, 1)),
    agency_reviews BIGINT NOT NULL DEFAULT 1 CHECK (agency_reviews IN (0, 1)),
    CHECK (enterprise_id IS NOT NULL OR product <> 'enterprise'),
    CHECK ((business = 'delegation') = (delegate_account_id IS NOT NULL)),
    CHECK ((business = 'new') = (replaces IS NULL)),
    CHECK (status NOT IN ('awaiting_download', 'completed')
        OR ((paid_at IS NOT NULL OR amount_fen = 0)
            AND (platform_reviews = 0 OR platform_approved_by IS NOT NULL)
            AND (agency_reviews = 0 OR agency_approved_by IS NOT NULL)))
)

INSERT INTO certificate_order
    SELECT id, number, account_id, enterprise_id, platform_id, agency_id, seal_agency_id,
        certificate_kind, years, amount_fen, policy_version, status, papers, reasons,
        platform_approved_by, agency_approved_by, paid_at, created_at, ended_at, certificate_until,
        platform_version, 'enterprise', 'new', enterprise_id, NULL, '[]', NULL, '', NULL, 'manual',
        '[{"code":"certificate","amount_fen":' || amount_fen || '}]', 1, 1
    FROM certificate_order_kept

DROP TABLE certificate_order_kept

CREATE UNIQUE INDEX certificate_order_one_open ON certificate_order (holder, platform_id, product)
    WHERE status NOT IN ('completed', 'rejected', 'cancelled')

CREATE INDEX certificate_order_of ON certificate_order (account_id, created_at)

CREATE INDEX certificate_order_at ON certificate_order (holder, platform_id, created_at)

CREATE INDEX certificate_order_of_enterprise ON certificate_order (enterprise_id, created_at)

CREATE INDEX certificate_order_of_delegate ON certificate_order (delegate_account_id)
    WHERE delegate_account_id IS NOT NULL

CREATE INDEX certificate_order_of_replaced ON certificate_order (replaces) WHERE replaces IS NOT NULL
