-- A contract's proposals to void it are read with its record.
CREATE INDEX contract_voiding_of ON contract_voiding (contract_id)

-- And every signature on it, of all its versions.
CREATE INDEX contract_signature_of ON contract_signature (contract_id)
