-- Certificates come in pairs, one to sign and one to decrypt with; an individual's names no enterprise. The
-- table is pointed at by others, so its column is made anew in place of the whole table.
DROP INDEX certificate_one_of_order

DROP INDEX certificate_enterprise

ALTER TABLE certificate ADD COLUMN enterprise_next TEXT REFERENCES enterprise (id)

UPDATE certificate SET enterprise_next = enterprise_id

ALTER TABLE certificate DROP COLUMN enterprise_id

ALTER TABLE certificate RENAME COLUMN enterprise_next TO enterprise_id

ALTER TABLE certificate ADD COLUMN usage TEXT NOT NULL DEFAULT 'signing'
    CHECK (usage IN ('signing', 'encryption'))

ALTER TABLE certificate ADD COLUMN pair_id TEXT REFERENCES certificate (id)

UPDATE certificate SET pair_id = id

ALTER TABLE certificate ADD COLUMN key_scheme TEXT NOT NULL DEFAULT 'seeded_ec'
    CHECK (key_scheme IN ('split_rsa', 'seeded_ec', 'agency'))

ALTER TABLE certificate ADD COLUMN product TEXT NOT NULL DEFAULT 'enterprise'
    CHECK (product IN ('enterprise', 'individual', 'event'))

ALTER TABLE certificate ADD COLUMN delegated_by TEXT REFERENCES account (id)

ALTER TABLE certificate ADD COLUMN replaces TEXT REFERENCES certificate (id)

ALTER TABLE certificate ADD COLUMN replaced_by TEXT REFERENCES certificate (id)

ALTER TABLE certificate ADD COLUMN held_by TEXT CHECK (held_by IN ('holder', 'staff'))

UPDATE certificate SET held_by = 'staff' WHERE status = 'suspended'

CREATE UNIQUE INDEX certificate_one_of_order ON certificate (order_id, usage)
    WHERE status <> 'abandoned'

CREATE INDEX certificate_enterprise ON certificate (enterprise_id)

CREATE INDEX certificate_pair ON certificate (pair_id)
