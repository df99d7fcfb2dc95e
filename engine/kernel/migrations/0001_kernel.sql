-- The ground every stage stands on. BIGINT holds UTC milliseconds and counts.

CREATE TABLE event (
    seq BIGINT PRIMARY KEY,
    occurred_at BIGINT NOT NULL,
    operation TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    previous BLOB NOT NULL,
    mac BLOB NOT NULL
)

CREATE INDEX event_subject ON event (subject, seq)

CREATE INDEX event_operation ON event (operation)

CREATE INDEX event_kind ON event (kind, seq)

CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body BLOB,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    status TEXT NOT NULL CHECK (status IN ('ready', 'stuck')),
    lease_owner TEXT,
    lease_until BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    created_at BIGINT NOT NULL
)

CREATE INDEX job_due ON job (status, due_at)

CREATE TABLE reply (
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    key TEXT NOT NULL,
    arguments BLOB NOT NULL,
    result BLOB NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (actor, action, key)
)

CREATE INDEX reply_expiry ON reply (expires_at)

CREATE TABLE data_subject (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE TABLE data_key (
    subject_id TEXT NOT NULL REFERENCES data_subject (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('profile', 'evidence')),
    wrapped BLOB NOT NULL,
    PRIMARY KEY (subject_id, purpose)
)

CREATE TABLE blind_index (
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    row_id TEXT NOT NULL,
    PRIMARY KEY (kind, row_id)
)

CREATE INDEX blind_index_digest ON blind_index (kind, digest)

CREATE TABLE blob (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    plaintext_mac BLOB NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE TABLE blob_content (
    digest TEXT PRIMARY KEY,
    content BLOB NOT NULL
)

CREATE TABLE clock_shift (
    id TEXT PRIMARY KEY,
    shift_ms BIGINT NOT NULL
)
