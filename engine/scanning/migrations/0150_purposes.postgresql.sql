-- A code may also be for making a file and for decrypting one.
ALTER TABLE ticket DROP CONSTRAINT ticket_purpose_check

ALTER TABLE ticket ADD CONSTRAINT ticket_purpose_check
    CHECK (purpose IN ('bind', 'login', 'sign', 'make_file', 'decrypt'))
