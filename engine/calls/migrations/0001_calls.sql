-- Calls of customers. What was said and noted is under the caller's own key; a number that no account has
-- is under a key of its own, which is destroyed after a while.
CREATE TABLE phone_call (
    id TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    account_id TEXT REFERENCES account (id),
    subject_id TEXT NOT NULL REFERENCES data_subject (id),
    way TEXT NOT NULL CHECK (way IN ('phone', 'resident_id', 'order')),
    status TEXT NOT NULL CHECK (status IN ('open', 'logged', 'dropped')),
    phone BLOB,
    matters TEXT NOT NULL,
    urged TEXT NOT NULL,
    said BLOB,
    note BLOB,
    began_at BIGINT NOT NULL,
    logged_at BIGINT
)

CREATE INDEX phone_call_of ON phone_call (account_id, began_at)

CREATE INDEX phone_call_staff ON phone_call (staff_id, began_at)

CREATE INDEX phone_call_when ON phone_call (began_at)
