"""What a phone keeps: its device key, its sealed certificate keys, and its session.

One SQLite file a device (or memory, in a simulation). A certificate's key lies here camouflaged: the
scalar plus a number derived from the PIN, modulo the group's order. Every PIN opens it to some valid
scalar, nothing beside it tells which is right, and so a thief of the file alone learns nothing about the
PIN from it; the server sees a wrong one by its signature, and counts. (Whoever holds the file *and* the
public certificate can still try PINs offline, at the cost of one Argon2id each: splitting the key
closes that.)
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

from argon2 import low_level
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from engine.kernel import database, errors, ids, turns, vault
from engine.kernel.reader import Hashing
from engine.pki import keys

# The order of P-256's group (SEC 2, 2.4.2).
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class PinInvalid(errors.InvalidInput):
    """A certificate PIN has {digits} digits, not all the same and not in sequence."""


class KeyMissing(errors.NotFound):
    """The key of this certificate is not on this phone. Use the phone you downloaded it with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedKey:
    """A certificate key under its PIN."""

    salt: bytes
    sealed: bytes


def check_pin(pin: str, digits: int = 6) -> None:
    """Refuse a PIN that would be tried first.

    Raises: PinInvalid.
    """
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)} if pin.isdigit() else {0}
    if len(pin) != digits or steps in ({0}, {1}, {9}):
        raise PinInvalid(field="pin", digits=digits)


@turns.HASHING.one()
def _mask(pin: str, salt: bytes, hashing: Hashing) -> int:
    raw = low_level.hash_secret_raw(
        pin.encode(),
        salt,
        time_cost=hashing.passes,
        memory_cost=hashing.memory_kib,
        parallelism=1,
        hash_len=48,
        type=low_level.Type.ID,
    )
    return int.from_bytes(raw, "big") % ORDER


def seal_key(
    key: ec.EllipticCurvePrivateKey, pin: str, entropy: ids.Entropy, hashing: Hashing
) -> SealedKey:
    """A key camouflaged under a PIN."""
    salt = entropy(16)
    scalar = key.private_numbers().private_value
    sealed = (scalar + _mask(pin, salt, hashing)) % ORDER
    return SealedKey(salt=salt, sealed=sealed.to_bytes(32, "big"))


def open_key(kept: SealedKey, pin: str, hashing: Hashing) -> ec.EllipticCurvePrivateKey:
    """The key that a PIN opens: with a wrong PIN a valid key, but another one."""
    scalar = (int.from_bytes(kept.sealed, "big") - _mask(pin, kept.salt, hashing)) % ORDER
    return ec.derive_private_key(scalar or 1, ec.SECP256R1())


class HandsetStore:
    """A device's file.

    With a `secret` every value in it is sealed under that, so that the file alone tells nothing.
    """

    def __init__(self, path: Path | None, entropy: ids.Entropy, secret: bytes = b"") -> None:
        self._secret = secret
        self._entropy = entropy
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = database.SqliteDatabase(path)
        with self._db.write() as connection:
            connection.run(
                "CREATE TABLE IF NOT EXISTS item (name TEXT PRIMARY KEY, value BLOB NOT NULL)"
            )
        if not self.names("device-key"):
            key = keys.generate(entropy)
            self.put("device-key", keys.to_pkcs8(key, None))

    def get(self, name: str) -> bytes | None:
        """What is kept under a name."""
        with self._db.read() as connection:
            found = connection.rows("SELECT value FROM item WHERE name = ?", (name,))
        if not found:
            return None
        kept = bytes(found[0]["value"])
        return vault.unseal(self._secret, kept, f"item|{name}") if self._secret else kept

    def put(self, name: str, value: bytes) -> None:
        """Keep a value under a name, durably."""
        if self._secret:
            value = vault.seal(self._secret, value, f"item|{name}", self._entropy)
        with self._db.write() as connection:
            connection.run(
                "INSERT INTO item (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def forget(self, name: str) -> None:
        """Delete what is kept under a name."""
        with self._db.write() as connection:
            connection.run("DELETE FROM item WHERE name = ?", (name,))

    def names(self, prefix: str) -> list[str]:
        """The names that begin like this."""
        with self._db.read() as connection:
            found = connection.rows("SELECT name FROM item ORDER BY name")
        return [row["name"] for row in found if row["name"].startswith(prefix)]

    def close(self) -> None:
        """Close the file; it opens again when it is asked."""
        self._db.close()

    def device_public_key(self) -> bytes:
        """The device's public key (SEC 1, uncompressed)."""
        kept = self.get("device-key")
        if kept is None:
            raise KeyMissing(what="key")
        return (
            keys.from_pkcs8(kept, None)
            .public_key()
            .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        )

    def keep_key(self, certificate_id: str, sealed: SealedKey) -> None:
        """Keep a sealed certificate key."""
        self.put(f"key/{certificate_id}", sealed.salt + sealed.sealed)

    def sealed_key(self, certificate_id: str) -> SealedKey:
        """A sealed certificate key.

        Raises: KeyMissing.
        """
        kept = self.get(f"key/{certificate_id}")
        if kept is None:
            raise KeyMissing(what="key")
        return SealedKey(salt=kept[:16], sealed=kept[16:])
