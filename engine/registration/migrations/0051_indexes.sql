-- What the sheets and the resubmissions ask for, which partial indexes do not answer

CREATE INDEX enterprise_claim_code ON enterprise_claim (uscc, created_at)

CREATE INDEX representative_request_of ON representative_request (claim_id, created_at)

CREATE INDEX closing_of ON closing (account_id, created_at)

CREATE INDEX archive_request_of ON archive_request (archive_id)
