-- A one-time certificate is finished after its one act. The table is pointed at by others: what points at it is
-- looked at when the transaction ends, and by then every row is there again.
PRAGMA defer_foreign_keys = ON

CREATE TABLE certificate_kept AS SELECT * FROM certificate

DROP TABLE certificate

CREATE TABLE certificate (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES certificate_order (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    device_id TEXT NOT NULL REFERENCES device (id),
    platform_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('platform', 'national')),
    profile TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('requested', 'issued', 'active', 'suspended', 'finished', 'revoked', 'abandoned')),
    serial_hex TEXT NOT NULL,
    public_key BLOB NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    der BLOB,
    created_at BIGINT NOT NULL,
    activated_at BIGINT,
    revoked_at BIGINT,
    revocation_reason TEXT,
    enterprise_id TEXT REFERENCES enterprise (id),
    usage TEXT NOT NULL DEFAULT 'signing' CHECK (usage IN ('signing', 'encryption')),
    pair_id TEXT REFERENCES certificate (id),
    key_scheme TEXT NOT NULL DEFAULT 'seeded_ec'
        CHECK (key_scheme IN ('split_rsa', 'seeded_ec', 'agency')),
    product TEXT NOT NULL DEFAULT 'enterprise'
        CHECK (product IN ('enterprise', 'individual', 'event')),
    delegated_by TEXT REFERENCES account (id),
    replaces TEXT REFERENCES certificate (id),
    replaced_by TEXT REFERENCES certificate (id),
    held_by TEXT CHECK (held_by IN ('holder', 'staff')),
    finished_at BIGINT,
    UNIQUE (agency_id, serial_hex),
    CHECK (status IN ('requested', 'abandoned') OR der IS NOT NULL),
    CHECK (status <> 'finished' OR (product = 'event' AND finished_at IS NOT NULL))
)

INSERT INTO certificate (id, order_id, enterprise_id, account_id, device_id, platform_id, agency_id,
        kind, product, profile, usage, pair_id, key_scheme, status, serial_hex, public_key, not_before,
        not_after, der, created_at, activated_at, revoked_at, revocation_reason, delegated_by, replaces,
        replaced_by, held_by)
    SELECT id, order_id, enterprise_id, account_id, device_id, platform_id, agency_id,
        kind, product, profile, usage, pair_id, key_scheme, status, serial_hex, public_key, not_before,
        not_after, der, created_at, activated_at, revoked_at, revocation_reason, delegated_by, replaces,
        replaced_by, held_by
    FROM certificate_kept

DROP TABLE certificate_kept

CREATE INDEX certificate_of ON certificate (account_id)

CREATE UNIQUE INDEX certificate_one_of_order ON certificate (order_id, usage)
    WHERE status <> 'abandoned'

CREATE INDEX certificate_enterprise ON certificate (enterprise_id)

CREATE INDEX certificate_pair ON certificate (pair_id)
