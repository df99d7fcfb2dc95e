CREATE TABLE certificate (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES certificate_order (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    device_id TEXT NOT NULL REFERENCES device (id),
    platform_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('platform', 'national')),
    profile TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('requested', 'issued', 'active', 'suspended', 'revoked', 'abandoned')),
    serial_hex TEXT NOT NULL,
    public_key BLOB NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    der BLOB,
    created_at BIGINT NOT NULL,
    activated_at BIGINT,
    revoked_at BIGINT,
    revocation_reason TEXT,
    UNIQUE (agency_id, serial_hex),
    CHECK (status IN ('requested', 'abandoned') OR der IS NOT NULL)
)

CREATE UNIQUE INDEX certificate_one_of_order ON certificate (order_id)
    WHERE status <> 'abandoned'

CREATE INDEX certificate_of ON certificate (account_id)

CREATE INDEX certificate_enterprise ON certificate (enterprise_id)

CREATE TABLE pin_guard (
    certificate_id TEXT PRIMARY KEY REFERENCES certificate (id),
    tries BIGINT NOT NULL
)
