CREATE INDEX certificate_order_at ON certificate_order (enterprise_id, platform_id, created_at)
