"""What a phone keeps: its device key, its sealed certificate keys, and its session.

One SQLite file a device (or memory, in a simulation). Of a certificate's key only the phone's share lies
here, under its PIN (`held_keys`): every PIN opens it to some share, nothing beside it tells which is
right, and so a thief of the file learns nothing about the PIN from it; the server sees a wrong one, and
counts.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import utils

from engine.handset.held_keys import HeldKey, KeyMissing
from engine.kernel import database, ids, vault
from engine.pki import keys


class Items:
    """A file of named values.

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


class HandsetStore(Items):
    """A device's file, with its key."""

    def __init__(self, path: Path | None, entropy: ids.Entropy, secret: bytes = b"") -> None:
        super().__init__(path, entropy, secret)
        if not self.names("device-key"):
            key = keys.generate(entropy)
            self.put("device-key", keys.to_pkcs8(key, None))

    def device_public_key(self) -> bytes:
        """The device's public key (SEC 1, uncompressed)."""
        return (
            keys.from_pkcs8(self._device_key(), None)
            .public_key()
            .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        )

    def device_signs(self, message: bytes) -> bytes:
        """The device's signature: r and s of 32 bytes each, as WebCrypto gives them."""
        der = keys.sign(keys.from_pkcs8(self._device_key(), None), message)
        r, s = utils.decode_dss_signature(der)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def _device_key(self) -> bytes:
        kept = self.get("device-key")
        if kept is None:
            raise KeyMissing(what="key")
        return kept

    def keep_key(self, certificate_id: str, held: HeldKey) -> None:
        """Keep a certificate's key in the place of what was kept of it, in one write."""
        self.put(f"key/{certificate_id}", held.to_bytes())

    def held_key(self, certificate_id: str) -> HeldKey:
        """What is kept of a certificate's key.

        Raises: KeyMissing.
        """
        kept = self.get(f"key/{certificate_id}")
        if kept is None:
            raise KeyMissing(what="key")
        return HeldKey.from_bytes(kept)
