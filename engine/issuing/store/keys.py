"""The SQL of divided keys and of tries at a PIN. All of it is outside the log: secrets and counters."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from engine.issuing import model
from engine.kernel import database, vault
from engine.kernel.operation import AlreadyTaken, Operation
from engine.kernel.reader import Reader

UNLOGGED = {
    "pin_guard": "counts of wrong tries; each try is a fact of its own",
    "pin_try": "tries at a PIN that were opened; what came of one is a fact",
    "key_share": "the server's part of divided keys, sealed; it is destroyed with its certificate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptShares:
    """The server's part of a divided key, opened. `pending` is its share once the phone's new one came."""

    server_key: bytes = field(repr=False)
    share: int = field(repr=False)
    pending: int | None = field(repr=False)


def place_of(table: str, column: str, certificate_id: str) -> str:
    """Where a sealed share lies; a pending one is bound to the place of the share that it will be."""
    return f"{table}|{'share' if column == 'pending' else column}|{certificate_id}"


def _seal(op: Operation, certificate_id: str, column: str, content: bytes) -> bytes:
    place = place_of("key_share", column, certificate_id)
    return vault.seal_by(op.parts.keyring, vault.SHARES, content, place, op.entropy)


def _open(q: Reader, certificate_id: str, column: str, sealed: bytes) -> bytes:
    place = place_of("key_share", column, certificate_id)
    return vault.unseal_by(q.parts.keyring, vault.SHARES, bytes(sealed), place)


def modulus_digest(keyring: vault.Keyring, modulus: bytes) -> bytes:
    """By what a phone's modulus is found again; no rotation changes it."""
    return keyring.mac("pepper", b"modulus of a phone|" + modulus)


def _digests(keyring: vault.Keyring, modulus: bytes) -> list[bytes]:
    """The same, and what older engines wrote: under the secret of the shares itself."""
    older = [
        hmac.digest(secret, modulus, hashlib.sha256) for secret in keyring.generations(vault.SHARES)
    ]
    return [modulus_digest(keyring, modulus), *older]


def _known(q: Reader, modulus: bytes) -> list[str]:
    """The certificates whose keys were made with a phone's modulus."""
    sql = "SELECT certificate_id FROM key_share WHERE modulus_digest = ?"
    found = [q.row(sql, (digest,)) for digest in _digests(q.parts.keyring, modulus)]
    return [str(row["certificate_id"]) for row in found if row is not None]


def _number(share: int) -> bytes:
    return share.to_bytes((share.bit_length() + 7) // 8, "big")


def keep_shares(
    op: Operation, certificate_id: str, *, modulus: bytes, server_key: bytes, share: int
) -> None:
    """Keep the server's part of a new key.

    Raises: AlreadyTaken for a modulus that was known.
    """
    if _known(op, modulus):
        raise AlreadyTaken()
    sealed = [
        _seal(op, certificate_id, "server_key", server_key),
        _seal(op, certificate_id, "share", _number(share)),
    ]
    op.unlogged(
        "INSERT INTO key_share (certificate_id, modulus_digest, server_key, share, sealed_by)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            certificate_id,
            modulus_digest(op.parts.keyring, modulus),
            *sealed,
            vault.name_of(op.parts.keyring, vault.SHARES),
        ),
    )


def shares(q: Reader, certificate_id: str) -> KeptShares | None:
    """The server's part of a key; None where there is none or it was destroyed."""
    found = q.row("SELECT * FROM key_share WHERE certificate_id = ?", (certificate_id,))
    if found is None or found["share"] is None:
        return None
    pending = None
    if found["pending"] is not None:
        pending = int.from_bytes(_open(q, certificate_id, "pending", found["pending"]), "big")
    return KeptShares(
        server_key=_open(q, certificate_id, "server_key", found["server_key"]),
        share=int.from_bytes(_open(q, certificate_id, "share", found["share"]), "big"),
        pending=pending,
    )


def move_share(op: Operation, certificate_id: str, *, current: int, pending: int | None) -> None:
    """From now on this share is good, and the pending one beside it.

    `sealed_by` stays: it says under what the server's primes are, which this leaves alone.
    """
    op.unlogged(
        "UPDATE key_share SET share = ?, pending = ? WHERE certificate_id = ?",
        (
            _seal(op, certificate_id, "share", _number(current)),
            None if pending is None else _seal(op, certificate_id, "pending", _number(pending)),
            certificate_id,
        ),
    )


def destroy_shares(op: Operation, certificate_id: str) -> None:
    """The server's part is gone: nobody signs with this key again."""
    op.unlogged(
        "UPDATE key_share SET server_key = NULL, share = NULL, pending = NULL"
        " WHERE certificate_id = ?",
        (certificate_id,),
    )


def any_shares(db: database.Database) -> bool:
    """Whether a world's database holds the server's part of any key."""
    with db.read() as connection:
        return bool(connection.rows("SELECT certificate_id FROM key_share LIMIT 1"))


def modulus_of(q: Reader, certificate_id: str, modulus: bytes) -> bool:
    """Whether a certificate's key was made with this modulus of a phone."""
    return certificate_id in _known(q, modulus)


# -- tries ------------------------------------------------------------------------------------------------


def tries(q: Reader, certificate_id: str) -> int:
    """Consecutive tries of a pair's PIN since the last right one."""
    found = q.row(
        "SELECT g.tries FROM pin_guard g JOIN certificate c ON c.pair_id = g.certificate_id"
        " WHERE c.id = ?",
        (certificate_id,),
    )
    return 0 if found is None else int(found["tries"])


def count_try(op: Operation, pair_id: str, limit: int) -> bool:
    """Count a try, durably once this operation commits; False when no more may be made."""
    counted = op.unlogged(
        "INSERT INTO pin_guard (certificate_id, tries) VALUES (?, 1)"
        " ON CONFLICT (certificate_id) DO UPDATE SET tries = pin_guard.tries + 1"
        " WHERE pin_guard.tries < ?",
        (pair_id, limit),
    )
    return counted == 1


def open_try(op: Operation, certificate_id: str, nonce: bytes) -> str:
    """Keep a counted try; its id.

    Raises: AlreadyTaken for a nonce that was used.
    """
    try_id = op.new_id("try")
    op.unlogged(
        "INSERT INTO pin_try (id, certificate_id, nonce, opened_at) VALUES (?, ?, ?, ?)",
        (try_id, certificate_id, nonce, op.now),
    )
    return try_id


def use_try(op: Operation, try_id: str, certificate_id: str) -> bool:
    """Use a try of a certificate, once; False when it is none, used, or too old."""
    used = op.unlogged(
        "UPDATE pin_try SET used_at = ? WHERE id = ? AND certificate_id = ? AND used_at IS NULL"
        " AND opened_at > ?",
        (op.now, try_id, certificate_id, op.now - model.TRY_LIFETIME_MS),
    )
    return used == 1


def forgive(op: Operation, pair_id: str) -> None:
    """The count begins anew, and no try that was opened before can be used any more."""
    op.unlogged(
        "UPDATE pin_guard SET tries = 0, locked_at = NULL WHERE certificate_id = ?", (pair_id,)
    )
    op.unlogged(
        "UPDATE pin_try SET used_at = ? WHERE used_at IS NULL AND certificate_id IN"
        " (SELECT id FROM certificate WHERE pair_id = ?)",
        (op.now, pair_id),
    )


def lock(op: Operation, pair_id: str) -> bool:
    """Note that the key is locked; whether it was not noted before."""
    sql = "UPDATE pin_guard SET locked_at = ? WHERE certificate_id = ? AND locked_at IS NULL"
    return op.unlogged(sql, (op.now, pair_id)) == 1


def locked_at(q: Reader, pair_id: str) -> int | None:
    """Since when a pair's PIN is locked."""
    found = q.row("SELECT locked_at FROM pin_guard WHERE certificate_id = ?", (pair_id,))
    return None if found is None else found["locked_at"]
