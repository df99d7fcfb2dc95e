CREATE TABLE sim_real_name (
    id TEXT PRIMARY KEY,
    way TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    ready_at BIGINT NOT NULL
)

CREATE TABLE provider_answer (
    id TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    latency_ms BIGINT NOT NULL
)

CREATE INDEX provider_answer_of ON provider_answer (provider, occurred_at)
