CREATE TABLE seal_application (
    id TEXT PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_review', 'in_making', 'made', 'rejected')),
    form_blob_id TEXT REFERENCES blob (id),
    reviewed_by TEXT,
    reasons TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE UNIQUE INDEX seal_application_one_open ON seal_application (enterprise_id, kind)
    WHERE status IN ('in_review', 'in_making')

CREATE TABLE seal (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL UNIQUE REFERENCES seal_application (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    platform_id TEXT,
    agency_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('making', 'active', 'suspended', 'deleted')),
    ses BLOB,
    svg_blob_id TEXT REFERENCES blob (id),
    png_blob_id TEXT REFERENCES blob (id),
    width_mm BIGINT NOT NULL,
    height_mm BIGINT NOT NULL,
    certificates TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    made_at BIGINT,
    CHECK (status = 'making' OR ses IS NOT NULL)
)

CREATE UNIQUE INDEX seal_one_living ON seal (enterprise_id, kind)
    WHERE status IN ('making', 'active', 'suspended')
