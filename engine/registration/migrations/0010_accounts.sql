ALTER TABLE device ADD COLUMN removed_at BIGINT

CREATE TABLE account_credential (
    account_id TEXT PRIMARY KEY REFERENCES account (id),
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE TABLE sign_in_failure (
    phone_digest BLOB PRIMARY KEY,
    codes BIGINT NOT NULL,
    passwords BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    wait_until BIGINT NOT NULL
)

CREATE TABLE code_source (
    digest BLOB NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE INDEX code_source_of ON code_source (digest, created_at)

CREATE INDEX code_source_old ON code_source (created_at)

CREATE TABLE code_hour (
    hour BIGINT PRIMARY KEY,
    sent BIGINT NOT NULL
)

CREATE TABLE one_tap (
    id TEXT PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    device_key BLOB NOT NULL,
    device_label TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'refused', 'taken')),
    account_id TEXT REFERENCES account (id),
    new_account BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
)

CREATE INDEX one_tap_old ON one_tap (expires_at)

CREATE TABLE recovery (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    account_id TEXT REFERENCES account (id),
    proof_id TEXT NOT NULL UNIQUE,
    new_phone BLOB,
    refusal TEXT NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE INDEX handset_session_of ON handset_session (account_id, device_id)
