"""Ids and randomness: time-ordered, prefixed ids and injected entropy.

The source of entropy is chosen when a world is opened, never by data: the operating system's for
production and demo worlds, a seeded stream for runs. An operation that needs chance draws one 32-byte seed
from it and expands that, so that a retried operation makes the very same ids.
"""

from __future__ import annotations

import base64
import hashlib
import os
from typing import Protocol


class Entropy(Protocol):
    """A source of `n` unpredictable (or seeded) bytes."""

    def __call__(self, n: int, /) -> bytes:
        """The next `n` bytes."""


def system_entropy(n: int) -> bytes:
    """`n` bytes from the operating system's CSPRNG."""
    return os.urandom(n)


class Stream:
    """A deterministic stream of bytes from a seed (BLAKE2b in counter mode)."""

    __slots__ = ("_buffer", "_counter", "_seed")

    def __init__(self, seed: bytes) -> None:
        self._seed = seed[:64]
        self._counter = 0
        self._buffer = b""

    def __call__(self, n: int) -> bytes:
        """The next `n` bytes of the stream."""
        while len(self._buffer) < n:
            block = hashlib.blake2b(self._counter.to_bytes(8, "big"), key=self._seed).digest()
            self._counter += 1
            self._buffer += block
        taken, self._buffer = self._buffer[:n], self._buffer[n:]
        return taken


def seeded(seed: int | str, name: str) -> Stream:
    """The stream called `name` under `seed`; streams of different names are independent."""
    return Stream(hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=32).digest())


# Two digits of base32hex (RFC 4648, in lower case: it sorts as the number does) for ten bits.
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = tuple(high + low for high in _DIGITS for low in _DIGITS)
_PLACES = tuple(range(120, -1, -10))


def new_id(prefix: str, now_ms: int, entropy: Entropy) -> str:
    """A typed, time-ordered id: `prefix_` + 48 bits of milliseconds and 80 random bits."""
    number = int.from_bytes(now_ms.to_bytes(6, "big") + entropy(10), "big") << 2
    return f"{prefix}_" + "".join([_PAIRS[number >> place & 1023] for place in _PLACES])


def digits(count: int, entropy: Entropy) -> str:
    """`count` uniformly drawn decimal digits."""
    return str(int.from_bytes(entropy(count + 8), "big") % 10**count).zfill(count)


def token(entropy: Entropy, size: int = 32) -> str:
    """A URL-safe bearer token of `size` random bytes."""
    return base64.urlsafe_b64encode(entropy(size)).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What is kept of a bearer token or a browser's nonce: SHA-256, as it is random itself."""
    return hashlib.sha256(token.encode()).digest()
