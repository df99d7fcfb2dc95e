-- Differences between invoices and the tax service's list, or what was paid, are cases of money too.
CREATE TABLE money_case_kept AS SELECT * FROM money_case

DROP TABLE money_case

CREATE TABLE money_case (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('paid_twice', 'refund_failed', 'refund_unasked', 'notice', 'missing_here',
        'missing_there', 'amount', 'state', 'late', 'repeated', 'invoice_missing_here', 'invoice_missing_there',
        'invoice_amount', 'invoice_state', 'invoice_too_much', 'invoice_no_red')),
    subject TEXT NOT NULL,
    payment_id TEXT REFERENCES payment (id),
    trade_no TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    other_fen BIGINT NOT NULL,
    business_date TEXT NOT NULL,
    statement_id TEXT REFERENCES statement (id),
    status TEXT NOT NULL CHECK (status IN ('open', 'proposed', 'settled')),
    resolution TEXT NOT NULL,
    target TEXT NOT NULL,
    note TEXT NOT NULL,
    proposed_by TEXT,
    settled_by TEXT,
    opened_at BIGINT NOT NULL,
    settled_at BIGINT,
    invoice_id TEXT,
    UNIQUE (kind, subject)
)

INSERT INTO money_case SELECT id, kind, subject, payment_id, trade_no, amount_fen, other_fen, business_date,
    statement_id, status, resolution, target, note, proposed_by, settled_by, opened_at, settled_at, NULL
    FROM money_case_kept

DROP TABLE money_case_kept

CREATE INDEX money_case_open ON money_case (opened_at) WHERE status <> 'settled'

CREATE INDEX money_case_of_payment ON money_case (payment_id)

CREATE INDEX money_case_of_statement ON money_case (statement_id)

CREATE INDEX money_case_of_invoice ON money_case (invoice_id) WHERE invoice_id IS NOT NULL
