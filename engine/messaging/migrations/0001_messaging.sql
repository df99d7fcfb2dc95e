CREATE TABLE message (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    params TEXT NOT NULL,
    subject TEXT NOT NULL,
    todo BIGINT NOT NULL CHECK (todo IN (0, 1)),
    created_at BIGINT NOT NULL,
    read_at BIGINT
)

CREATE INDEX message_of ON message (account_id, created_at)
