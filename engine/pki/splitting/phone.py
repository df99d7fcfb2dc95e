"""The phone's side of making a key: two primes, an exponent, two shares; then the primes are forgotten."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import gmpy2

from engine.kernel.ids import Entropy
from engine.pki.splitting import primes, shares


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneKey:
    """What is left of a key that a phone made: its share to keep, and the server's to hand over."""

    modulus: int
    share: int = field(repr=False)
    server_share: int = field(repr=False)

    @property
    def material(self) -> bytes:
        """The modulus as it is handed over, big-endian."""
        return self.modulus.to_bytes(shares.MODULUS_BITS // 8, "big")

    def signs(self, message: bytes) -> bytes:
        """The phone's half of a signature."""
        made = shares.half(shares.encoded(message), self.share, self.modulus)
        return made.to_bytes(shares.MODULUS_BITS // 8, "big")


def make_phone_key(entropy: Entropy) -> PhoneKey:
    """A new modulus of 2048 bits and its exponent, divided."""
    least = primes.floor_of(1 << (shares.MODULUS_BITS - 1))
    p, q = primes.pair(least, entropy)
    modulus_lambda = math.lcm(p - 1, q - 1)
    d = int(gmpy2.invert(shares.EXPONENT, modulus_lambda))
    share, server_share = shares.divide(d, modulus_lambda, shares.MODULUS_BITS, entropy)
    return PhoneKey(modulus=p * q, share=share, server_share=server_share)
