-- `at` is a word of PostgreSQL.
ALTER TABLE webhook_attempt RENAME COLUMN at TO tried_at
