-- What people at the desk keep for themselves and for each other: views, notes, handovers, and who looks.
CREATE TABLE saved_view (
    id TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL,
    name TEXT NOT NULL,
    wanted TEXT NOT NULL,
    shared BIGINT NOT NULL CHECK (shared IN (0, 1)),
    changed_at BIGINT NOT NULL,
    UNIQUE (staff_id, name)
)

-- Counts are kept by reader: two people see different cases through one view.
CREATE TABLE view_count (
    view_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    wanted TEXT NOT NULL,
    found BIGINT NOT NULL,
    more BIGINT NOT NULL,
    counted_at BIGINT NOT NULL,
    PRIMARY KEY (view_id, staff_id)
)

CREATE TABLE case_look (
    case_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    looked_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, staff_id)
)

CREATE TABLE case_note (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES review_case (id),
    staff_id TEXT NOT NULL,
    data_subject_id TEXT NOT NULL,
    body BLOB NOT NULL,
    written_at BIGINT NOT NULL
)

CREATE INDEX case_note_of ON case_note (case_id, written_at)

CREATE TABLE handover (
    id TEXT PRIMARY KEY,
    from_staff TEXT NOT NULL,
    to_staff TEXT,
    cases TEXT NOT NULL,
    said BLOB NOT NULL,
    given_at BIGINT NOT NULL,
    taken_by TEXT,
    taken_at BIGINT,
    CHECK (taken_by <> from_staff)
)

CREATE INDEX handover_open ON handover (given_at) WHERE taken_at IS NULL
