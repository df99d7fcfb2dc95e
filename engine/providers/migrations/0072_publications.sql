-- What a certification authority has published: the contents of the newest, and of those before only what
-- its deltas begin from. Numbers rise for good; `revision` is the newest change of status that it tells of.
CREATE TABLE published_list (
    authority TEXT NOT NULL,
    number BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    this_update BIGINT NOT NULL,
    complete BLOB,
    delta BLOB,
    PRIMARY KEY (authority, number)
)

CREATE TABLE responder (
    authority TEXT NOT NULL,
    serial_hex TEXT NOT NULL,
    certificate BLOB NOT NULL,
    sealed_key BLOB NOT NULL,
    not_after BIGINT NOT NULL,
    PRIMARY KEY (authority, serial_hex)
)
