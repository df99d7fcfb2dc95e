-- A code may also be for making a file and for decrypting one.
CREATE TABLE ticket_kept AS SELECT * FROM ticket

DROP TABLE ticket

CREATE TABLE ticket (
    id TEXT PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    purpose TEXT NOT NULL CHECK (purpose IN ('bind', 'login', 'sign', 'make_file', 'decrypt')),
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
    result TEXT NOT NULL,
    scanned_from TEXT NOT NULL DEFAULT '',
    step_up TEXT NOT NULL DEFAULT '',
    wrong_numbers BIGINT NOT NULL DEFAULT 0,
    second_scans BIGINT NOT NULL DEFAULT 0,
    certificate_id TEXT,
    confirmation BLOB
)

INSERT INTO ticket (id, token_hash, purpose, kind, platform_id, nonce_hash, requester, payload, status, created_at, expires_at, account_id, device_id, scanned_at, confirmed_at, result, scanned_from, step_up, wrong_numbers, second_scans, certificate_id, confirmation)
    SELECT id, token_hash, purpose, kind, platform_id, nonce_hash, requester, payload, status, created_at, expires_at, account_id, device_id, scanned_at, confirmed_at, result, scanned_from, step_up, wrong_numbers, second_scans, certificate_id, confirmation FROM ticket_kept

DROP TABLE ticket_kept

CREATE INDEX ticket_requester ON ticket (requester, created_at)

CREATE INDEX ticket_browser ON ticket (nonce_hash, status)
