CREATE TABLE account (
    id TEXT PRIMARY KEY,
    subject_id TEXT NOT NULL REFERENCES data_subject (id),
    status TEXT NOT NULL CHECK (status IN ('active', 'frozen', 'cancelled')),
    phone BLOB NOT NULL,
    name BLOB,
    resident_id BLOB,
    terms_version TEXT NOT NULL,
    terms_digest BLOB NOT NULL,
    real_name_at BIGINT,
    created_at BIGINT NOT NULL
)

CREATE UNIQUE INDEX account_phone ON blind_index (digest) WHERE kind = 'account.phone'

CREATE UNIQUE INDEX account_resident_id ON blind_index (digest) WHERE kind = 'account.resident_id'

CREATE TABLE verification_code (
    id TEXT PRIMARY KEY,
    phone_digest BLOB NOT NULL,
    purpose TEXT NOT NULL,
    code_mac BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT
)

CREATE INDEX verification_code_phone ON verification_code (phone_digest, created_at)

CREATE TABLE device (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    public_key BLOB NOT NULL,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE INDEX device_of ON device (account_id)

CREATE TABLE handset_session (
    token_hash BLOB PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    device_id TEXT NOT NULL REFERENCES device (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE TABLE real_name_proof (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    way TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('requested', 'matched', 'mismatched')),
    name BLOB NOT NULL,
    resident_id BLOB NOT NULL,
    face_blob_id TEXT,
    reason TEXT NOT NULL,
    mismatched TEXT NOT NULL,
    reference TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
)

CREATE UNIQUE INDEX real_name_proof_one_open ON real_name_proof (account_id)
    WHERE status = 'requested'

CREATE TABLE enterprise (
    id TEXT PRIMARY KEY,
    subject_id TEXT NOT NULL REFERENCES data_subject (id),
    name TEXT NOT NULL,
    uscc TEXT NOT NULL UNIQUE,
    entity_class TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'closed')),
    created_at BIGINT NOT NULL
)

CREATE INDEX enterprise_name ON enterprise (name)

CREATE TABLE enterprise_claim (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    subject_id TEXT NOT NULL REFERENCES data_subject (id),
    name TEXT NOT NULL,
    uscc TEXT NOT NULL,
    legal_representative BLOB NOT NULL,
    licence_blob_id TEXT NOT NULL REFERENCES blob (id),
    authorization_blob_id TEXT REFERENCES blob (id),
    status TEXT NOT NULL CHECK (status IN ('in_review', 'approved', 'rejected')),
    enterprise_id TEXT REFERENCES enterprise (id),
    reasons TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
)

CREATE UNIQUE INDEX enterprise_claim_one_open ON enterprise_claim (uscc) WHERE status = 'in_review'

CREATE TABLE membership (
    id TEXT PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL CHECK (role IN ('administrator', 'handler', 'seal_user')),
    status TEXT NOT NULL CHECK (status IN ('active', 'left')),
    created_at BIGINT NOT NULL,
    UNIQUE (enterprise_id, account_id)
)
