CREATE TABLE mall_account (
    id TEXT PRIMARY KEY,
    platform_id TEXT NOT NULL,
    login TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('purchaser', 'supplier')),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    status TEXT NOT NULL CHECK (status IN ('active', 'closed')),
    created_at BIGINT NOT NULL,
    UNIQUE (platform_id, login)
)

CREATE UNIQUE INDEX mall_account_one ON mall_account (platform_id, enterprise_id, role)
    WHERE status = 'active'

CREATE TABLE mall_credential (
    mall_account_id TEXT PRIMARY KEY REFERENCES mall_account (id),
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    wait_until BIGINT NOT NULL DEFAULT 0
)

CREATE TABLE mall_session (
    token_hash BLOB PRIMARY KEY,
    mall_account_id TEXT NOT NULL REFERENCES mall_account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE TABLE purchase_order (
    id TEXT PRIMARY KEY,
    platform_id TEXT NOT NULL,
    number TEXT NOT NULL,
    purchaser_id TEXT NOT NULL REFERENCES mall_account (id),
    supplier_id TEXT NOT NULL REFERENCES mall_account (id),
    awardee TEXT NOT NULL,
    title TEXT NOT NULL,
    total_fen BIGINT NOT NULL CHECK (total_fen > 0),
    lines TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (platform_id, number)
)
