-- ANALYZE keeps a sample of a column's values in the server's statistics, where it outlives the rows: no
-- sample is taken of what has to be gone for good. A change of type, though it is none, drops an old one.

ALTER TABLE data_key ALTER COLUMN wrapped TYPE BYTEA

ALTER TABLE data_key ALTER COLUMN wrapped SET STATISTICS 0

ALTER TABLE blind_index ALTER COLUMN digest TYPE BYTEA

ALTER TABLE blind_index ALTER COLUMN digest SET STATISTICS 0
