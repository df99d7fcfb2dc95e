-- Where a person's post goes. Every column that says who or where is under the person's own key; what an
-- address is called is too, because people write names there. One at most is the default.
CREATE TABLE delivery_address (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    recipient BLOB NOT NULL,
    phone BLOB NOT NULL,
    region BLOB NOT NULL,
    detail BLOB NOT NULL,
    label BLOB,
    is_default BIGINT NOT NULL CHECK (is_default IN (0, 1)),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
)

CREATE INDEX delivery_address_of ON delivery_address (account_id, created_at)

CREATE UNIQUE INDEX delivery_address_default ON delivery_address (account_id) WHERE is_default = 1
