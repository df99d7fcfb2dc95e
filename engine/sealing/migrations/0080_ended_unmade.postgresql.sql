-- A seal may end before it was made: with its enterprise.
ALTER TABLE seal DROP CONSTRAINT seal_check

ALTER TABLE seal ADD CONSTRAINT seal_check CHECK (status IN ('making', 'deleted') OR ses IS NOT NULL)
