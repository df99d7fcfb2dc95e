CREATE TABLE real_name_proof_now (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    purpose TEXT NOT NULL,
    way TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('requested', 'awaiting_code', 'matched', 'mismatched')),
    name BLOB NOT NULL,
    resident_id BLOB NOT NULL,
    reserved_phone BLOB,
    face_blob_id TEXT,
    reason TEXT NOT NULL,
    mismatched TEXT NOT NULL,
    reference TEXT NOT NULL,
    begun_with TEXT NOT NULL,
    code_request_id TEXT,
    reused_proof_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_at BIGINT
)

INSERT INTO real_name_proof_now (id, account_id, purpose, way, status, name, resident_id,
    face_blob_id, reason, mismatched, reference, begun_with, created_at, expires_at, decided_at)
    SELECT id, account_id, 'name', way, status, name, resident_id,
    face_blob_id, reason, mismatched, reference, '', created_at, created_at + 86400000, decided_at
    FROM real_name_proof

DROP TABLE real_name_proof

ALTER TABLE real_name_proof_now RENAME TO real_name_proof

CREATE UNIQUE INDEX real_name_proof_one_open ON real_name_proof (account_id)
    WHERE status IN ('requested', 'awaiting_code')

CREATE INDEX real_name_proof_of ON real_name_proof (account_id, created_at)
