"""What stands around a key that RSA carries (RFC 8017 7.1 and 7.2).

Decrypting happens in two halves (`decrypting`), so nobody but the phone sees what comes of it, and only
there is the padding looked at. Putting it on follows from the caller's entropy, so that one seed makes
one envelope.
"""

from __future__ import annotations

import hashlib

from engine.kernel.ids import Entropy
from engine.pki import decrypting


def with_oaep(message: bytes, size: int, digest: str, entropy: Entropy) -> bytes:
    """RFC 8017 7.1.1, with an empty label and MGF1 over the same digest; `size` is the modulus's."""
    width = hashlib.new(digest).digest_size
    filled = b"\0" * (size - len(message) - 2 * width - 2)
    block = hashlib.new(digest).digest() + filled + b"\1" + message
    seed = entropy(width)
    block = _xor(block, _mask(seed, len(block), digest))
    return b"\0" + _xor(seed, _mask(block, width, digest)) + block


def without_oaep(padded: bytes, digest: str) -> bytes:
    """RFC 8017 7.1.2, with an empty label and MGF1 over the same digest. Raises: decrypting.NotOpened."""
    size = hashlib.new(digest).digest_size
    seed, block = padded[1 : 1 + size], padded[1 + size :]
    if len(block) <= size:
        raise decrypting.NotOpened
    seed = _xor(seed, _mask(block, size, digest))
    block = _xor(block, _mask(seed, len(block), digest))
    rest = block[size:].lstrip(b"\0")
    if padded[:1] != b"\0" or block[:size] != hashlib.new(digest).digest() or rest[:1] != b"\1":
        raise decrypting.NotOpened
    return rest[1:]


def without_v15(padded: bytes) -> bytes:
    """RFC 8017 7.2.2. Raises: decrypting.NotOpened."""
    end = padded.find(b"\0", 2)
    if padded[:2] != b"\0\2" or end < 10:
        raise decrypting.NotOpened
    return padded[end + 1 :]


def _mask(seed: bytes, size: int, digest: str) -> bytes:
    made = b"".join(
        hashlib.new(digest, seed + number.to_bytes(4, "big")).digest()
        for number in range(-(-size // hashlib.new(digest).digest_size))
    )
    return made[:size]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
