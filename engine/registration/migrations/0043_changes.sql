CREATE TABLE enterprise_change (
    id TEXT PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    legal_representative BLOB NOT NULL,
    legal_representative_id BLOB NOT NULL,
    changed TEXT NOT NULL,
    papers TEXT NOT NULL,
    consequences TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_review', 'approved', 'rejected')),
    reasons TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
)

CREATE UNIQUE INDEX enterprise_change_one_open ON enterprise_change (enterprise_id)
    WHERE status = 'in_review'
