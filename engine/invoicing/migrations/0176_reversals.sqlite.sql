-- Invoices of every kind of order, for persons too, on paper too, and red letters. Both tables are pointed at:
-- what points at them is looked at when the transaction ends, and by then every row is there again.
PRAGMA defer_foreign_keys = ON

CREATE TABLE invoice_kept AS SELECT * FROM invoice

CREATE TABLE invoiced_order_kept AS SELECT * FROM invoiced_order

DROP TABLE invoiced_order

DROP TABLE invoice

CREATE TABLE invoice (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    enterprise_id TEXT REFERENCES enterprise (id),
    platform_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ordinary', 'special')),
    title_name TEXT NOT NULL,
    title_code TEXT NOT NULL,
    lines TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    tax_fen BIGINT NOT NULL,
    total_fen BIGINT NOT NULL CHECK (total_fen = amount_fen + tax_fen),
    policy_version TEXT NOT NULL REFERENCES policy_version (id),
    status TEXT NOT NULL CHECK (status IN ('in_review', 'applied', 'issued', 'partly_reversed',
        'reversed', 'failed', 'rejected', 'withdrawn', 'awaiting_issue', 'awaiting_buyer', 'declined')),
    number TEXT NOT NULL,
    blob_id TEXT REFERENCES blob (id),
    created_at BIGINT NOT NULL,
    issued_at BIGINT,
    order_kind TEXT NOT NULL DEFAULT 'certificate'
        CHECK (order_kind IN ('certificate', 'information', 'platform')),
    medium TEXT NOT NULL DEFAULT 'electronic' CHECK (medium IN ('electronic', 'paper')),
    title_kind TEXT NOT NULL DEFAULT 'company' CHECK (title_kind IN ('personal', 'company')),
    details BLOB,
    address_id TEXT NOT NULL DEFAULT '',
    reverses TEXT REFERENCES invoice (id),
    reason TEXT NOT NULL DEFAULT '' CHECK (reason IN ('', '01', '02', '03', '04')),
    asked_by TEXT NOT NULL DEFAULT '' CHECK (asked_by IN ('', 'buyer', 'seller', 'refund')),
    reversed_fen BIGINT NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    reasons TEXT NOT NULL DEFAULT '[]',
    corrects TEXT REFERENCES invoice (id),
    deducted_at BIGINT,
    ended_at BIGINT,
    paper_code TEXT NOT NULL DEFAULT '',
    paper_number TEXT NOT NULL DEFAULT '',
    CHECK ((reverses IS NULL) = (total_fen > 0)),
    CHECK ((reverses IS NULL) = (reason = '')),
    CHECK (reversed_fen = 0 OR reversed_fen BETWEEN 1 AND total_fen),
    CHECK (title_kind = 'company' OR (title_name = '' AND title_code = '' AND kind = 'ordinary'))
)

INSERT INTO invoice (id, account_id, enterprise_id, platform_id, agency_id, kind, title_name,
        title_code, lines, amount_fen, tax_fen, total_fen, policy_version, status, number, blob_id,
        created_at, issued_at)
    SELECT id, account_id, enterprise_id, platform_id, agency_id, kind, title_name, title_code, lines,
        amount_fen, tax_fen, total_fen, policy_version, status, number, blob_id, created_at, issued_at
    FROM invoice_kept

DROP TABLE invoice_kept

CREATE UNIQUE INDEX invoice_number ON invoice (number) WHERE number <> ''

CREATE INDEX invoice_of ON invoice (account_id, created_at)

CREATE INDEX invoice_of_enterprise ON invoice (enterprise_id, created_at)

CREATE INDEX invoice_reverses ON invoice (reverses) WHERE reverses IS NOT NULL

CREATE INDEX invoice_open ON invoice (created_at)
    WHERE status NOT IN ('issued', 'partly_reversed', 'reversed', 'rejected', 'withdrawn')

CREATE TABLE invoiced_order (
    id TEXT PRIMARY KEY,
    invoice_id TEXT NOT NULL REFERENCES invoice (id),
    order_id TEXT NOT NULL,
    order_kind TEXT NOT NULL DEFAULT 'certificate'
        CHECK (order_kind IN ('certificate', 'information', 'platform')),
    gross_fen BIGINT NOT NULL DEFAULT 0,
    UNIQUE (invoice_id, order_id)
)

INSERT INTO invoiced_order (id, invoice_id, order_id, gross_fen)
    SELECT k.id, k.invoice_id, k.order_id, o.amount_fen
    FROM invoiced_order_kept k JOIN certificate_order o ON o.id = k.order_id

DROP TABLE invoiced_order_kept

CREATE INDEX invoiced_order_of ON invoiced_order (order_id)

INSERT INTO invoice_balance (id, order_kind, paid_fen, refunded_fen, invoiced_fen, reversed_fen)
    SELECT order_id, 'certificate', gross_fen, 0, gross_fen, 0 FROM invoiced_order
