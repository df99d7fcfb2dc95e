-- Accounts of machines beside those of people: they cannot sign in, and decide about nobody. A person's account says
-- nothing of its kind, so that rows of older worlds are as their log tells them.
ALTER TABLE staff ADD COLUMN kind TEXT CHECK (kind IN ('service'))
