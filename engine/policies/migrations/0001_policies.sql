CREATE TABLE policy_version (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    effective_at BIGINT NOT NULL,
    author TEXT NOT NULL,
    approved_by TEXT CHECK (approved_by <> author OR author LIKE 'system:%'),
    approved_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (kind, name, version)
)
