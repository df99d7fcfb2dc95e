-- A contract is looked up by its number, on whichever platform.
CREATE INDEX contract_number ON contract (number)
