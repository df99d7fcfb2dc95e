CREATE INDEX enterprise_change_of ON enterprise_change (enterprise_id, created_at)
