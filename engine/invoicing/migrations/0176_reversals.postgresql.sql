-- Invoices of every kind of order, for persons too, on paper too, and red letters.
ALTER TABLE invoice ALTER COLUMN enterprise_id DROP NOT NULL

ALTER TABLE invoice DROP CONSTRAINT invoice_status_check

ALTER TABLE invoice ADD CONSTRAINT invoice_status_check CHECK (status IN ('in_review', 'applied',
    'issued', 'partly_reversed', 'reversed', 'failed', 'rejected', 'withdrawn', 'awaiting_issue',
    'awaiting_buyer', 'declined'))

ALTER TABLE invoice ADD COLUMN order_kind TEXT NOT NULL DEFAULT 'certificate'
    CHECK (order_kind IN ('certificate', 'information', 'platform'))

ALTER TABLE invoice ADD COLUMN medium TEXT NOT NULL DEFAULT 'electronic'
    CHECK (medium IN ('electronic', 'paper'))

ALTER TABLE invoice ADD COLUMN title_kind TEXT NOT NULL DEFAULT 'company'
    CHECK (title_kind IN ('personal', 'company'))

ALTER TABLE invoice ADD COLUMN details BLOB

ALTER TABLE invoice ADD COLUMN address_id TEXT NOT NULL DEFAULT ''

ALTER TABLE invoice ADD COLUMN reverses TEXT REFERENCES invoice (id)

ALTER TABLE invoice ADD COLUMN reason TEXT NOT NULL DEFAULT ''
    CHECK (reason IN ('', '01', '02', '03', '04'))

ALTER TABLE invoice ADD COLUMN asked_by TEXT NOT NULL DEFAULT ''
    CHECK (asked_by IN ('', 'buyer', 'seller', 'refund'))

ALTER TABLE invoice ADD COLUMN reversed_fen BIGINT NOT NULL DEFAULT 0

ALTER TABLE invoice ADD COLUMN problem TEXT NOT NULL DEFAULT ''

ALTER TABLE invoice ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]'

ALTER TABLE invoice ADD COLUMN corrects TEXT REFERENCES invoice (id)

ALTER TABLE invoice ADD COLUMN deducted_at BIGINT

ALTER TABLE invoice ADD COLUMN ended_at BIGINT

ALTER TABLE invoice ADD COLUMN paper_code TEXT NOT NULL DEFAULT ''

ALTER TABLE invoice ADD COLUMN paper_number TEXT NOT NULL DEFAULT ''

ALTER TABLE invoice ADD CONSTRAINT invoice_sign CHECK ((reverses IS NULL) = (total_fen > 0))

ALTER TABLE invoice ADD CONSTRAINT invoice_why CHECK ((reverses IS NULL) = (reason = ''))

ALTER TABLE invoice ADD CONSTRAINT invoice_reversed
    CHECK (reversed_fen = 0 OR reversed_fen BETWEEN 1 AND total_fen)

ALTER TABLE invoice ADD CONSTRAINT invoice_personal
    CHECK (title_kind = 'company' OR (title_name = '' AND title_code = '' AND kind = 'ordinary'))

CREATE INDEX invoice_of_enterprise ON invoice (enterprise_id, created_at)

CREATE INDEX invoice_reverses ON invoice (reverses) WHERE reverses IS NOT NULL

CREATE INDEX invoice_open ON invoice (created_at)
    WHERE status NOT IN ('issued', 'partly_reversed', 'reversed', 'rejected', 'withdrawn')

ALTER TABLE invoiced_order DROP CONSTRAINT invoiced_order_order_id_fkey

ALTER TABLE invoiced_order DROP CONSTRAINT invoiced_order_order_id_key

ALTER TABLE invoiced_order ADD CONSTRAINT invoiced_order_once UNIQUE (invoice_id, order_id)

ALTER TABLE invoiced_order ADD COLUMN order_kind TEXT NOT NULL DEFAULT 'certificate'
    CHECK (order_kind IN ('certificate', 'information', 'platform'))

ALTER TABLE invoiced_order ADD COLUMN gross_fen BIGINT NOT NULL DEFAULT 0

UPDATE invoiced_order SET gross_fen = (SELECT o.amount_fen FROM certificate_order o
    WHERE o.id = invoiced_order.order_id)

CREATE INDEX invoiced_order_of ON invoiced_order (order_id)

INSERT INTO invoice_balance (id, order_kind, paid_fen, refunded_fen, invoiced_fen, reversed_fen)
    SELECT order_id, 'certificate', gross_fen, 0, gross_fen, 0 FROM invoiced_order
