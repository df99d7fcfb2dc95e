CREATE TABLE staff (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
    created_at BIGINT NOT NULL
)

CREATE TABLE staff_grant (
    id TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    role TEXT NOT NULL,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('all', 'platform', 'agency')),
    scope_id TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    revoked_at BIGINT
)

CREATE INDEX staff_grant_of ON staff_grant (staff_id)

CREATE TABLE staff_credential (
    staff_id TEXT PRIMARY KEY REFERENCES staff (id),
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    wait_until BIGINT NOT NULL DEFAULT 0
)

CREATE TABLE staff_session (
    token_hash BLOB PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
)
