-- What the simulated receiver of webhooks got, and the secrets that it was told to check with.
CREATE TABLE sim_webhook (
    id BIGINT PRIMARY KEY,
    receiver TEXT NOT NULL,
    message_id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    verified BIGINT NOT NULL CHECK (verified IN (0, 1)),
    code BIGINT NOT NULL
)

CREATE INDEX sim_webhook_message ON sim_webhook (message_id)

CREATE TABLE sim_webhook_secret (
    id TEXT PRIMARY KEY,
    receiver TEXT NOT NULL,
    secret BLOB NOT NULL
)
