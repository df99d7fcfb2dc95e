-- The simulated tax service's own books, with what it numbered before, and the simulated courier's.
CREATE TABLE sim_tax_invoice (
    invoice_id TEXT NOT NULL,
    copy BIGINT NOT NULL,
    number TEXT UNIQUE,
    blue_number TEXT NOT NULL,
    net_fen BIGINT NOT NULL,
    tax_fen BIGINT NOT NULL,
    total_fen BIGINT NOT NULL,
    problem TEXT NOT NULL,
    tries BIGINT NOT NULL,
    ready_at BIGINT NOT NULL,
    PRIMARY KEY (invoice_id, copy)
)

INSERT INTO sim_tax_invoice (invoice_id, copy, number, blue_number, net_fen, tax_fen, total_fen, problem,
        tries, ready_at)
    SELECT s.invoice_id, 0, s.number, '', i.amount_fen, i.tax_fen, i.total_fen, '', 1,
        COALESCE(i.issued_at, i.created_at)
    FROM sim_invoice s JOIN invoice i ON i.id = s.invoice_id

DROP TABLE sim_invoice

CREATE INDEX sim_tax_invoice_when ON sim_tax_invoice (ready_at)

CREATE INDEX sim_tax_invoice_blue ON sim_tax_invoice (blue_number)

CREATE TABLE sim_tax_paper (
    invoice_id TEXT NOT NULL,
    print_id TEXT NOT NULL,
    code TEXT NOT NULL,
    number TEXT NOT NULL,
    printed_at BIGINT NOT NULL,
    void_at BIGINT,
    PRIMARY KEY (invoice_id, print_id),
    UNIQUE (code, number)
)

CREATE TABLE sim_parcel (
    shipment_id TEXT PRIMARY KEY,
    tracking_no TEXT NOT NULL UNIQUE,
    destination BLOB NOT NULL,
    fate TEXT NOT NULL,
    ordered_at BIGINT NOT NULL
)
