-- Incidents, what is written of them and to be done about them; and when issuing was stopped, where and until when.
CREATE TABLE incident (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'contained', 'closed')),
    began_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL CHECK (opened_at >= began_at),
    opened_by TEXT NOT NULL,
    contain_by BIGINT NOT NULL,
    summary TEXT NOT NULL,
    cause TEXT NOT NULL,
    lessons TEXT NOT NULL,
    contained_at BIGINT,
    closed_at BIGINT,
    closed_by TEXT,
    CHECK (status <> 'closed' OR (closed_at IS NOT NULL AND closed_by IS NOT NULL AND cause <> ''))
)

CREATE INDEX incident_open ON incident (status, opened_at)

CREATE TABLE incident_note (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    text TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    noted_at BIGINT NOT NULL
)

CREATE INDEX incident_note_of ON incident_note (incident_id, noted_at)

CREATE TABLE incident_subject (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    subject_id TEXT NOT NULL,
    named_by TEXT NOT NULL,
    named_at BIGINT NOT NULL,
    UNIQUE (incident_id, subject_id)
)

CREATE INDEX incident_subject_is ON incident_subject (subject_id)

CREATE TABLE incident_item (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incident (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('mitigate', 'detect', 'prevent')),
    what TEXT NOT NULL,
    owner TEXT NOT NULL REFERENCES staff (id),
    due_on TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('to_do', 'done', 'dropped')),
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    result TEXT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    CHECK ((status = 'to_do') = (ended_at IS NULL))
)

CREATE INDEX incident_item_of ON incident_item (incident_id, created_at)

CREATE TABLE issuing_stop (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL,
    incident_id TEXT REFERENCES incident (id),
    reason TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_force', 'lifting', 'lifted')),
    stopped_at BIGINT NOT NULL,
    stopped_by TEXT NOT NULL,
    lift_reason TEXT NOT NULL,
    asked_at BIGINT,
    asked_by TEXT,
    lifted_at BIGINT,
    lifted_by TEXT,
    CHECK (status <> 'lifted' OR (lifted_at IS NOT NULL AND lifted_by <> asked_by))
)

CREATE UNIQUE INDEX issuing_stop_one ON issuing_stop (agency_id) WHERE status <> 'lifted'

CREATE INDEX issuing_stop_of ON issuing_stop (incident_id)
