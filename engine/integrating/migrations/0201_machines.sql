-- Machine clients, what they may, and the tokens they come with (kept as digests alone).
CREATE TABLE machine_client (
    id TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL UNIQUE REFERENCES staff (id),
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    owner_id TEXT NOT NULL REFERENCES staff (id),
    status TEXT NOT NULL CHECK (status IN ('proposed', 'active', 'revoked')),
    access TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE UNIQUE INDEX machine_client_name ON machine_client (name) WHERE status <> 'revoked'

CREATE TABLE machine_proposal (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES machine_client (id),
    access TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'approved', 'refused', 'withdrawn')),
    proposed_by TEXT NOT NULL REFERENCES staff (id),
    proposed_at BIGINT NOT NULL,
    decided_by TEXT REFERENCES staff (id),
    decided_at BIGINT,
    CHECK ((status = 'open') = (decided_by IS NULL)),
    CHECK (status <> 'approved' OR decided_by <> proposed_by)
)

CREATE UNIQUE INDEX machine_proposal_open ON machine_proposal (client_id) WHERE status = 'open'

CREATE TABLE machine_token (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES machine_client (id),
    hash BLOB NOT NULL UNIQUE,
    made_by TEXT NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    last_used_at BIGINT
)

CREATE INDEX machine_token_of ON machine_token (client_id)

-- Where a client is told of events, and what it was told: the deliveries are an outbox beside the log.
CREATE TABLE webhook_endpoint (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES machine_client (id),
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'removed')),
    made_by TEXT NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    paused_why TEXT NOT NULL DEFAULT ''
)

CREATE UNIQUE INDEX webhook_endpoint_there ON webhook_endpoint (client_id, url) WHERE status <> 'removed'

CREATE TABLE webhook_secret (
    id TEXT PRIMARY KEY,
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (id),
    secret BLOB NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT
)

CREATE INDEX webhook_secret_of ON webhook_secret (endpoint_id)

CREATE TABLE webhook_health (
    endpoint_id TEXT PRIMARY KEY REFERENCES webhook_endpoint (id),
    failing_since BIGINT,
    failures BIGINT NOT NULL DEFAULT 0,
    quiet_until BIGINT NOT NULL DEFAULT 0,
    delivered_at BIGINT
)

CREATE TABLE webhook_delivery (
    id TEXT PRIMARY KEY,
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoint (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'given_up')),
    job_id TEXT,
    ended_at BIGINT,
    UNIQUE (endpoint_id, seq)
)

CREATE INDEX webhook_delivery_newest ON webhook_delivery (endpoint_id, status, seq)

CREATE TABLE webhook_attempt (
    id TEXT PRIMARY KEY,
    delivery_id TEXT NOT NULL REFERENCES webhook_delivery (id),
    number BIGINT NOT NULL,
    tried_at BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    code BIGINT,
    problem TEXT NOT NULL,
    answer TEXT NOT NULL
)

CREATE INDEX webhook_attempt_of ON webhook_attempt (delivery_id, number)
