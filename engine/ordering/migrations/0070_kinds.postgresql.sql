-- Orders for enterprises, persons and single events, and of every kind of business.
ALTER TABLE certificate_order ADD COLUMN product TEXT NOT NULL DEFAULT 'enterprise'
    CHECK (product IN ('enterprise', 'individual', 'event'))

ALTER TABLE certificate_order ADD COLUMN business TEXT NOT NULL DEFAULT 'new'
    CHECK (business IN ('new', 'renewal', 'replacement', 'change', 'delegation'))

ALTER TABLE certificate_order ADD COLUMN holder TEXT

UPDATE certificate_order SET holder = enterprise_id

ALTER TABLE certificate_order ALTER COLUMN holder SET NOT NULL

ALTER TABLE certificate_order ALTER COLUMN enterprise_id DROP NOT NULL

ALTER TABLE certificate_order ADD COLUMN delegate_account_id TEXT REFERENCES account (id)

ALTER TABLE certificate_order ADD COLUMN scope TEXT NOT NULL DEFAULT '[]'

ALTER TABLE certificate_order ADD COLUMN replaces TEXT

ALTER TABLE certificate_order ADD COLUMN why TEXT NOT NULL DEFAULT ''

ALTER TABLE certificate_order ADD COLUMN carries_until BIGINT

ALTER TABLE certificate_order ADD COLUMN download_mode TEXT NOT NULL DEFAULT 'manual'
    CHECK (download_mode IN ('automatic', 'manual'))

ALTER TABLE certificate_order ADD COLUMN price TEXT

UPDATE certificate_order SET price = '[{"code":"certificate","amount_fen":' || amount_fen || '}]'

ALTER TABLE certificate_order ALTER COLUMN price SET NOT NULL

ALTER TABLE certificate_order ADD COLUMN platform_reviews BIGINT NOT NULL DEFAULT 1
    CHECK (platform_reviews IN (0, 1))

ALTER TABLE certificate_order ADD COLUMN agency_reviews BIGINT NOT NULL DEFAULT 1
    CHECK (agency_reviews IN (0, 1))

ALTER TABLE certificate_order DROP CONSTRAINT certificate_order_years_check

ALTER TABLE certificate_order ADD CONSTRAINT certificate_order_years_check CHECK (years BETWEEN 0 AND 5)

ALTER TABLE certificate_order DROP CONSTRAINT certificate_order_amount_fen_check

ALTER TABLE certificate_order ADD CONSTRAINT certificate_order_amount_fen_check CHECK (amount_fen >= 0)

ALTER TABLE certificate_order DROP CONSTRAINT certificate_order_check

ALTER TABLE certificate_order DROP CONSTRAINT certificate_order_check1

ALTER TABLE certificate_order ADD CONSTRAINT certificate_order_two_approve
    CHECK (agency_approved_by <> platform_approved_by)

ALTER TABLE certificate_order ADD CONSTRAINT certificate_order_enterprise
    CHECK (enterprise_id IS NOT NULL OR product <> 'enterprise')

ALTER TABLE certificate_order ADD CONSTRAINT certificate_order_delegate
    CHECK ((business = 'delegation') = (delegate_account_id IS NOT NULL))

ALTER TABLE certificate_order ADD CONSTRAINT certificate_order_replaces
    CHECK ((business = 'new') = (replaces IS NULL))

ALTER TABLE certificate_order ADD CONSTRAINT certificate_order_downloadable
    CHECK (status NOT IN ('awaiting_download', 'completed')
        OR ((paid_at IS NOT NULL OR amount_fen = 0)
            AND (platform_reviews = 0 OR platform_approved_by IS NOT NULL)
            AND (agency_reviews = 0 OR agency_approved_by IS NOT NULL)))

DROP INDEX certificate_order_one_open

DROP INDEX certificate_order_at

CREATE UNIQUE INDEX certificate_order_one_open ON certificate_order (holder, platform_id, product)
    WHERE status NOT IN ('completed', 'rejected', 'cancelled')

CREATE INDEX certificate_order_at ON certificate_order (holder, platform_id, created_at)

CREATE INDEX certificate_order_of_enterprise ON certificate_order (enterprise_id, created_at)

CREATE INDEX certificate_order_of_delegate ON certificate_order (delegate_account_id)
    WHERE delegate_account_id IS NOT NULL

CREATE INDEX certificate_order_of_replaced ON certificate_order (replaces) WHERE replaces IS NOT NULL
