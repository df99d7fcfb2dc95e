ALTER TABLE policy_version ADD COLUMN ended_at BIGINT

ALTER TABLE policy_version ADD COLUMN ended_by TEXT

ALTER TABLE policy_version ADD COLUMN end_reason TEXT
