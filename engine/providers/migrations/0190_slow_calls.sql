-- Calls that a slow party was asked: when it answers.
CREATE TABLE sim_slow_call (
    id TEXT PRIMARY KEY,
    answers_at BIGINT NOT NULL
)
