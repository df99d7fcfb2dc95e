ALTER TABLE ticket ADD COLUMN scanned_from TEXT NOT NULL DEFAULT ''

ALTER TABLE ticket ADD COLUMN step_up TEXT NOT NULL DEFAULT ''

ALTER TABLE ticket ADD COLUMN wrong_numbers BIGINT NOT NULL DEFAULT 0

ALTER TABLE ticket ADD COLUMN second_scans BIGINT NOT NULL DEFAULT 0

ALTER TABLE ticket ADD COLUMN certificate_id TEXT

ALTER TABLE ticket ADD COLUMN confirmation BLOB

CREATE INDEX ticket_browser ON ticket (nonce_hash, status)

CREATE TABLE ticket_count (
    digest BLOB NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE INDEX ticket_count_of ON ticket_count (digest, created_at)
