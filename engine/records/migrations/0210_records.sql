-- Saved lists of records, and who looked behind which mask.
CREATE TABLE record_view (
    id TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL,
    name TEXT NOT NULL,
    wanted TEXT NOT NULL,
    shared BIGINT NOT NULL CHECK (shared IN (0, 1)),
    changed_at BIGINT NOT NULL,
    UNIQUE (staff_id, name)
)

CREATE TABLE reveal (
    id TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    name TEXT NOT NULL,
    ground TEXT NOT NULL,
    revealed_at BIGINT NOT NULL
)

CREATE INDEX reveal_by ON reveal (staff_id, revealed_at)

CREATE INDEX reveal_of ON reveal (record_id, revealed_at)
