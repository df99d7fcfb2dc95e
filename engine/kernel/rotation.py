"""Changing the key-encryption key under a world that is in use (PI-7).

Data keys are wrapped anew, nothing that they protect is touched. Every step can be killed anywhere and is
taken up again by the next start:

1. a new key is written beside the one in use;
2. the one in use is kept as the previous one, and the new one takes its place by a rename. From here on
   whoever wraps a data key takes the new one (`vault.wrap` looks first), and readers open what either
   wrapped;
3. the data keys under the previous one are wrapped anew, a batch to a transaction;
4. when a transaction of its own finds none left, the previous key is deleted.
"""

from __future__ import annotations

import os
from pathlib import Path

from engine.kernel import errors, ids, vault
from engine.kernel.reader import Parts

_NEXT = f"{vault.WRAPPING}.next"
BATCH = 200


class KeysNotInAFolder(errors.ConfigurationError):
    """Only a world in a folder keeps its keys in files. {problem}"""


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


def running(keys: Path) -> bool:
    """Whether a rotation was begun and not finished."""
    return (keys / _NEXT).exists() or (keys / vault.PREVIOUS).exists()


def promote(keys: Path, entropy: ids.Entropy) -> None:
    """Steps 1 and 2: the new key is in use, the one before it is kept as the previous one."""
    current, following, previous = keys / vault.WRAPPING, keys / _NEXT, keys / vault.PREVIOUS
    if previous.exists() and not following.exists():
        # Promoted already: a batch was interrupted.
        return
    if not following.exists():
        _write(following, entropy(32))
    if not previous.exists():
        _write(previous, current.read_bytes())
    following.rename(current)
    _sync(keys)


def wrap_anew(parts: Parts, *, limit: int = BATCH) -> int:
    """Step 3, once: wrap up to `limit` data keys by the key in use; how many."""
    with parts.db.write() as connection:
        parts.keyring.look_again()
        name = vault.name_of_wrapping(parts.keyring)
        rows = connection.rows(
            "SELECT subject_id, purpose, wrapped FROM data_key WHERE wrapped_by <> ?"
            " ORDER BY subject_id, purpose LIMIT ?",
            (name, limit),
        )
        for row in rows:
            wrapped, by = vault.wrap(
                parts.keyring, vault.unwrap(parts.keyring, bytes(row["wrapped"]))
            )
            connection.run(
                "UPDATE data_key SET wrapped = ?, wrapped_by = ? WHERE subject_id = ? AND purpose = ?",
                (wrapped, by, row["subject_id"], row["purpose"]),
            )
    return len(rows)


def left(parts: Parts) -> int:
    """How many data keys are not under the key in use."""
    parts.keyring.look_again()
    with parts.db.read() as connection:
        found = connection.rows(
            "SELECT COUNT(*) AS n FROM data_key WHERE wrapped_by <> ?",
            (vault.name_of_wrapping(parts.keyring),),
        )
    return int(found[0]["n"])


def retire(parts: Parts, keys: Path) -> bool:
    """Step 4: delete the previous key when nothing needs it; False when something still does.

    The write transaction waits for whoever began before the new key was in use.
    """
    with parts.db.write() as connection:
        found = connection.rows(
            "SELECT COUNT(*) AS n FROM data_key WHERE wrapped_by <> ?",
            (vault.name_of_wrapping(parts.keyring),),
        )
        if found[0]["n"]:
            return False
        (keys / vault.PREVIOUS).unlink(missing_ok=True)
        _sync(keys)
    parts.db.checkpoint()
    return True


def rotate(parts: Parts, keys: Path, entropy: ids.Entropy) -> int:
    """All four steps, or what is left of them; how many data keys were wrapped anew."""
    promote(keys, entropy)
    total = 0
    while True:
        while done := wrap_anew(parts):
            total += done
        if retire(parts, keys):
            return total
