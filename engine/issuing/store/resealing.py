"""Sealing the server's shares anew, under another key, while they are in use (`kernel.rotation`)."""

from __future__ import annotations

from engine.issuing.store import keys
from engine.kernel import database, vault
from engine.kernel.reader import Parts
from engine.pki import splitting

# What was destroyed with its certificate is under no key.
_SIGNING_LEFT = (
    "SELECT COUNT(*) AS n FROM key_share WHERE sealed_by <> ? AND server_key IS NOT NULL"
)
_ENCRYPTION_LEFT = "SELECT COUNT(*) AS n FROM encryption_share WHERE sealed_by <> ?"


def shares_left(parts: Parts, connection: database.Connection) -> int:
    """How many keys have a share that is not under the key in use."""
    name = vault.name_of(parts.keyring, vault.SHARES)
    found = [connection.rows(sql, (name,))[0]["n"] for sql in (_SIGNING_LEFT, _ENCRYPTION_LEFT)]
    return sum(map(int, found))


def seal_shares_anew(parts: Parts, connection: database.Connection, limit: int) -> int:
    """Seal the shares of up to `limit` keys by the key in use, one that comes next too; how many keys."""
    done = _signing_anew(parts, connection, limit)
    return done + _encryption_anew(parts, connection, limit - done)


def _signing_anew(parts: Parts, connection: database.Connection, limit: int) -> int:
    rows = connection.rows(
        "SELECT certificate_id, server_key, share, pending FROM key_share"
        " WHERE sealed_by <> ? AND server_key IS NOT NULL ORDER BY certificate_id LIMIT ?",
        (vault.name_of(parts.keyring, vault.SHARES), limit),
    )
    for row in rows:
        place = keys.place_of("key_share", "server_key", row["certificate_id"])
        opened = vault.unseal_by(parts.keyring, vault.SHARES, bytes(row["server_key"]), place)
        # Older engines found a modulus again by the very secret that is being changed.
        digest = keys.modulus_digest(parts.keyring, splitting.ServerKey.from_bytes(opened).material)
        connection.run(
            "UPDATE key_share SET server_key = ?, share = ?, pending = ?, modulus_digest = ?,"
            " sealed_by = ? WHERE certificate_id = ?",
            (
                *(
                    _anew(parts, "key_share", row, one)
                    for one in ("server_key", "share", "pending")
                ),
                digest,
                vault.name_of(parts.keyring, vault.SHARES),
                row["certificate_id"],
            ),
        )
    return len(rows)


def _encryption_anew(parts: Parts, connection: database.Connection, limit: int) -> int:
    rows = connection.rows(
        "SELECT certificate_id, server_share, phone_share FROM encryption_share"
        " WHERE sealed_by <> ? ORDER BY certificate_id LIMIT ?",
        (vault.name_of(parts.keyring, vault.SHARES), limit),
    )
    for row in rows:
        connection.run(
            "UPDATE encryption_share SET server_share = ?, phone_share = ?, sealed_by = ?"
            " WHERE certificate_id = ?",
            (
                *(
                    _anew(parts, "encryption_share", row, one)
                    for one in ("server_share", "phone_share")
                ),
                vault.name_of(parts.keyring, vault.SHARES),
                row["certificate_id"],
            ),
        )
    return len(rows)


def _anew(parts: Parts, table: str, row: database.Row, column: str) -> bytes | None:
    """A sealed share under the key in use; None where there is none (none pending, none waiting)."""
    if row[column] is None:
        return None
    place = keys.place_of(table, column, row["certificate_id"])
    opened = vault.unseal_by(parts.keyring, vault.SHARES, bytes(row[column]), place)
    return vault.seal_by(parts.keyring, vault.SHARES, opened, place, parts.entropy)
