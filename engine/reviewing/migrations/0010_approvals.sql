-- Approvals of a case that needs several, and the second looks that came out otherwise than the first.
CREATE TABLE case_approval (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES review_case (id),
    staff TEXT NOT NULL,
    approved_at BIGINT NOT NULL,
    evidence TEXT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (case_id, staff)
)

CREATE TABLE case_difference (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL UNIQUE REFERENCES review_case (id),
    sample_id TEXT NOT NULL UNIQUE REFERENCES review_case (id),
    took_part TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'settled')),
    right_one TEXT CHECK (right_one IN ('first', 'second')),
    opened_at BIGINT NOT NULL,
    settled_at BIGINT,
    settled_by TEXT,
    note TEXT NOT NULL,
    CHECK (took_part NOT LIKE '%"' || settled_by || '"%')
)

CREATE INDEX case_difference_open ON case_difference (status, opened_at)
