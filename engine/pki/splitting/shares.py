"""The arithmetic of divided exponents: dividing one, raising to a share, and taking new shares.

A phone's share is uniform over `phone_share_bits`; the server's is the rest, raised by a multiple of λ so
large that it stays positive whatever share the phone takes next. A refresh gives the phone a *new uniform*
share, not the old one plus something smaller: two sealed shares that differ by less than their whole width
would let whoever holds both tell a right PIN from a wrong one.
"""

from __future__ import annotations

import hashlib

import gmpy2

from engine.kernel.ids import Entropy

EXPONENT = 65537
# Of each side's modulus; the certificate's key has twice as many.
MODULUS_BITS = 2048
SIGNATURE_BYTES = 2 * MODULUS_BITS // 8
# Wider than the modulus by this: a share reduced by λ is uniform but for 2^-192.
_HIDING_BITS = 192
# The offset of the server's share is wider than the phone's share by this, so that the values which the
# share takes over all its refreshes tell nothing about the exponent within the offset.
_OFFSET_BITS = 64
# DigestInfo of SHA-256 (RFC 8017, 9.2, note 1).
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def phone_share_bits(modulus_bits: int = MODULUS_BITS) -> int:
    """The width of a phone's share for a modulus of so many bits."""
    return modulus_bits + _HIDING_BITS


def server_share_bits(modulus_bits: int = MODULUS_BITS) -> int:
    """The greatest width of a server's share."""
    return phone_share_bits(modulus_bits) + _OFFSET_BITS + 2


PHONE_SHARE_BYTES = phone_share_bits() // 8
SHARE_BYTES = server_share_bits() // 8 + 1


def encoded(message: bytes, size: int = SIGNATURE_BYTES) -> int:
    """EMSA-PKCS1-v1_5 of a message under SHA-256 (RFC 8017, 9.2), as a number."""
    tail = _SHA256 + hashlib.sha256(message).digest()
    return int.from_bytes(b"\0\1" + b"\xff" * (size - len(tail) - 3) + b"\0" + tail, "big")


def half(base: int, share: int, modulus: int) -> int:
    """`base` raised to a share, in time that does not tell the share (GMP's powm_sec)."""
    if share == 0:
        return 1
    return int(gmpy2.powmod_sec(base % modulus, share, modulus))


def divide(d: int, modulus_lambda: int, bits: int, entropy: Entropy) -> tuple[int, int]:
    """An exponent as the phone's and the server's share: their sum is it, modulo λ.

    `bits` is the modulus's width. Nobody who knows one share knows anything of the exponent.
    """
    width = phone_share_bits(bits)
    phone = int.from_bytes(entropy(width // 8), "big")
    least = 1 << (width + _OFFSET_BITS)
    span = int.from_bytes(entropy((width + _OFFSET_BITS) // 8 + 16), "big") % least
    turns = (least + span) // modulus_lambda + 1
    return phone, d - phone + turns * modulus_lambda


def refreshed(share: int, change: bytes, modulus_bits: int = MODULUS_BITS) -> int | None:
    """The server's share once the phone has taken a new one; None where no phone would ask for that.

    `change` is the phone's new share less its old one: big-endian, two's complement.
    """
    if len(change) > PHONE_SHARE_BYTES + 1 + (modulus_bits - MODULUS_BITS) // 8:
        return None
    following = share - int.from_bytes(change, "big", signed=True)
    return following if 0 < following < 1 << server_share_bits(modulus_bits) else None
