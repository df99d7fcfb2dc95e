-- A one-time certificate is finished after its one act.
ALTER TABLE certificate DROP CONSTRAINT certificate_status_check

ALTER TABLE certificate ADD COLUMN finished_at BIGINT

ALTER TABLE certificate ADD CONSTRAINT certificate_status_check CHECK (status IN
    ('requested', 'issued', 'active', 'suspended', 'finished', 'revoked', 'abandoned'))

ALTER TABLE certificate ADD CONSTRAINT certificate_finished_check
    CHECK (status <> 'finished' OR (product = 'event' AND finished_at IS NOT NULL))
