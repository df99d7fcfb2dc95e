"""The SQL of encryption keys: their shares, which are outside the log, and their recoveries."""

from __future__ import annotations

from engine.issuing import model
from engine.issuing.store.keys import place_of
from engine.kernel import vault
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader

UNLOGGED = {
    "encryption_share": "shares of encryption keys, sealed; that one was divided or taken is a fact",
}


def keep_encryption_share(
    op: Operation, certificate_id: str, *, server: bytes, phone: bytes
) -> None:
    """Keep both shares of a key that was divided; of one divided before, the new ones take their place."""
    keyring = op.parts.keyring
    sealed = [
        vault.seal_by(
            keyring,
            vault.SHARES,
            share,
            place_of("encryption_share", column, certificate_id),
            op.entropy,
        )
        for column, share in (("server_share", server), ("phone_share", phone))
    ]
    op.unlogged("DELETE FROM encryption_share WHERE certificate_id = ?", (certificate_id,))
    op.unlogged(
        "INSERT INTO encryption_share"
        " (certificate_id, server_share, phone_share, divided_at, sealed_by)"
        " VALUES (?, ?, ?, ?, ?)",
        (certificate_id, *sealed, op.now, vault.name_of(keyring, vault.SHARES)),
    )


def encryption_share(q: Reader, certificate_id: str) -> model.KeptEncryptionShare | None:
    """The shares of an encryption key; None where there are none or they were destroyed."""
    found = q.row("SELECT * FROM encryption_share WHERE certificate_id = ?", (certificate_id,))
    if found is None:
        return None

    def opened(column: str) -> bytes:
        place = place_of("encryption_share", column, certificate_id)
        return vault.unseal_by(q.parts.keyring, vault.SHARES, bytes(found[column]), place)

    return model.KeptEncryptionShare(
        server=opened("server_share"),
        phone=None if found["phone_share"] is None else opened("phone_share"),
        taken_at=found["taken_at"],
    )


def encryption_share_taken(op: Operation, certificate_id: str) -> None:
    """The phone has its share: the one that waited for it is gone from here."""
    op.unlogged(
        "UPDATE encryption_share SET phone_share = NULL, taken_at = ? WHERE certificate_id = ?",
        (op.now, certificate_id),
    )


def destroy_encryption_share(op: Operation, certificate_id: str) -> None:
    """Nobody decrypts with this key any more, unless it is recovered from its archive."""
    op.unlogged("DELETE FROM encryption_share WHERE certificate_id = ?", (certificate_id,))


def recoveries_of(q: Reader, account_id: str) -> list[model.Recovery]:
    """A person's recoveries, newest first."""
    sql = "SELECT * FROM key_recovery WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.Recovery, sql, (account_id,))


def recovery_of(q: Reader, certificate_id: str) -> model.Recovery | None:
    """The newest recovery of a certificate's key."""
    sql = "SELECT * FROM key_recovery WHERE certificate_id = ? ORDER BY created_at DESC, id DESC"
    return q.first(model.Recovery, sql, (certificate_id,))


def encryption_of(q: Reader, account_id: str) -> list[model.Certificate]:
    """A person's encryption certificates, newest first."""
    sql = (
        "SELECT * FROM certificate WHERE account_id = ? AND usage = 'encryption'"
        " AND status <> 'abandoned' ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Certificate, sql, (account_id,))
