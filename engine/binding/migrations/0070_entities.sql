CREATE TABLE entity (
    id TEXT PRIMARY KEY,
    platform_id TEXT NOT NULL,
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    kind TEXT NOT NULL CHECK (kind IN ('platform', 'national')),
    particulars BLOB NOT NULL,
    differs TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_review', 'registered', 'rejected')),
    reasons TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
)

CREATE UNIQUE INDEX entity_one_living ON entity (platform_id, enterprise_id)
    WHERE status IN ('in_review', 'registered')

CREATE INDEX entity_enterprise ON entity (enterprise_id, platform_id)

CREATE TABLE binding_anew (
    id TEXT PRIMARY KEY,
    mall_account_id TEXT NOT NULL REFERENCES mall_account (id),
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    platform_id TEXT NOT NULL,
    entity_id TEXT REFERENCES entity (id),
    moved_from TEXT REFERENCES binding_anew (id),
    status TEXT NOT NULL CHECK (status IN ('in_review', 'bound', 'rejected', 'unbound')),
    created_at BIGINT NOT NULL,
    bound_at BIGINT,
    ended_at BIGINT
)

INSERT INTO binding_anew (id, mall_account_id, certificate_id, enterprise_id, account_id,
    platform_id, entity_id, moved_from, status, created_at, bound_at, ended_at)
    SELECT id, mall_account_id, certificate_id, enterprise_id, account_id, platform_id, NULL,
    NULL, status, created_at, created_at, ended_at FROM binding

DROP TABLE binding

ALTER TABLE binding_anew RENAME TO binding

CREATE UNIQUE INDEX binding_one_living ON binding (mall_account_id)
    WHERE status IN ('in_review', 'bound')

CREATE INDEX binding_certificate ON binding (certificate_id)

CREATE INDEX binding_entity ON binding (entity_id)
