-- Orders for services that run for some months. A holder has one unpaid order per service and platform.
CREATE TABLE service_order (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL CHECK (category IN ('information', 'platform')),
    service_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    enterprise_id TEXT REFERENCES enterprise (id),
    holder TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    months BIGINT NOT NULL CHECK (months BETWEEN 1 AND 60),
    quantity BIGINT NOT NULL CHECK (quantity >= 1),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    policy_version TEXT NOT NULL REFERENCES policy_version (id),
    status TEXT NOT NULL CHECK (status IN ('awaiting_payment', 'active', 'completed', 'cancelled', 'refunded')),
    paid_at BIGINT,
    starts_at BIGINT,
    ends_at BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    follows TEXT REFERENCES service_order (id),
    CHECK (status IN ('awaiting_payment', 'cancelled')
        OR (paid_at IS NOT NULL AND starts_at IS NOT NULL AND ends_at > starts_at)),
    CHECK (status IN ('awaiting_payment', 'active') OR ended_at IS NOT NULL)
)

CREATE UNIQUE INDEX service_order_one_unpaid ON service_order (holder, service_id, platform_id)
    WHERE status = 'awaiting_payment'

CREATE INDEX service_order_of ON service_order (account_id, created_at)

CREATE INDEX service_order_of_enterprise ON service_order (enterprise_id, created_at)

CREATE INDEX service_order_running ON service_order (holder, service_id, platform_id, ends_at)
    WHERE status = 'active'
