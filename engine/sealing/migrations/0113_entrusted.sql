-- A name tells an enterprise's open applications apart. Who may use a seal by delegation, what it was used
-- for, and what the public security register was told of it.
CREATE UNIQUE INDEX seal_application_name_open ON seal_application (enterprise_id, name)
    WHERE status IN ('in_review', 'in_making')

CREATE UNIQUE INDEX seal_replaced_once ON seal (replaces) WHERE status IN ('making', 'active', 'suspended')

CREATE INDEX seal_application_for ON seal_application (replaces)

CREATE INDEX seal_by ON seal (account_id, created_at)

CREATE TABLE seal_delegation (
    id TEXT PRIMARY KEY,
    seal_id TEXT NOT NULL REFERENCES seal (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    granted_by TEXT NOT NULL REFERENCES account (id),
    acts TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn', 'ended')),
    valid_to BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    why TEXT NOT NULL DEFAULT ''
)

CREATE UNIQUE INDEX seal_delegation_one ON seal_delegation (seal_id, account_id) WHERE status = 'active'

CREATE INDEX seal_delegation_to ON seal_delegation (account_id, status)

CREATE TABLE seal_use (
    id TEXT PRIMARY KEY,
    seal_id TEXT NOT NULL REFERENCES seal (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    certificate_id TEXT,
    delegation_id TEXT REFERENCES seal_delegation (id),
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest_hex TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE INDEX seal_use_of ON seal_use (seal_id, created_at)

CREATE TABLE seal_filing (
    id TEXT PRIMARY KEY,
    seal_id TEXT NOT NULL REFERENCES seal (id),
    matter TEXT NOT NULL CHECK (matter IN ('making', 'change', 'cancellation')),
    status TEXT NOT NULL CHECK (status IN ('sent', 'filed', 'refused')),
    number TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    answered_at BIGINT
)

CREATE UNIQUE INDEX seal_filing_one ON seal_filing (seal_id, matter)
