ALTER TABLE certificate_order ADD COLUMN certificate_until BIGINT

CREATE UNIQUE INDEX payment_trade_no ON payment (trade_no) WHERE trade_no <> ''

CREATE INDEX ledger_line_order ON ledger_line (order_id)
