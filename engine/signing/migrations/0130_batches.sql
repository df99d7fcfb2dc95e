-- Several contracts are signed with one act of will; a signature knows where its seal goes, how far it is
-- validated, and why it was given up.
CREATE TABLE signing_batch (
    id TEXT PRIMARY KEY,
    mall_account_id TEXT NOT NULL REFERENCES mall_account (id),
    platform_id TEXT NOT NULL,
    certificate_id TEXT NOT NULL REFERENCES certificate (id),
    seal_id TEXT NOT NULL REFERENCES seal (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    signed_at BIGINT
)

CREATE INDEX signing_batch_of ON signing_batch (mall_account_id, created_at)

ALTER TABLE contract_signature ADD COLUMN batch_id TEXT REFERENCES signing_batch (id)

ALTER TABLE contract_signature ADD COLUMN placements TEXT NOT NULL DEFAULT '[]'

ALTER TABLE contract_signature ADD COLUMN level TEXT NOT NULL DEFAULT ''

ALTER TABLE contract_signature ADD COLUMN why TEXT NOT NULL DEFAULT ''

CREATE INDEX contract_signature_batch ON contract_signature (batch_id)
