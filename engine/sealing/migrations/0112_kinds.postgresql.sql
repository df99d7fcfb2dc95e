-- More kinds of seal, several of a kind, a person's own, and seals that take another one's place.
ALTER TABLE seal_application ALTER COLUMN enterprise_id DROP NOT NULL

ALTER TABLE seal_application DROP CONSTRAINT seal_application_status_check

ALTER TABLE seal_application ADD CONSTRAINT seal_application_status_check CHECK (status IN ('in_review', 'in_making', 'made', 'rejected', 'withdrawn'))

ALTER TABLE seal_application ADD COLUMN purpose TEXT NOT NULL DEFAULT 'new' CHECK (purpose IN ('new', 'change', 'remake'))

ALTER TABLE seal_application ADD COLUMN replaces TEXT

ALTER TABLE seal_application ADD COLUMN why TEXT NOT NULL DEFAULT ''

ALTER TABLE seal_application ADD COLUMN size TEXT NOT NULL DEFAULT ''

ALTER TABLE seal_application ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'

ALTER TABLE seal_application ADD COLUMN picture TEXT NOT NULL DEFAULT 'drawn' CHECK (picture IN ('drawn', 'impression'))

ALTER TABLE seal_application ADD COLUMN before_blob_id TEXT REFERENCES blob (id)

ALTER TABLE seal_application ADD COLUMN impression_blob_id TEXT REFERENCES blob (id)

ALTER TABLE seal_application ADD COLUMN impression TEXT NOT NULL DEFAULT '{}'

ALTER TABLE seal_application ADD COLUMN strokes_blob_id TEXT REFERENCES blob (id)

DROP INDEX seal_application_one_open

DROP INDEX seal_one_living

ALTER TABLE seal ALTER COLUMN enterprise_id DROP NOT NULL

ALTER TABLE seal DROP CONSTRAINT seal_status_check

ALTER TABLE seal ADD CONSTRAINT seal_status_check CHECK (status IN ('making', 'active', 'suspended', 'replaced', 'deleted'))

ALTER TABLE seal ADD COLUMN size TEXT NOT NULL DEFAULT ''

ALTER TABLE seal ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'

ALTER TABLE seal ADD COLUMN picture TEXT NOT NULL DEFAULT 'drawn' CHECK (picture IN ('drawn', 'impression'))

ALTER TABLE seal ADD COLUMN replaces TEXT REFERENCES seal (id)

ALTER TABLE seal ADD COLUMN filing_number TEXT NOT NULL DEFAULT ''

ALTER TABLE seal ADD COLUMN ended_at BIGINT
