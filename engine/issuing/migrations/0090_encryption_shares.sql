-- Both shares of an encryption key: the platform's, and the phone's until it is on the phone. And recoveries
-- of an archived key, which two people approve.
CREATE TABLE encryption_share (
    certificate_id TEXT PRIMARY KEY REFERENCES certificate (id),
    server_share BLOB NOT NULL,
    phone_share BLOB,
    divided_at BIGINT NOT NULL,
    taken_at BIGINT
)

CREATE TABLE key_recovery (
    id TEXT PRIMARY KEY,
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    device_id TEXT NOT NULL REFERENCES device (id),
    opens_with TEXT NOT NULL REFERENCES certificate (id),
    status TEXT NOT NULL CHECK (status IN
        ('in_review', 'approved', 'divided', 'taken', 'rejected', 'withdrawn')),
    why TEXT NOT NULL,
    reasons TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
)

CREATE UNIQUE INDEX key_recovery_one_open ON key_recovery (certificate_id)
    WHERE status IN ('in_review', 'approved', 'divided')

CREATE INDEX key_recovery_of ON key_recovery (account_id, created_at)
