CREATE TABLE binding (
    id TEXT PRIMARY KEY,
    mall_account_id TEXT NOT NULL REFERENCES mall_account (id),
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    platform_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('bound', 'unbound')),
    created_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE UNIQUE INDEX binding_one_living ON binding (mall_account_id) WHERE status = 'bound'

CREATE INDEX binding_certificate ON binding (certificate_id)
