CREATE TABLE sim_transfer (
    id TEXT PRIMARY KEY,
    notice BLOB NOT NULL,
    due_at BIGINT NOT NULL,
    delivered_at BIGINT
)

CREATE INDEX sim_transfer_due ON sim_transfer (delivered_at, due_at)
