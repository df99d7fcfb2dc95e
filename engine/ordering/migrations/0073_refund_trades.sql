CREATE INDEX refund_trade ON refund (trade_no)
