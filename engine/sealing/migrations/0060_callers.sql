CREATE INDEX seal_application_by ON seal_application (account_id, created_at)

CREATE INDEX seal_of ON seal (enterprise_id, created_at)
