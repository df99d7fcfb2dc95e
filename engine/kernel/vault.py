"""Keys of a world and what they protect: the keyring, field encryption, blind indexes.

Every personal value belongs to a data subject, who has two data keys: `profile` (destroyed when the
account is cancelled) and `evidence` (kept as long as the law asks). A field is AES-256-GCM under one
of them, bound to its table, column and row by the associated data, so that a ciphertext moved to
another row does not open. Data keys are wrapped by the world's key-encryption key, which never is
in the database. A blind index is an HMAC under a key of its own kind: equal values are found, and
nothing else can be (PIPL; `security.md` PI-1, PI-2).
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from engine.kernel import errors, ids

Purpose = Literal["profile", "evidence"]
# One file each under keys/: what leaks with one of them is what that one protects.
NAMES = (
    "key-encryption",
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
)
_VERSION = b"\x01"


class Unreadable(errors.ConfigurationError):
    """A protected value could not be opened: it was moved or changed, or the key is not its own."""


class Destroyed(errors.NotFound):
    """This was deleted when the account was cancelled."""


class Keyring:
    """The secrets of a world, 32 bytes each, by purpose."""

    def __init__(self, secrets: Mapping[str, bytes]) -> None:
        self._secrets = dict(secrets)

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
        return cls(found)

    def save(self, directory: Path) -> None:
        """Write each secret to its own file (0600 in a folder of 0700)."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, secret in self._secrets.items():
            path = directory / name
            path.touch(mode=0o600)
            path.write_bytes(secret)

    def secret(self, name: str) -> bytes:
        """The secret of a purpose."""
        return self._secrets[name]

    def mac(self, name: str, message: bytes) -> bytes:
        """HMAC-SHA-256 under the secret of a purpose."""
        return hmac.digest(self._secrets[name], message, hashlib.sha256)


def wrap(keyring: Keyring, data_key: bytes) -> bytes:
    """A data key under the key-encryption key (RFC 3394)."""
    return aes_key_wrap(keyring.secret("key-encryption"), data_key)


def unwrap(keyring: Keyring, wrapped: bytes) -> bytes:
    """A data key out of its wrapping."""
    return aes_key_unwrap(keyring.secret("key-encryption"), wrapped)


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


def blind(keyring: Keyring, kind: str, value: str) -> bytes:
    """The blind index of a normalized value; each kind of value has its own key."""
    key = keyring.mac("blind-index", kind.encode())
    normalized = unicodedata.normalize("NFKC", value).strip().upper().removeprefix("+86")
    return hmac.digest(key, normalized.encode(), hashlib.sha256)
