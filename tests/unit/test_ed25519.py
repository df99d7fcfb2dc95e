"""Ed25519 in plain Python judges as RFC 8032 and as `cryptography` do."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.evidence.verifier.ed25519 import signed_by

# RFC 8032 7.1: key, message, signature.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
)
ORDER = 2**252 + 27742317777372353535851937790883648493


def by_cryptography(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc(key: str, message: str, signature: str) -> None:
    given = bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(message)
    assert signed_by(*given)
    assert not signed_by(given[0], given[1], given[2] + b"x")


@pytest.mark.row("AUD-1")
def test_it_judges_as_cryptography_does(count: Callable[[int, int], int]) -> None:
    """Good signatures, each with a byte of key, signature or message changed, and higher scalars."""
    chance = random.Random(8032)
    for _ in range(count(15, 300)):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        key, message = (
            private.public_key().public_bytes_raw(),
            chance.randbytes(chance.randrange(80)),
        )
        signature = private.sign(message)
        assert signed_by(key, signature, message)
        parts = [key, signature, message + b"."]
        place = chance.randrange(3)
        spoilt = bytearray(parts[place])
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        parts[place] = bytes(spoilt)
        assert signed_by(*parts) == by_cryptography(*parts) is False
        higher = int.from_bytes(signature[32:], "little") + ORDER
        again = signature[:32] + higher.to_bytes(32, "little")
        assert not signed_by(key, again, message)


@pytest.mark.parametrize(
    ("key", "signature"),
    [
        (b"", bytes(64)),
        (bytes(32), b""),
        (b"\xff" * 32, bytes(64)),
        (bytes(31) + b"\x80", bytes(64)),
    ],
)
def test_what_is_no_key_or_no_signature_is_refused(key: bytes, signature: bytes) -> None:
    assert not signed_by(key, signature, b"")
