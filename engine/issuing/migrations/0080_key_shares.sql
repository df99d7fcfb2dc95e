-- The server's part of divided keys, sealed; `pending` is its share once the phone has taken a new one and has
-- not used it yet. What was destroyed is null, the digest stays: no modulus comes twice.
CREATE TABLE key_share (
    certificate_id TEXT PRIMARY KEY REFERENCES certificate (id),
    modulus_digest BLOB NOT NULL UNIQUE,
    server_key BLOB,
    share BLOB,
    pending BLOB
)

-- Every try at a PIN, counted before it is looked at. A nonce is good once, so that none is counted twice.
CREATE TABLE pin_try (
    id TEXT PRIMARY KEY,
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    nonce BLOB NOT NULL,
    opened_at BIGINT NOT NULL,
    used_at BIGINT,
    UNIQUE (certificate_id, nonce)
)

-- Signatures by a device that were none, by whom and from where they came.
CREATE TABLE foreign_try (
    source BLOB NOT NULL,
    tried_at BIGINT NOT NULL
)

CREATE INDEX foreign_try_of ON foreign_try (source, tried_at)

ALTER TABLE pin_guard ADD COLUMN locked_at BIGINT
