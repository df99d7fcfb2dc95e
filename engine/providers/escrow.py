"""The simulated key management centre: it makes and archives encryption keys (CRT-6).

A key is archived before it is given out, under a key of the centre's own, which no other part of the world
uses. An archived key leaves again for two people who approved, and every time is written down here,
beside what the platform's own log says.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import codec, database, errors, ids, ports, vault
from engine.pki import decrypting, keys
from engine.providers.store import Memory

APPROVERS = 2


class ReleaseRefused(errors.PolicyRefused):
    """The key management centre releases an archived key to two people who approved, not to fewer."""


class SimulatedKeyCentre:
    """`ports.KeyManagementCentre` over tables of the world."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def _place(self, key_id: str) -> str:
        return f"sim_encryption_key|sealed|{key_id}"

    def _archived(self, connection: database.Connection, key_id: str) -> ports.EncryptionKey | None:
        sql = "SELECT public_key, sealed FROM sim_encryption_key WHERE id = ?"
        found = connection.rows(sql, (key_id,))
        if not found:
            return None
        secret = self._memory.parts.keyring.secret("escrow")
        return ports.EncryptionKey(
            public_key=bytes(found[0]["public_key"]),
            private_key=vault.unseal(secret, found[0]["sealed"], self._place(key_id)),
        )

    def make(self, kind: str, *, key_id: str) -> ports.EncryptionKey:
        """A new key, archived; or the one of this id that was made before."""
        parts = self._memory.parts
        with parts.db.read() as connection:
            known = self._archived(connection, key_id)
        if known is not None:
            return known
        entropy = ids.Stream(parts.entropy(32))
        made = decrypting.make_rsa(entropy) if kind == "rsa" else keys.generate(entropy)
        private = decrypting.to_bytes(made)
        sealed = vault.seal(parts.keyring.secret("escrow"), private, self._place(key_id), entropy)
        now = self._memory.now()
        with parts.db.write() as connection:
            # Somebody else may have been asked at the same time: the first one archived is the key.
            connection.run(
                "INSERT INTO sim_encryption_key (id, kind, public_key, sealed, made_at)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                (key_id, kind, keys.public_to_der(made.public_key()), sealed, now),
            )
            archived = self._archived(connection, key_id)
        if archived is None:
            raise errors.NotFound(what="encryption key")
        return archived

    def recover(self, key_id: str, *, approved_by: Sequence[str]) -> ports.EncryptionKey:
        """An archived key, for two people who approved; the release is written down first.

        Raises: ReleaseRefused, NotFound.
        """
        if len(set(approved_by)) < APPROVERS:
            raise ReleaseRefused()
        now = self._memory.now()
        with self._memory.parts.db.write() as connection:
            archived = self._archived(connection, key_id)
            if archived is None:
                raise errors.NotFound(what="encryption key")
            connection.run(
                "INSERT INTO sim_key_release (key_id, number, approved_by, released_at)"
                " SELECT ?, COUNT(*) + 1, ?, ? FROM sim_key_release WHERE key_id = ?",
                (key_id, codec.canonical(sorted(set(approved_by))), now, key_id),
            )
        return archived
