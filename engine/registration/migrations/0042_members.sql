ALTER TABLE membership ADD COLUMN ended_at BIGINT

CREATE INDEX membership_of ON membership (account_id)

CREATE TABLE invitation (
    id TEXT PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    way TEXT NOT NULL CHECK (way IN ('phone', 'qr', 'hand')),
    role TEXT NOT NULL CHECK (role IN ('administrator', 'handler', 'seal_user')),
    status TEXT NOT NULL CHECK (status IN ('open', 'accepted', 'declined', 'cancelled')),
    invited_by TEXT REFERENCES account (id),
    account_id TEXT REFERENCES account (id),
    phone TEXT NOT NULL,
    token_hash BLOB UNIQUE,
    note BLOB,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE INDEX invitation_of ON invitation (enterprise_id, created_at)

CREATE INDEX invitation_account ON invitation (account_id)

CREATE TABLE administrator_transfer (
    id TEXT PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    from_membership_id TEXT NOT NULL REFERENCES membership (id),
    to_membership_id TEXT NOT NULL REFERENCES membership (id),
    status TEXT NOT NULL CHECK (status IN ('offered', 'accepted', 'declined', 'cancelled')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
)

CREATE UNIQUE INDEX administrator_transfer_one_open ON administrator_transfer (from_membership_id)
    WHERE status = 'offered'

CREATE INDEX administrator_transfer_to ON administrator_transfer (to_membership_id)
