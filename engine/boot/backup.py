"""Backup and restore of a world's folder (decision 6).

A backup is a folder: `world/` (the database as one consistent copy, the blobs that it names, `world.toml`,
the log's signed heads) and `keys.sealed` (the world's keys under a passphrase), which belongs elsewhere:
who has only one of the two reads nothing. A manifest under the log's key names every file's digest, so
that a changed backup is refused. The root's key in `offline/` is never touched. Blobs are copied after the
database: whatever its rows name was on disk before they were. A PostgreSQL database is not copied here; its
own tools do that.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from argon2 import low_level
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine import boot
from engine.evidence import growing, keeping
from engine.kernel import blobs, codec, database, errors, events, ids, vault
from engine.kernel.reader import Parts

_MAGIC = b"YXKEYS1\n"
_SALT, _NONCE = 16, 12
# RFC 9106, second recommended option: 64 MiB, three passes, four lanes.
_MEMORY_KIB, _PASSES, _LANES = 65_536, 3, 4
_LEAST_PASSPHRASE = 12
_DATABASE = "yinxin.sqlite3"


class PassphraseTooShort(errors.InvalidInput):
    """The passphrase of a backup has at least {least} characters. A sentence of your own is best."""


class PassphraseWrong(errors.InvalidInput):
    """The passphrase is wrong, or the file with the keys was changed."""


class BackupDamaged(errors.ConfigurationError):
    """This backup was changed or is not whole: {file} {problem}. Nothing was restored."""


class FolderTaken(errors.Conflict):
    """There is something in {folder} already. Choose an empty or a new folder."""


class OnlyFolders(errors.ConfigurationError):
    """Only a world in a folder with its own SQLite database is copied here. {problem}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a backup holds."""

    world_id: str
    head: events.Head
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored. `missing` events happened after the backup and before the known head."""

    world_id: str
    head: events.Head
    missing: int


def backup(world: boot.World, target: Path, passphrase: str) -> Copied:
    """Copy a world, which may be in use, into a new folder; the keys under `passphrase`.

    Raises: PassphraseTooShort, FolderTaken, OnlyFolders, blobs.BlobMissing, growing.LogNotSigned.
    """
    db, path = world.engine.parts.db, world.path
    if path is None or not isinstance(db, database.SqliteDatabase):
        raise OnlyFolders(
            file="world.toml", problem="For PostgreSQL use pg_dump, and copy the rest."
        )
    if len(passphrase) < _LEAST_PASSPHRASE:
        raise PassphraseTooShort(field="passphrase", least=_LEAST_PASSPHRASE)
    _require_empty(target)
    draft = target / "world"
    draft.mkdir(parents=True)
    # Before the database: then that has all that they know.
    _copy_heads(world.engine.parts, draft)
    db.backup_to(draft / _DATABASE)
    head = _copy_blobs(path, draft)
    shutil.copy(path / "world.toml", draft / "world.toml")
    told = {"seq": head.seq, "mac": head.mac.hex(), "occurred_at": head.occurred_at}
    (draft / "head.json").write_text(codec.canonical(told) + "\n", encoding="utf-8")
    digests = _digests(draft)
    manifest = codec.canonical({"world": world.id, "files": digests})
    (draft / "manifest.json").write_text(
        codec.canonical({"manifest": manifest, "mac": _mac(world.keyring, manifest)}),
        encoding="utf-8",
    )
    sealed = _seal_keys(path / "keys", passphrase, world.engine.parts.entropy)
    (target / "keys.sealed").touch(mode=0o600)
    (target / "keys.sealed").write_bytes(sealed)
    return Copied(world_id=world.id, head=head, files=len(digests))


def restore(
    source: Path,
    target: Path,
    passphrase: str,
    *,
    keys: Path | None = None,
    known_head: events.Head | None = None,
) -> Restored:
    """Make a world's folder out of a backup, and check its chain; `keys`: where keys.sealed is kept.

    `known_head` is a head noted after the backup: what is missing up to it is counted.
    Raises: PassphraseWrong, BackupDamaged, FolderTaken.
    """
    _require_empty(target)
    files = _open_keys(keys or source / "keys.sealed", passphrase)
    ring = vault.Keyring({name: files.get(name, b"") for name in vault.NAMES})
    head = _require_whole(source / "world", ring)
    draft = target.with_name(target.name + ".restoring")
    try:
        shutil.copytree(source / "world", draft)
        for name in ("head.json", "manifest.json"):
            (draft / name).unlink()
        _write_keys(draft / "keys", files)
        world_id = _require_chain(draft, head)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    missing = 0 if known_head is None else max(0, known_head.seq - head.seq)
    return Restored(world_id=world_id, head=head, missing=missing)


def _require_chain(path: Path, head: events.Head) -> str:
    """Open a restored world once and refuse a log that does not hold up to `head`; its id."""
    world = boot.open_world(path)
    boot.worlds.pop(world.id, None)
    with world.engine.parts.db.read() as connection:
        _, breaks = events.verify(connection, world.keyring, head)
    world.close()
    if breaks:
        raise BackupDamaged(file="event", problem=breaks[0].problem)
    return world.id


def _require_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(folder=str(folder))


def _copy_heads(parts: Parts, draft: Path) -> None:
    """The signed heads of the log, the newest over all that there is. The nodes are made anew by need."""
    folder = keeping.folder_of(parts)
    if folder is not None:
        growing.grow(parts)
        (draft / "heads").mkdir()
        with folder.locked():
            shutil.copy(folder.file, draft / "heads" / keeping.FILE)


def _copy_blobs(path: Path, draft: Path) -> events.Head:
    """Copy what the copied database names and holds the key of; the head of the copy's log."""
    source, copy = blobs.FolderBlobs(path / "blobs"), blobs.FolderBlobs(draft / "blobs")
    db = database.SqliteDatabase(draft / _DATABASE)
    with db.read() as connection:
        for digest in sorted(blobs.kept(connection)):
            copy.write(connection, source.read(connection, digest))
        head = events.head(connection)
    # One file, without a write-ahead log beside it.
    db.checkpoint()
    db.close()
    return head


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder, by its path in it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def _mac(keyring: vault.Keyring, manifest: str) -> str:
    return keyring.mac("log-mac", b"backup\n" + manifest.encode()).hex()


def _require_whole(folder: Path, keyring: vault.Keyring) -> events.Head:
    """Refuse a backup of which anything differs from its manifest; the head it was made at."""
    try:
        signed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest = str(signed["manifest"])
        if signed["mac"] != _mac(keyring, manifest):
            raise BackupDamaged(file="manifest.json", problem="is not of this world's keys")
        expected: dict[str, str] = json.loads(manifest)["files"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BackupDamaged(file="manifest.json", problem="cannot be read") from problem
    found = _digests(folder)
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            raise BackupDamaged(file=name, problem="is missing")
        if expected.get(name) != found[name]:
            raise BackupDamaged(file=name, problem="was changed")
    told = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    return events.Head(
        seq=told["seq"], mac=bytes.fromhex(told["mac"]), occurred_at=told["occurred_at"]
    )


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return low_level.hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=_PASSES,
        memory_cost=_MEMORY_KIB,
        parallelism=_LANES,
        hash_len=32,
        type=low_level.Type.ID,
    )


def _seal_keys(folder: Path, passphrase: str, entropy: ids.Entropy) -> bytes:
    held = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    salt, nonce = entropy(_SALT), entropy(_NONCE)
    cipher = AESGCM(_stretch(passphrase, salt))
    text = codec.canonical(held).encode()
    return _MAGIC + salt + nonce + cipher.encrypt(nonce, text, _MAGIC)


def _open_keys(path: Path, passphrase: str) -> dict[str, bytes]:
    """The files of a `keys/` folder out of `keys.sealed`."""
    try:
        sealed = path.read_bytes()
    except OSError as problem:
        raise BackupDamaged(file=path.name, problem="is missing") from problem
    start = len(_MAGIC)
    salt = sealed[start : start + _SALT]
    nonce = sealed[start + _SALT : start + _SALT + _NONCE]
    if not sealed.startswith(_MAGIC) or len(nonce) != _NONCE:
        raise BackupDamaged(file=path.name, problem="is no file of keys")
    try:
        cipher = AESGCM(_stretch(passphrase, salt))
        text = cipher.decrypt(nonce, sealed[start + _SALT + _NONCE :], _MAGIC)
    except InvalidTag as problem:
        raise PassphraseWrong(field="passphrase") from problem
    files: dict[str, bytes] = codec.load(text.decode())
    return files


def _write_keys(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
