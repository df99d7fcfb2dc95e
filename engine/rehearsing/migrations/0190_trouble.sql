-- Trouble that outside parties of a demo world are in, until an instant by its clock or until it is ended.
CREATE TABLE trouble (
    id TEXT PRIMARY KEY,
    party TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('slow', 'down', 'lying', 'doubled')),
    begun_at BIGINT NOT NULL,
    until BIGINT NOT NULL CHECK (until > begun_at),
    ended_at BIGINT
)

CREATE INDEX trouble_in_force ON trouble (until, party) WHERE ended_at IS NULL
