-- Who was given the use of a seal is read with its record, also what has ended.
CREATE INDEX seal_delegation_of ON seal_delegation (seal_id)

-- What came after a seal, whatever became of it.
CREATE INDEX seal_after ON seal (replaces) WHERE replaces IS NOT NULL
