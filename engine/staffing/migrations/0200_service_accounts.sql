-- Accounts of machines beside those of people: they cannot sign in, and decide about nobody.
ALTER TABLE staff ADD COLUMN kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'service'))
