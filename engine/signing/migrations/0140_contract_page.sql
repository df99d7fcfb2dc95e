CREATE TABLE contract_page (
    id TEXT PRIMARY KEY REFERENCES contract (id),
    token TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
)
