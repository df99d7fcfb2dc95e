-- Payments of orders of any kind, refunds in parts, what moved at the provider, its statements, and the cases that
-- differences become. An order can be paid anew once its money went back.
CREATE TABLE payment_kept AS SELECT * FROM payment

CREATE TABLE refund_case_kept AS SELECT * FROM refund_case

CREATE TABLE ledger_line_kept AS SELECT * FROM ledger_line

DROP TABLE refund_case

DROP TABLE payment

DROP TABLE ledger_line

CREATE TABLE payment (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    status TEXT NOT NULL CHECK (status IN
        ('requested', 'opened', 'paid', 'refunding', 'partly_refunded', 'refunded', 'closed')),
    trade_no TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    paid_at BIGINT,
    refunded_at BIGINT,
    account_id TEXT REFERENCES account (id),
    number TEXT,
    revenue TEXT
)

INSERT INTO payment SELECT id, order_id, amount_fen, status, trade_no, created_at, paid_at, refunded_at, NULL, NULL,
    NULL FROM payment_kept

CREATE UNIQUE INDEX payment_one_living ON payment (order_id) WHERE status NOT IN ('refunded', 'closed')

CREATE UNIQUE INDEX payment_trade_no ON payment (trade_no) WHERE trade_no <> ''

CREATE INDEX payment_of_order ON payment (order_id, created_at)

CREATE INDEX payment_number ON payment (number) WHERE number IS NOT NULL

CREATE INDEX payment_of_account ON payment (account_id, created_at)

CREATE TABLE ledger_posting (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE TABLE ledger_line (
    id TEXT PRIMARY KEY,
    posting_id TEXT NOT NULL REFERENCES ledger_posting (id) DEFERRABLE INITIALLY DEFERRED,
    account TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen <> 0),
    order_id TEXT NOT NULL,
    created_at BIGINT NOT NULL
)

INSERT INTO ledger_posting SELECT posting_id, 'earlier', MIN(order_id), MIN(created_at) FROM ledger_line_kept
    GROUP BY posting_id

INSERT INTO ledger_line SELECT id, posting_id, account, amount_fen, order_id, created_at FROM ledger_line_kept

CREATE INDEX ledger_line_order ON ledger_line (order_id)

CREATE INDEX ledger_line_account ON ledger_line (account, created_at)

CREATE INDEX ledger_line_posting ON ledger_line (posting_id)

CREATE TABLE refund (
    id TEXT PRIMARY KEY,
    payment_id TEXT REFERENCES payment (id),
    trade_no TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    status TEXT NOT NULL CHECK (status IN ('requested', 'failed', 'done')),
    why TEXT NOT NULL,
    problem TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    settled_at BIGINT
)

CREATE INDEX refund_of_payment ON refund (payment_id)

CREATE TABLE statement (
    id TEXT PRIMARY KEY,
    business_date TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('awaited', 'compared')),
    digest TEXT NOT NULL,
    line_count BIGINT NOT NULL,
    paid_fen BIGINT NOT NULL,
    refunded_fen BIGINT NOT NULL,
    fees_fen BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    compared_at BIGINT
)

CREATE TABLE statement_line (
    id TEXT PRIMARY KEY,
    statement_id TEXT NOT NULL REFERENCES statement (id),
    line_number BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
    reference TEXT NOT NULL,
    trade_no TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    fee_fen BIGINT NOT NULL,
    state TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    found TEXT NOT NULL,
    UNIQUE (statement_id, line_number)
)

CREATE INDEX statement_line_reference ON statement_line (reference)

CREATE TABLE movement (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
    reference TEXT NOT NULL UNIQUE,
    trade_no TEXT NOT NULL,
    payment_id TEXT REFERENCES payment (id),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    business_date TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('notice', 'asked', 'statement', 'settled')),
    statement_id TEXT REFERENCES statement (id)
)

CREATE INDEX movement_of_payment ON movement (payment_id)

CREATE INDEX movement_open ON movement (business_date) WHERE statement_id IS NULL

CREATE TABLE parked_notice (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    payment_id TEXT NOT NULL,
    trade_no TEXT NOT NULL,
    told TEXT NOT NULL,
    differs_in TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'applied', 'set_aside')),
    created_at BIGINT NOT NULL,
    settled_at BIGINT
)

CREATE INDEX parked_notice_of ON parked_notice (payment_id)

CREATE TABLE money_case (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('paid_twice', 'refund_failed', 'refund_unasked', 'notice', 'missing_here',
        'missing_there', 'amount', 'state', 'late', 'repeated')),
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
    UNIQUE (kind, subject)
)

INSERT INTO money_case SELECT id, 'paid_twice', trade_no, payment_id, trade_no, amount_fen, 0, '', NULL, 'open', '',
    '', '', NULL, NULL, created_at, NULL FROM refund_case_kept

CREATE INDEX money_case_open ON money_case (opened_at) WHERE status <> 'settled'

CREATE INDEX money_case_of_payment ON money_case (payment_id)

CREATE INDEX money_case_of_statement ON money_case (statement_id)

DROP TABLE payment_kept

DROP TABLE refund_case_kept

DROP TABLE ledger_line_kept
