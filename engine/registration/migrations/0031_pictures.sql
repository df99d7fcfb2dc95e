CREATE TABLE picture_print (
    blob_id TEXT PRIMARY KEY REFERENCES blob (id),
    account_id TEXT NOT NULL,
    print TEXT NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE INDEX picture_print_when ON picture_print (created_at)
