-- When the list that a published one was amended from was made whole, out of the certificates.
ALTER TABLE published_list ADD COLUMN whole_at BIGINT NOT NULL DEFAULT 0
