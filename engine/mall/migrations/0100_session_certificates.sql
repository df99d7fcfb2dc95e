-- By which certificate a browser was signed in by scan, and whose it was: what is withdrawn ends its sessions.
ALTER TABLE mall_session ADD COLUMN certificate_id TEXT NOT NULL DEFAULT ''

ALTER TABLE mall_session ADD COLUMN scanned_by TEXT NOT NULL DEFAULT ''

CREATE INDEX mall_session_by ON mall_session (certificate_id)

CREATE INDEX mall_session_scanned ON mall_session (scanned_by)
