-- The simulated key management centre: its archive, and whom it released a key to.
CREATE TABLE sim_encryption_key (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('rsa', 'curve')),
    public_key BLOB NOT NULL,
    sealed BLOB NOT NULL,
    made_at BIGINT NOT NULL
)

CREATE TABLE sim_key_release (
    key_id TEXT NOT NULL REFERENCES sim_encryption_key (id),
    number BIGINT NOT NULL,
    approved_by TEXT NOT NULL,
    released_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, number)
)
