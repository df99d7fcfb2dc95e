-- A contract has two to six parties, who sign in turn or in any order until a day; it may be declined,
-- withdrawn and voided. A signature's role is one of its parties'.
ALTER TABLE contract DROP CONSTRAINT contract_status_check

ALTER TABLE contract ADD CONSTRAINT contract_status_check CHECK (status IN ('draft', 'in_review', 'passed',
    'returned', 'declined', 'withdrawn', 'voided'))

ALTER TABLE contract ADD COLUMN signing_order TEXT NOT NULL DEFAULT 'any' CHECK (signing_order IN ('in_turn', 'any'))

ALTER TABLE contract ALTER COLUMN signing_order DROP DEFAULT

ALTER TABLE contract ADD COLUMN sign_by BIGINT

ALTER TABLE contract ADD COLUMN level TEXT NOT NULL DEFAULT 'B-LT'

ALTER TABLE contract ALTER COLUMN level DROP DEFAULT

ALTER TABLE contract ADD COLUMN template_id TEXT REFERENCES policy_version (id)

ALTER TABLE contract ADD COLUMN placements TEXT NOT NULL DEFAULT '{}'

ALTER TABLE contract ALTER COLUMN placements DROP DEFAULT

ALTER TABLE contract_signature DROP CONSTRAINT contract_signature_role_check
