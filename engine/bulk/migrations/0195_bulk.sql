-- Something that is done to many: what, to which, who says so, and how far it is.
CREATE TABLE bulk_act (
    id TEXT PRIMARY KEY,
    act TEXT NOT NULL,
    given TEXT NOT NULL,
    wanted TEXT NOT NULL,
    note TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size > 0),
    list_digest TEXT NOT NULL,
    places TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN (
        'rehearsing', 'rehearsed', 'approved', 'running', 'paused', 'done', 'stopped', 'dropped'
    )),
    turn BIGINT NOT NULL,
    made_by TEXT NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    rehearsed_at BIGINT,
    rehearsal_digest TEXT NOT NULL,
    approved_by TEXT REFERENCES staff (id),
    approved_at BIGINT,
    started_at BIGINT,
    proved_at BIGINT,
    ran_from BIGINT,
    ran_ms BIGINT NOT NULL,
    ended_at BIGINT,
    why TEXT NOT NULL,
    CHECK (approved_by IS NULL OR approved_by <> made_by)
)

CREATE INDEX bulk_act_by_maker ON bulk_act (made_by, made_at)

CREATE INDEX bulk_act_by_time ON bulk_act (made_at, id)

-- The frozen list: ids in their order, one a line. Written once.
CREATE TABLE bulk_list (
    id TEXT PRIMARY KEY REFERENCES bulk_act (id),
    items TEXT NOT NULL
)

-- What the dry run foresaw of an item, and what came of it.
CREATE TABLE bulk_item (
    id TEXT PRIMARY KEY,
    bulk_id TEXT NOT NULL REFERENCES bulk_act (id),
    position BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    foreseen TEXT NOT NULL,
    seen TEXT NOT NULL,
    outcome TEXT,
    done_at BIGINT,
    UNIQUE (bulk_id, position),
    UNIQUE (bulk_id, item_id),
    CHECK ((outcome IS NULL) = (done_at IS NULL))
)

CREATE INDEX bulk_item_by_outcome ON bulk_item (bulk_id, outcome, position)
