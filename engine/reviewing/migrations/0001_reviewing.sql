CREATE TABLE review_case (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    platform_id TEXT,
    agency_id TEXT,
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('waiting', 'claimed', 'held', 'approved', 'rejected', 'withdrawn')),
    maker TEXT NOT NULL,
    excluded TEXT NOT NULL,
    corrects TEXT,
    assignee TEXT,
    lease_until BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    first_touched_at BIGINT,
    held_at BIGINT,
    held_ms BIGINT NOT NULL,
    hold_reason TEXT,
    decided_at BIGINT,
    decided_by TEXT,
    reasons TEXT NOT NULL,
    note TEXT NOT NULL,
    CHECK (decided_by <> maker),
    CHECK (assignee <> maker)
)

CREATE UNIQUE INDEX review_case_one_open ON review_case (kind, subject_id)
    WHERE status IN ('waiting', 'claimed', 'held')

CREATE INDEX review_case_queue ON review_case (status, kind, opened_at)

CREATE INDEX review_case_subject ON review_case (subject_id)
