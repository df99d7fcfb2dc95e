-- A seal may end before it was made: with its enterprise. Contracts point at seals: what points at them is
-- looked at when the transaction ends, and by then every row is there again.
PRAGMA defer_foreign_keys = ON

CREATE TABLE seal_kept AS SELECT * FROM seal

DROP TABLE seal

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
    CHECK (status IN ('making', 'deleted') OR ses IS NOT NULL)
)

INSERT INTO seal (id, application_id, enterprise_id, account_id, kind, name, code, platform_id, agency_id, status, ses, svg_blob_id, png_blob_id, width_mm, height_mm, certificates, valid_from, valid_to, created_at, made_at)
    SELECT id, application_id, enterprise_id, account_id, kind, name, code, platform_id, agency_id, status, ses, svg_blob_id, png_blob_id, width_mm, height_mm, certificates, valid_from, valid_to, created_at, made_at FROM seal_kept

DROP TABLE seal_kept

CREATE UNIQUE INDEX seal_one_living ON seal (enterprise_id, kind)
    WHERE status IN ('making', 'active', 'suspended')

CREATE INDEX seal_of ON seal (enterprise_id, created_at)
