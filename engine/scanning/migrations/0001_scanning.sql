CREATE TABLE ticket (
    id TEXT PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    purpose TEXT NOT NULL CHECK (purpose IN ('bind', 'login', 'sign')),
    kind TEXT NOT NULL CHECK (kind IN ('platform', 'national')),
    platform_id TEXT NOT NULL,
    nonce_hash BLOB NOT NULL,
    requester TEXT NOT NULL,
    payload TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('created', 'scanned', 'confirmed', 'consumed', 'cancelled', 'refused')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    account_id TEXT,
    device_id TEXT,
    scanned_at BIGINT,
    confirmed_at BIGINT,
    result TEXT NOT NULL
)

CREATE INDEX ticket_requester ON ticket (requester, created_at)
