-- Of a file its name, size and digest are kept and never its content: that never comes here.
CREATE TABLE file_record (
    id TEXT PRIMARY KEY,
    platform_id TEXT NOT NULL,
    mall_account_id TEXT NOT NULL REFERENCES mall_account (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest_hex TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('asked', 'signed', 'made', 'dropped')),
    account_id TEXT REFERENCES account (id),
    certificate_id TEXT REFERENCES certificate (id),
    attributes BLOB,
    signature BLOB,
    sealed_size BIGINT,
    sealed_digest_hex TEXT,
    created_at BIGINT NOT NULL,
    signed_at BIGINT,
    made_at BIGINT,
    CHECK (status NOT IN ('signed', 'made') OR (signature IS NOT NULL AND certificate_id IS NOT NULL)),
    CHECK (status <> 'made' OR sealed_digest_hex IS NOT NULL)
)

CREATE INDEX file_record_of ON file_record (enterprise_id, created_at)

CREATE INDEX file_record_sealed ON file_record (sealed_digest_hex)

CREATE TABLE file_recipient (
    id TEXT PRIMARY KEY,
    file_id TEXT NOT NULL REFERENCES file_record (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    UNIQUE (file_id, certificate_id)
)

CREATE INDEX file_recipient_of ON file_recipient (enterprise_id)

CREATE INDEX file_recipient_key ON file_recipient (certificate_id)

CREATE TABLE file_opening (
    id TEXT PRIMARY KEY,
    platform_id TEXT NOT NULL,
    mall_account_id TEXT NOT NULL REFERENCES mall_account (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    file_id TEXT REFERENCES file_record (id),
    name TEXT NOT NULL,
    sealed_size BIGINT NOT NULL,
    sealed_digest_hex TEXT NOT NULL,
    heading BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('asked', 'opened', 'taken', 'read', 'damaged')),
    ticket_id TEXT,
    account_id TEXT REFERENCES account (id),
    certificate_id TEXT REFERENCES certificate (id),
    opens_with TEXT REFERENCES certificate (id),
    confirmation BLOB,
    created_at BIGINT NOT NULL,
    opened_at BIGINT,
    taken_at BIGINT,
    read_at BIGINT,
    signer_id TEXT REFERENCES certificate (id),
    CHECK (status = 'asked' OR (confirmation IS NOT NULL AND certificate_id IS NOT NULL))
)

CREATE INDEX file_opening_of ON file_opening (enterprise_id, created_at)

CREATE INDEX file_opening_file ON file_opening (file_id)

CREATE INDEX file_opening_sealed ON file_opening (sealed_digest_hex)

CREATE TABLE handed_key (
    ticket_id TEXT PRIMARY KEY REFERENCES ticket (id),
    sealed BLOB NOT NULL,
    created_at BIGINT NOT NULL
)
