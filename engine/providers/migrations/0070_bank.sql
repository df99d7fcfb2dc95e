-- The simulated payment provider's own books: every payment and refund that moved money there, refunds that it
-- refused, and which day's statement shows them.
CREATE TABLE sim_payment_kept AS SELECT * FROM sim_payment

DROP TABLE sim_payment

CREATE TABLE sim_payment (
    payment_id TEXT PRIMARY KEY,
    amount_fen BIGINT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('created', 'paid', 'refunded', 'closed')),
    trade_no TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    payer TEXT NOT NULL
)

INSERT INTO sim_payment SELECT payment_id, amount_fen, description, status, trade_no, created_at, ''
    FROM sim_payment_kept

DROP TABLE sim_payment_kept

CREATE TABLE sim_trade (
    reference TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
    trade_no TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    fee_fen BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL
)

CREATE INDEX sim_trade_occurred ON sim_trade (occurred_at)

CREATE INDEX sim_trade_of ON sim_trade (trade_no)

CREATE TABLE sim_refund (
    refund_no TEXT PRIMARY KEY,
    payment_id TEXT NOT NULL,
    trade_no TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('done', 'refused')),
    reason TEXT NOT NULL,
    tries BIGINT NOT NULL
)
