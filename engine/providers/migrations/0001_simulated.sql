CREATE TABLE sim_sms (
    id TEXT PRIMARY KEY,
    message BLOB NOT NULL,
    sent_at BIGINT NOT NULL
)

CREATE INDEX sim_sms_sent ON sim_sms (sent_at)

CREATE TABLE sim_payment (
    payment_id TEXT PRIMARY KEY,
    amount_fen BIGINT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('created', 'paid', 'refunded')),
    trade_no TEXT NOT NULL,
    created_at BIGINT NOT NULL
)

CREATE TABLE sim_callback (
    id TEXT PRIMARY KEY,
    payment_id TEXT NOT NULL,
    body BLOB NOT NULL,
    signature BLOB NOT NULL,
    due_at BIGINT NOT NULL,
    delivered_at BIGINT
)

CREATE INDEX sim_callback_due ON sim_callback (delivered_at, due_at)

CREATE TABLE sim_invoice (
    invoice_id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE
)

CREATE TABLE sim_counter (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
)
