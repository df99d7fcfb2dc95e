CREATE TABLE source_count (
    digest BLOB NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE INDEX source_count_of ON source_count (digest, created_at)

CREATE INDEX source_count_old ON source_count (created_at)
