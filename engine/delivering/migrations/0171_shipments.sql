-- What is posted: a copy of where it goes, under its person's key, so that a changed or deleted address
-- does not move what is on its way. A thing is posted once at a time; what is sent again is a row of its own.
CREATE TABLE shipment (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    platform_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    attempt BIGINT NOT NULL CHECK (attempt >= 1),
    status TEXT NOT NULL CHECK (status IN ('waiting', 'ready', 'handed_over', 'in_transit', 'delivered',
        'lost', 'returned', 'refused', 'cancelled')),
    recipient BLOB NOT NULL,
    phone BLOB NOT NULL,
    region BLOB NOT NULL,
    detail BLOB NOT NULL,
    contents TEXT NOT NULL,
    courier TEXT NOT NULL,
    tracking_no TEXT NOT NULL,
    problem TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    packed_at BIGINT,
    handed_over_at BIGINT,
    heard_at BIGINT,
    ended_at BIGINT,
    reported_at BIGINT,
    replaced_by TEXT,
    CHECK (status NOT IN ('handed_over', 'in_transit', 'delivered', 'lost', 'returned')
        OR (tracking_no <> '' AND handed_over_at IS NOT NULL)),
    CHECK (status IN ('waiting', 'cancelled') OR contents <> '')
)

CREATE UNIQUE INDEX shipment_attempt ON shipment (subject, attempt)

CREATE UNIQUE INDEX shipment_open ON shipment (subject)
    WHERE status IN ('waiting', 'ready', 'handed_over', 'in_transit')

CREATE UNIQUE INDEX shipment_contents ON shipment (contents) WHERE contents <> ''

CREATE UNIQUE INDEX shipment_tracking ON shipment (tracking_no) WHERE tracking_no <> ''

CREATE INDEX shipment_of ON shipment (account_id, created_at)

CREATE INDEX shipment_status ON shipment (status, created_at)

CREATE TABLE shipment_step (
    id TEXT PRIMARY KEY,
    shipment_id TEXT NOT NULL REFERENCES shipment (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    code TEXT NOT NULL,
    place BLOB NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    UNIQUE (shipment_id, code, occurred_at)
)
