-- The tax service's list of each business date, and how its lines compared with our invoices.
CREATE TABLE tax_list (
    id TEXT PRIMARY KEY,
    business_date TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('awaited', 'compared')),
    digest TEXT NOT NULL,
    line_count BIGINT NOT NULL,
    total_fen BIGINT NOT NULL,
    tax_fen BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    compared_at BIGINT,
    CHECK ((status = 'compared') = (compared_at IS NOT NULL))
)

CREATE TABLE tax_list_line (
    id TEXT PRIMARY KEY,
    tax_list_id TEXT NOT NULL REFERENCES tax_list (id),
    line_number BIGINT NOT NULL,
    number TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    blue_number TEXT NOT NULL,
    net_fen BIGINT NOT NULL,
    tax_fen BIGINT NOT NULL,
    total_fen BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    found TEXT NOT NULL,
    UNIQUE (tax_list_id, line_number)
)

CREATE INDEX tax_list_line_number ON tax_list_line (number)

CREATE INDEX tax_list_line_invoice ON tax_list_line (invoice_id)
