-- What a reviewer had before them when they said no, sealed for whoever submitted it (OPS-5)

CREATE TABLE case_sheet (
    id TEXT PRIMARY KEY,
    subject_id TEXT NOT NULL REFERENCES data_subject (id),
    sheet BLOB NOT NULL,
    created_at BIGINT NOT NULL
)
