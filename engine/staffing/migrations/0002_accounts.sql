ALTER TABLE staff ADD COLUMN phone BLOB

ALTER TABLE staff ADD COLUMN resident_id BLOB

CREATE UNIQUE INDEX staff_grant_once ON staff_grant (staff_id, role, scope_kind, scope_id) WHERE revoked_at IS NULL

ALTER TABLE staff_credential ADD COLUMN must_change BIGINT NOT NULL DEFAULT 0

DROP TABLE staff_session

CREATE TABLE staff_session (
    token_hash BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    step TEXT NOT NULL CHECK (step IN ('', 'code', 'password', 'enrol')),
    way TEXT NOT NULL CHECK (way IN ('password', 'one_click', 'oidc')),
    network TEXT NOT NULL,
    browser TEXT NOT NULL,
    second_factor_at BIGINT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE INDEX staff_session_of ON staff_session (staff_id, ended_at)

CREATE TABLE staff_totp (
    staff_id TEXT PRIMARY KEY REFERENCES staff (id),
    secret BLOB,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL DEFAULT 0,
    pending BLOB,
    failures BIGINT NOT NULL DEFAULT 0,
    wait_until BIGINT NOT NULL DEFAULT 0
)

CREATE TABLE staff_recovery_code (
    hash BLOB PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    used_at BIGINT
)

CREATE INDEX staff_recovery_code_of ON staff_recovery_code (staff_id)

CREATE TABLE staff_link (
    id TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    issuer TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE INDEX staff_link_of ON staff_link (staff_id)
