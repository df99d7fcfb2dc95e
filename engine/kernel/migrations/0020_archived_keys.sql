-- Evidence of a cancelled account gets a key of its own purpose, and a key knows what it is wrapped by.

ALTER TABLE data_key RENAME TO data_key_before

CREATE TABLE data_key (
    subject_id TEXT NOT NULL REFERENCES data_subject (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('profile', 'evidence', 'archive')),
    wrapped BLOB NOT NULL,
    wrapped_by TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (subject_id, purpose)
)

INSERT INTO data_key (subject_id, purpose, wrapped) SELECT subject_id, purpose, wrapped FROM data_key_before

DROP TABLE data_key_before
