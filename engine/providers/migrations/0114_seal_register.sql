CREATE TABLE sim_seal_entry (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    matter TEXT NOT NULL,
    code TEXT NOT NULL,
    entered_at BIGINT NOT NULL
)
