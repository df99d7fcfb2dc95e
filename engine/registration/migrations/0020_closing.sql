CREATE TABLE closing (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('cancellation', 'termination')),
    status TEXT NOT NULL CHECK (status IN
        ('in_review', 'notice', 'appealed', 'closed', 'rejected', 'withdrawn', 'lifted')),
    revoke_certificates BIGINT NOT NULL CHECK (revoke_certificates IN (0, 1)),
    reason TEXT NOT NULL,
    reasons TEXT NOT NULL,
    note BLOB,
    appeal BLOB,
    proposed_by TEXT NOT NULL,
    decided_by TEXT CHECK (decided_by <> proposed_by),
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    due_at BIGINT,
    appealed_at BIGINT,
    ended_at BIGINT
)

CREATE UNIQUE INDEX closing_one_open ON closing (account_id)
    WHERE status IN ('in_review', 'notice', 'appealed')

CREATE TABLE archive (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL UNIQUE REFERENCES account (id),
    subject_id TEXT NOT NULL REFERENCES data_subject (id),
    closing_id TEXT NOT NULL REFERENCES closing (id),
    status TEXT NOT NULL CHECK (status IN ('locked', 'destroyed')),
    policy_version TEXT REFERENCES policy_version (id),
    release_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    destroyed_at BIGINT
)

CREATE TABLE archive_request (
    id TEXT PRIMARY KEY,
    archive_id TEXT NOT NULL REFERENCES archive (id),
    requester TEXT NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_review', 'granted', 'rejected')),
    reasons TEXT NOT NULL,
    decided_by TEXT CHECK (decided_by <> requester),
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    open_until BIGINT
)

CREATE UNIQUE INDEX archive_request_one_open ON archive_request (archive_id, requester)
    WHERE status = 'in_review'
