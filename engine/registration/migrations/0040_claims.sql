CREATE TABLE enterprise_claim_next (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    subject_id TEXT NOT NULL REFERENCES data_subject (id),
    name TEXT NOT NULL,
    uscc TEXT NOT NULL,
    legal_representative BLOB NOT NULL,
    legal_representative_id BLOB,
    represents BIGINT NOT NULL,
    authority TEXT NOT NULL,
    papers TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_review', 'in_second_review', 'approved', 'rejected')),
    first_approved_by TEXT,
    enterprise_id TEXT REFERENCES enterprise (id),
    reasons TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
)

INSERT INTO enterprise_claim_next
    SELECT id, account_id, subject_id, name, uscc, legal_representative, NULL, 0, 'letter',
        '[{"code":"licence","blob_id":"' || licence_blob_id || '"}' || CASE
            WHEN authorization_blob_id IS NULL THEN ''
            ELSE ',{"code":"authorization","blob_id":"' || authorization_blob_id || '"}' END || ']',
        status, NULL, enterprise_id, reasons, created_at, decided_at
    FROM enterprise_claim

DROP TABLE enterprise_claim

ALTER TABLE enterprise_claim_next RENAME TO enterprise_claim

CREATE UNIQUE INDEX enterprise_claim_one_open ON enterprise_claim (uscc)
    WHERE status IN ('in_review', 'in_second_review')

CREATE INDEX enterprise_claim_of ON enterprise_claim (account_id)

CREATE TABLE enterprise_particulars (
    id TEXT PRIMARY KEY,
    enterprise_id TEXT NOT NULL UNIQUE REFERENCES enterprise (id),
    legal_representative BLOB NOT NULL,
    legal_representative_id BLOB,
    papers TEXT NOT NULL,
    changed_at BIGINT NOT NULL
)
