CREATE INDEX seal_application_of ON seal_application (enterprise_id, kind, created_at)
