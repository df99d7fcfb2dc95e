"""Keys of a world and what they protect: the keyring, field encryption, blind indexes.

Every personal value belongs to a data subject, who has two data keys: `profile` (destroyed when the
account is cancelled) and `evidence` (kept as long as the law asks; of a cancelled account it is `archive`,
which no ordinary question opens). A field is AES-256-GCM under one
of them, bound to its table, column and row by the associated data, so that a ciphertext moved to
another row does not open. Data keys are wrapped by the world's key-encryption key, which never is
in the database. A blind index is an HMAC under a key of its own kind: equal values are found, and
nothing else can be (PIPL; `security.md` PI-1, PI-2).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from engine.kernel import errors, ids

Purpose = Literal["profile", "evidence", "archive"]
WRAPPING = "key-encryption"
SHARES = "server-shares"
# Secrets that are changed while a world is in use (see `kernel.rotation`).
ROTATED = (WRAPPING, SHARES)
# One file each under keys/: what leaks with one of them is what that one protects.
NAMES = (
    WRAPPING,
    "blind-index",
    "log-mac",
    "log-signing",
    "pepper",
    "cookies",
    "payment-callbacks",
    "replies",
    "jobs",
    "handset",
    "tickets",
    SHARES,
    "escrow",
)
# Purposes that a world of an older engine has no file for, and nothing under either.
LATER = (SHARES, "escrow")
_VERSION = b"\x01"


def previous_of(name: str) -> str:
    """The file beside a secret in use, while what is under the one before it is being sealed anew."""
    return f"{name}.previous"


def add_later(directory: Path, entropy: ids.Entropy) -> None:
    """Give a world that an older engine made the secrets of purposes that came since."""
    for name in LATER:
        path = directory / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(entropy(32))


class Unreadable(errors.ConfigurationError):
    """A protected value could not be opened: it was moved or changed, or the key is not its own."""


class Destroyed(errors.NotFound):
    """This was deleted when the account was cancelled."""


class Keyring:
    """The secrets of a world, 32 bytes each, by purpose."""

    def __init__(self, secrets: Mapping[str, bytes], directory: Path | None = None) -> None:
        self._secrets = dict(secrets)
        self._directory = directory
        self._seen: dict[str, tuple[int, ...]] = {}
        # Every generation of a rotated secret that this process has known, the one in use first: a snapshot
        # that is older than a rotation still holds what is under the one before.
        self._known = {name: [self._secrets[name]] for name in ROTATED}
        self.look_again()

    @classmethod
    def fresh(cls, entropy: ids.Entropy) -> Keyring:
        """A new keyring drawn from `entropy`."""
        return cls({name: entropy(32) for name in NAMES})

    @classmethod
    def load(cls, directory: Path) -> Keyring:
        """The keyring kept in a world's `keys/` folder.

        Raises: ConfigurationError when a file is missing or not 32 bytes.
        """
        found: dict[str, bytes] = {}
        for name in NAMES:
            path = directory / name
            found[name] = path.read_bytes() if path.exists() else b""
            if len(found[name]) != 32:
                raise errors.ConfigurationError(file=f"keys/{name}", problem="32 bytes are needed")
        return cls(found, directory)

    def save(self, directory: Path) -> None:
        """Write each secret to its own file (0600 in a folder of 0700)."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, secret in self._secrets.items():
            path = directory / name
            path.touch(mode=0o600)
            path.write_bytes(secret)

    def look_again(self) -> None:
        """Take up the secrets that another process has put into `keys/` by a rotation."""
        if self._directory is None:
            return
        for name in ROTATED:
            seen = os.stat(self._directory / name)
            mark = (seen.st_ino, seen.st_mtime_ns)
            if mark == self._seen.get(name):
                continue
            previous = self._directory / previous_of(name)
            found = [(self._directory / name).read_bytes()]
            # It may be retired between the two looks; nothing is under it then.
            with contextlib.suppress(FileNotFoundError):
                found.append(previous.read_bytes())
            self._known[name] = list(dict.fromkeys(found + self._known[name]))
            self._secrets[name] = self._known[name][0]
            self._seen[name] = mark

    def generations(self, name: str) -> list[bytes]:
        """The generations of a rotated secret that may open something, the one in use first."""
        return self._known[name]

    def secret(self, name: str) -> bytes:
        """The secret of a purpose."""
        return self._secrets[name]

    def mac(self, name: str, message: bytes) -> bytes:
        """HMAC-SHA-256 under the secret of a purpose."""
        return hmac.digest(self._secrets[name], message, hashlib.sha256)


def name_of(keyring: Keyring, name: str) -> str:
    """What the generation in use of a rotated secret is called beside what is under it."""
    return hmac.digest(keyring.secret(name), b"name", hashlib.sha256)[:8].hex()


def wrap(keyring: Keyring, data_key: bytes) -> tuple[bytes, str]:
    """A data key under the key-encryption key in use (RFC 3394), and that key's name.

    Looks at `keys/` first, so that nothing is wrapped by a key that a rotation is about to retire; called
    within the write transaction that keeps the result.
    """
    keyring.look_again()
    return aes_key_wrap(keyring.secret(WRAPPING), data_key), name_of(keyring, WRAPPING)


def unwrap(keyring: Keyring, wrapped: bytes) -> bytes:
    """A data key out of its wrapping, also while the key-encryption key is being changed.

    Raises: Unreadable when no key-encryption key opens it.
    """
    for key in _openers(keyring, WRAPPING):
        with contextlib.suppress(InvalidUnwrap):
            return aes_key_unwrap(key, wrapped)
    raise Unreadable(file="database", problem="data key")


def _openers(keyring: Keyring, name: str) -> Iterator[bytes]:
    """The generations that may open something; where none does, what another process put there."""
    yield from keyring.generations(name)
    keyring.look_again()
    yield from keyring.generations(name)


def seal(key: bytes, plaintext: bytes, place: str, entropy: ids.Entropy) -> bytes:
    """AES-256-GCM of `plaintext`, bound to `place` (such as `account|phone|acc_…`)."""
    nonce = entropy(12)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """What `seal` was given.

    Raises: Unreadable when it was sealed for another place or with another key.
    """
    sealed = bytes(sealed)
    try:
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], place.encode())
    except InvalidTag as problem:
        raise Unreadable(file="database", problem=place) from problem


def seal_by(
    keyring: Keyring, name: str, plaintext: bytes, place: str, entropy: ids.Entropy
) -> bytes:
    """`seal` under the generation in use of a rotated secret.

    Looks at `keys/` first, so that nothing is sealed by one that a rotation is about to retire; called
    within the write transaction that keeps the result.
    """
    keyring.look_again()
    return seal(keyring.secret(name), plaintext, place, entropy)


def unseal_by(keyring: Keyring, name: str, sealed: bytes, place: str) -> bytes:
    """What `seal_by` was given, also while the secret is being changed.

    Raises: Unreadable when no generation opens it.
    """
    for key in _openers(keyring, name):
        with contextlib.suppress(Unreadable):
            return unseal(key, sealed, place)
    raise Unreadable(file="database", problem=place)


def blind(keyring: Keyring, kind: str, value: str) -> bytes:
    """The blind index of a normalized value; each kind of value has its own key."""
    key = keyring.mac("blind-index", kind.encode())
    normalized = unicodedata.normalize("NFKC", value).strip().upper().removeprefix("+86")
    return hmac.digest(key, normalized.encode(), hashlib.sha256)
