-- Differences between invoices and the tax service's list, or what was paid, are cases of money too.
ALTER TABLE money_case DROP CONSTRAINT money_case_kind_check

ALTER TABLE money_case ADD CONSTRAINT money_case_kind_check CHECK (kind IN ('paid_twice', 'refund_failed', 'refund_unasked', 'notice', 'missing_here',
        'missing_there', 'amount', 'state', 'late', 'repeated', 'invoice_missing_here', 'invoice_missing_there',
        'invoice_amount', 'invoice_state', 'invoice_too_much', 'invoice_no_red'))

ALTER TABLE money_case ADD COLUMN invoice_id TEXT

CREATE INDEX money_case_of_invoice ON money_case (invoice_id) WHERE invoice_id IS NOT NULL
