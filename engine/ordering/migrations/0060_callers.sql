CREATE INDEX refund_case_of ON refund_case (payment_id)
