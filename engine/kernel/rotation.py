"""Changing a key of a world that is in use (PI-7): the key-encryption key, and that of the server's shares.

What is under it is sealed anew, nothing that this protects is touched. Every step can be killed anywhere
and is taken up again by the next start:

1. a new key is written beside the one in use;
2. the one in use is kept as the previous one, and the new one takes its place by a rename. From here on
   whoever seals takes the new one (`vault.wrap` and `vault.seal_by` look first), and readers open what
   either sealed;
3. what is under the previous one is sealed anew, a batch to a transaction;
4. when a transaction of its own finds none left, the previous key is deleted.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.kernel import database, errors, ids, vault
from engine.kernel.reader import Parts

BATCH = 200


class KeysNotInAFolder(errors.ConfigurationError):
    """Only a world in a folder keeps its keys in files. {problem}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """A secret that is changed, and what is under it.

    `anew` seals up to so many by the secret in use and says how many those were; `left` says how many are
    not under it. Both are called within a write transaction, after a look at `keys/`.
    """

    name: str
    anew: Callable[[Parts, database.Connection, int], int]
    left: Callable[[Parts, database.Connection], int]

    @property
    def following(self) -> str:
        """The file of the new secret before it is in use."""
        return f"{self.name}.next"

    @property
    def previous(self) -> str:
        """The file of the one before, until nothing is under it."""
        return vault.previous_of(self.name)


def _write(path: Path, secret: bytes) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _wrap_rows(parts: Parts, connection: database.Connection, limit: int) -> int:
    rows = connection.rows(
        "SELECT subject_id, purpose, wrapped FROM data_key WHERE wrapped_by <> ?"
        " ORDER BY subject_id, purpose LIMIT ?",
        (vault.name_of(parts.keyring, vault.WRAPPING), limit),
    )
    for row in rows:
        wrapped, by = vault.wrap(parts.keyring, vault.unwrap(parts.keyring, bytes(row["wrapped"])))
        connection.run(
            "UPDATE data_key SET wrapped = ?, wrapped_by = ? WHERE subject_id = ? AND purpose = ?",
            (wrapped, by, row["subject_id"], row["purpose"]),
        )
    return len(rows)


def _rows_left(parts: Parts, connection: database.Connection) -> int:
    found = connection.rows(
        "SELECT COUNT(*) AS n FROM data_key WHERE wrapped_by <> ?",
        (vault.name_of(parts.keyring, vault.WRAPPING),),
    )
    return int(found[0]["n"])


DATA_KEYS = Rotated(name=vault.WRAPPING, anew=_wrap_rows, left=_rows_left)


def running(keys: Path, what: Rotated = DATA_KEYS) -> bool:
    """Whether a rotation was begun and not finished."""
    return (keys / what.following).exists() or (keys / what.previous).exists()


def promote(keys: Path, entropy: ids.Entropy, what: Rotated = DATA_KEYS) -> None:
    """Steps 1 and 2: the new key is in use, the one before it is kept as the previous one."""
    current, following = keys / what.name, keys / what.following
    previous = keys / what.previous
    if previous.exists() and not following.exists():
        # Promoted already: a batch was interrupted.
        return
    if not following.exists():
        _write(following, entropy(32))
    if not previous.exists():
        _write(previous, current.read_bytes())
    following.rename(current)
    _sync(keys)


def wrap_anew(parts: Parts, what: Rotated = DATA_KEYS, *, limit: int = BATCH) -> int:
    """Step 3, once: seal up to `limit` by the key in use; how many."""
    with parts.db.write() as connection:
        parts.keyring.look_again()
        return what.anew(parts, connection, limit)


def left(parts: Parts, what: Rotated = DATA_KEYS) -> int:
    """How many are not under the key in use."""
    parts.keyring.look_again()
    with parts.db.read() as connection:
        return what.left(parts, connection)


def retire(parts: Parts, keys: Path, what: Rotated = DATA_KEYS) -> bool:
    """Step 4: delete the previous key when nothing needs it; False when something still does.

    The write transaction waits for whoever began before the new key was in use.
    """
    with parts.db.write() as connection:
        parts.keyring.look_again()
        if what.left(parts, connection):
            return False
        (keys / what.previous).unlink(missing_ok=True)
        _sync(keys)
    parts.db.checkpoint()
    return True


def rotate(parts: Parts, keys: Path, entropy: ids.Entropy, what: Rotated = DATA_KEYS) -> int:
    """All four steps, or what is left of them; how many were sealed anew."""
    promote(keys, entropy, what)
    total = 0
    while True:
        while done := wrap_anew(parts, what):
            total += done
        if retire(parts, keys, what):
            return total
