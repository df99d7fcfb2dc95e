ALTER TABLE message ADD COLUMN done_at BIGINT

CREATE INDEX message_subject ON message (subject)
