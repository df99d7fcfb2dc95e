ALTER TABLE handset_session ADD COLUMN id TEXT

ALTER TABLE handset_session ADD COLUMN way TEXT NOT NULL DEFAULT 'sms'

ALTER TABLE handset_session ADD COLUMN second_factor_at BIGINT

ALTER TABLE handset_session ADD COLUMN last_seen_at BIGINT
