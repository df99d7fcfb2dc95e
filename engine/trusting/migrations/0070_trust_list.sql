CREATE TABLE trust_list (
    id TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL UNIQUE CHECK (sequence > 0),
    document BLOB NOT NULL,
    issued_at BIGINT NOT NULL,
    next_update BIGINT NOT NULL CHECK (next_update > issued_at),
    adopted_at BIGINT NOT NULL
)
