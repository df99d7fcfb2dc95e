-- Several approvers, samples, urging, holds with a reason of the taxonomy; and four eyes in the database
-- for everybody who took part, not for the maker alone. SQLite cannot add a CHECK to a table: it is made
-- anew. Actor texts stand in JSON lists between quotes, so that a LIKE finds a whole one.
CREATE TABLE review_case_new (
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
    approved_by TEXT NOT NULL,
    corrects TEXT,
    sample_of TEXT,
    assignee TEXT,
    lease_until BIGINT NOT NULL,
    first_opened_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    first_touched_at BIGINT,
    held_at BIGINT,
    paused_at BIGINT,
    held_ms BIGINT NOT NULL,
    hold_reason TEXT,
    hold_note TEXT NOT NULL,
    urged_at BIGINT,
    urged_count BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    reasons TEXT NOT NULL,
    note TEXT NOT NULL,
    evidence TEXT NOT NULL,
    CHECK (decided_by <> maker),
    CHECK (assignee <> maker),
    CHECK (excluded NOT LIKE '%"' || decided_by || '"%'),
    CHECK (excluded NOT LIKE '%"' || assignee || '"%'),
    CHECK (approved_by NOT LIKE '%"' || decided_by || '"%'),
    CHECK (approved_by NOT LIKE '%"' || assignee || '"%'),
    CHECK (approved_by NOT LIKE '%"' || maker || '"%'),
    CHECK (sample_of <> id)
)

INSERT INTO review_case_new (
    id, kind, subject_id, platform_id, agency_id, title, status, maker, excluded, approved_by,
    corrects, sample_of, assignee, lease_until, first_opened_at, opened_at, first_touched_at,
    held_at, paused_at, held_ms, hold_reason, hold_note, urged_at, urged_count, decided_at,
    decided_by, reasons, note, evidence
)
SELECT
    id, CASE kind WHEN 'enterprise_claim_second' THEN 'enterprise_claim' ELSE kind END,
    subject_id, platform_id, agency_id, title, status, maker,
    CASE kind WHEN 'enterprise_claim_second' THEN '[]' ELSE excluded END,
    CASE kind WHEN 'enterprise_claim_second' THEN excluded ELSE '[]' END,
    corrects, NULL, assignee, lease_until, opened_at, opened_at, first_touched_at,
    held_at, held_at, held_ms, CASE WHEN hold_reason IS NULL THEN NULL ELSE 'other' END,
    COALESCE(hold_reason, ''), NULL, 0, decided_at, decided_by, reasons, note, ''
FROM review_case

DROP TABLE review_case

ALTER TABLE review_case_new RENAME TO review_case

CREATE UNIQUE INDEX review_case_one_open ON review_case (kind, subject_id)
    WHERE status IN ('waiting', 'claimed', 'held') AND sample_of IS NULL

CREATE UNIQUE INDEX review_case_one_sample ON review_case (sample_of)
    WHERE sample_of IS NOT NULL

CREATE INDEX review_case_queue ON review_case (status, kind, opened_at)

CREATE INDEX review_case_subject ON review_case (subject_id)
