-- More kinds of seal, several of a kind, a person's own, and seals that take another one's place. What points
-- at the two tables is looked at when the transaction ends, and by then every row is there again.
PRAGMA defer_foreign_keys = ON

CREATE TABLE seal_application_kept AS SELECT * FROM seal_application

CREATE TABLE seal_kept AS SELECT * FROM seal

DROP TABLE seal

DROP TABLE seal_application

CREATE TABLE seal_application (
    id TEXT PRIMARY KEY,
    enterprise_id TEXT REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_review', 'in_making', 'made', 'rejected', 'withdrawn')),
    form_blob_id TEXT REFERENCES blob (id),
    reviewed_by TEXT,
    reasons TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    purpose TEXT NOT NULL DEFAULT 'new' CHECK (purpose IN ('new', 'change', 'remake')),
    replaces TEXT,
    why TEXT NOT NULL DEFAULT '',
    size TEXT NOT NULL DEFAULT '',
    colour TEXT NOT NULL DEFAULT 'red',
    picture TEXT NOT NULL DEFAULT 'drawn' CHECK (picture IN ('drawn', 'impression')),
    before_blob_id TEXT REFERENCES blob (id),
    impression_blob_id TEXT REFERENCES blob (id),
    impression TEXT NOT NULL DEFAULT '{}',
    strokes_blob_id TEXT REFERENCES blob (id)
)

INSERT INTO seal_application (id, enterprise_id, account_id, kind, name, agency_id, status, form_blob_id, reviewed_by, reasons, created_at, ended_at)
    SELECT id, enterprise_id, account_id, kind, name, agency_id, status, form_blob_id, reviewed_by, reasons, created_at, ended_at FROM seal_application_kept

CREATE TABLE seal (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL UNIQUE REFERENCES seal_application (id),
    enterprise_id TEXT REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    platform_id TEXT,
    agency_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('making', 'active', 'suspended', 'replaced', 'deleted')),
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
    size TEXT NOT NULL DEFAULT '',
    colour TEXT NOT NULL DEFAULT 'red',
    picture TEXT NOT NULL DEFAULT 'drawn' CHECK (picture IN ('drawn', 'impression')),
    replaces TEXT REFERENCES seal (id),
    filing_number TEXT NOT NULL DEFAULT '',
    ended_at BIGINT,
    CHECK (status IN ('making', 'deleted') OR ses IS NOT NULL)
)

INSERT INTO seal (id, application_id, enterprise_id, account_id, kind, name, code, platform_id, agency_id, status, ses, svg_blob_id, png_blob_id, width_mm, height_mm, certificates, valid_from, valid_to, created_at, made_at)
    SELECT id, application_id, enterprise_id, account_id, kind, name, code, platform_id, agency_id, status, ses, svg_blob_id, png_blob_id, width_mm, height_mm, certificates, valid_from, valid_to, created_at, made_at FROM seal_kept

DROP TABLE seal_kept

DROP TABLE seal_application_kept

CREATE INDEX seal_application_of ON seal_application (enterprise_id, kind, created_at)

CREATE INDEX seal_application_by ON seal_application (account_id, created_at)

CREATE INDEX seal_of ON seal (enterprise_id, created_at)
