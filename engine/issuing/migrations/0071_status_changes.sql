-- Which certificates of an agency changed between revoked, held and good, in the order of the log: what a
-- delta CRL tells of, and whether the list that is published is still the newest (RFC 5280 5.2.4).
CREATE TABLE status_change (
    agency_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    serial_hex TEXT NOT NULL,
    PRIMARY KEY (agency_id, revision, serial_hex)
)
