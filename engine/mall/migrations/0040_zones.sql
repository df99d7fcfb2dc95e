CREATE TABLE zone_membership (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    zone_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('joined', 'left')),
    preferred BIGINT NOT NULL CHECK (preferred IN (0, 1)),
    created_at BIGINT NOT NULL,
    left_at BIGINT,
    CHECK (status = 'joined' OR preferred = 0)
)

CREATE UNIQUE INDEX zone_membership_once ON zone_membership (account_id, zone_id)
    WHERE status = 'joined'

CREATE UNIQUE INDEX zone_membership_preferred ON zone_membership (account_id)
    WHERE preferred = 1

ALTER TABLE mall_session ADD COLUMN id TEXT

ALTER TABLE mall_session ADD COLUMN way TEXT NOT NULL DEFAULT 'password'

CREATE INDEX mall_session_of ON mall_session (mall_account_id)

CREATE INDEX purchase_order_purchaser ON purchase_order (purchaser_id, created_at)

CREATE INDEX purchase_order_supplier ON purchase_order (supplier_id, created_at)
