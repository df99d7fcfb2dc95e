-- Questions in SQL that staff saved for themselves and for each other.
CREATE TABLE saved_question (
    id TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    name TEXT NOT NULL,
    sql TEXT NOT NULL,
    drawing TEXT NOT NULL,
    shared BIGINT NOT NULL CHECK (shared IN (0, 1)),
    changed_at BIGINT NOT NULL,
    UNIQUE (staff_id, name)
)
