"""What the engine does to the database and with keys, noted step by step, to be done again bare.

While a recording runs, every statement with its parameters, each transaction's borders and each hash,
MAC, cipher and signature are noted in their order. `compiled` turns the notes into a flat list of calls
of SQLite and of `cryptography` with the same bytes: no dictionaries, no records, no JSON, no checks.

Not done again, because they are the engine's own way and not what has to be done: the BLAKE2b stream
behind ids and nonces (a nonce is drawn from the operating system instead), making a key object again
for a key that stays the same (QR texts), and preparing a statement that was prepared already.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import hmac
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from engine.kernel import database, vault
from engine.pki import keys
from engine.scanning import model as tickets

Step = tuple[str, tuple[Any, ...]]
Bare = list[tuple[Callable[..., Any], tuple[Any, ...]]]
STATEMENTS = ("rows", "run")
BORDERS = ("begin", "begin read", "commit", "rollback")


@dataclass
class Notes:
    """The steps of a recording, in order."""

    steps: list[Step] = field(default_factory=list)

    def add(self, kind: str, *values: Any) -> None:
        """Note one step."""
        self.steps.append((kind, values))

    def counts(self) -> dict[str, int]:
        """How many steps of each kind there are."""
        return dict(Counter(kind for kind, _ in self.steps))


@dataclass
class RecordingConnection:
    """A connection whose statements are noted."""

    inner: database.Connection
    notes: Notes

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[database.Row]:
        """Every row of a question."""
        self.notes.add("rows", sql, tuple(parameters))
        return self.inner.rows(sql, parameters)

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a statement; the number of rows it touched."""
        self.notes.add("run", sql, tuple(parameters))
        return self.inner.run(sql, parameters)


@dataclass
class RecordingDatabase:
    """A database whose transactions and statements are noted."""

    inner: database.SqliteDatabase
    notes: Notes
    dialect: str = "sqlite"
    gathers: bool = False
    frozen: bool = False

    @contextlib.contextmanager
    def write(self) -> Iterator[database.Connection]:
        """A write transaction."""
        with self.inner.write() as connection:
            self.notes.add("begin")
            try:
                yield RecordingConnection(connection, self.notes)
            except BaseException:
                self.notes.add("rollback")
                raise
            self.notes.add("commit")

    @contextlib.contextmanager
    def read(self) -> Iterator[database.Connection]:
        """A snapshot to ask questions of."""
        with self.inner.read() as connection:
            self.notes.add("begin read")
            try:
                yield RecordingConnection(connection, self.notes)
            finally:
                self.notes.add("rollback")

    def version(self) -> int | None:
        """The inner database's."""
        return self.inner.version()

    def close(self) -> None:
        """Give every connection back."""
        self.inner.close()


def _noted(notes: Notes, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*values: Any) -> Any:
        notes.add(kind, *values)
        return function(*values)

    return call


class _Hmac:
    """`hmac` as the vault uses it, noted."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def digest(self, key: bytes, message: bytes, digest: Any) -> bytes:
        self._notes.add("hmac", key, message)
        return hmac.digest(key, message, "sha256")


def _noting_aesgcm(notes: Notes) -> Callable[[bytes], Any]:
    class Noting:
        def __init__(self, key: bytes) -> None:
            self._key = key

        def encrypt(self, nonce: bytes, text: bytes, place: bytes) -> bytes:
            notes.add("seal", self._key, nonce, text, place)
            return AESGCM(self._key).encrypt(nonce, text, place)

        def decrypt(self, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
            notes.add("open", self._key, nonce, sealed, place)
            return AESGCM(self._key).decrypt(nonce, sealed, place)

    return Noting


@contextlib.contextmanager
def recording(notes: Notes) -> Iterator[None]:
    """Within the block, note what is hashed, sealed, wrapped, signed and verified."""

    def signed(keyring: vault.Keyring, *values: Any) -> str:
        text = qr_text(keyring, *values)
        head = text.rpartition(":")[0]
        notes.add("qr sign", keyring.secret("tickets"), head.encode())
        return text

    def read(text: str, public_key: bytes) -> Any:
        head, _, signature = text.rpartition(":")
        raw = base64.urlsafe_b64decode(signature + "==")
        notes.add("qr verify", public_key, raw, head.encode())
        return read_qr(text, public_key)

    def verified(key: Any, signature: bytes, data: bytes) -> bool:
        notes.add("verify", keys.public_to_der(key), signature, data)
        return verify(key, signature, data)

    qr_text, read_qr, verify = tickets.qr_text, tickets.read_qr, keys.verify
    with (
        mock.patch.object(vault, "hmac", _Hmac(notes)),
        mock.patch.object(vault, "AESGCM", _noting_aesgcm(notes)),
        mock.patch.object(vault, "aes_key_wrap", _noted(notes, "wrap", aes_key_wrap)),
        mock.patch.object(vault, "aes_key_unwrap", _noted(notes, "unwrap", aes_key_unwrap)),
        mock.patch.object(hashlib, "sha256", _noted(notes, "sha256", hashlib.sha256)),
        mock.patch.object(tickets, "qr_text", signed),
        mock.patch.object(tickets, "read_qr", read),
        mock.patch.object(keys, "verify", verified),
    ):
        yield


# -- the same, bare ----------------------------------------------------------------------------


def _hmac(key: bytes, message: bytes) -> None:
    hmac.digest(key, message, "sha256")


def _sha256(message: bytes = b"") -> None:
    hashlib.sha256(message).digest()


def _seal(key: bytes, nonce: bytes, text: bytes, place: bytes) -> None:
    AESGCM(key).encrypt(os.urandom(12), text, place)


def _open(key: bytes, nonce: bytes, sealed: bytes, place: bytes) -> None:
    AESGCM(key).decrypt(nonce, sealed, place)


def _verify(public_key: bytes, signature: bytes, data: bytes) -> None:
    key = serialization.load_der_public_key(public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    # People mistype their PIN now and then: a wrong signature takes its time too.
    with contextlib.suppress(InvalidSignature):
        key.verify(signature, data, keys.VERIFYING)


@functools.cache
def _signer(secret: bytes) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(secret)


@functools.cache
def _verifier(public_key: bytes) -> ed25519.Ed25519PublicKey:
    return ed25519.Ed25519PublicKey.from_public_bytes(public_key)


_CRYPTO: Mapping[str, Callable[..., None]] = {
    "hmac": _hmac,
    "sha256": _sha256,
    "seal": _seal,
    "open": _open,
    "wrap": aes_key_wrap,  # type: ignore[dict-item]
    "unwrap": aes_key_unwrap,  # type: ignore[dict-item]
    "verify": _verify,
}
_BORDERS = {
    "begin": "BEGIN IMMEDIATE",
    "begin read": "BEGIN",
    "commit": "COMMIT",
    "rollback": "ROLLBACK",
}


def _bare(
    kind: str, values: tuple[Any, ...], raw: Any
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    if kind in _BORDERS:
        return raw.execute, (_BORDERS[kind],)
    if kind == "run":
        return raw.execute, values
    if kind == "rows":
        execute = raw.execute
        return (lambda sql, parameters: execute(sql, parameters).fetchall()), values
    if kind == "qr sign":
        return _signer(values[0]).sign, values[1:]
    if kind == "qr verify":
        return _verifier(values[0]).verify, values[1:]
    return _CRYPTO[kind], values


def compiled(notes: Notes, raw: Any, only: Sequence[str] = ()) -> Bare:
    """The noted steps (or those of the kinds in `only`) as calls on a bare SQLite connection."""
    return [_bare(kind, values, raw) for kind, values in notes.steps if not only or kind in only]
