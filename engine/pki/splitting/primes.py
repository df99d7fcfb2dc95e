"""Primes of 1024 bits for e = 65537, after FIPS 186-5 A.1.3: drawn from a span, far enough apart."""

from __future__ import annotations

import math

import gmpy2

from engine.kernel.ids import Entropy
from engine.pki.splitting import shares

BITS = shares.MODULUS_BITS // 2
# FIPS 186-5 A.1.3: p and q differ in their first hundred bits.
_APART = 1 << (BITS - 100)
# A span narrower than this leaves too little to choose from.
NARROWEST = 1 << (BITS - 24)


def floor_of(product: int) -> int:
    """From where on primes are drawn, so that any two make at least `product`."""
    return math.isqrt(product) + 1


def _draw(least: int, entropy: Entropy) -> int:
    span = (1 << BITS) - least
    while True:
        start = least + int.from_bytes(entropy(BITS // 8 + 16), "big") % span
        found = int(gmpy2.next_prime(start))
        # e is prime: it divides p − 1 or has no factor in common with it.
        if found >> BITS == 0 and found % shares.EXPONENT != 1:
            return found


def pair(least: int, entropy: Entropy) -> tuple[int, int]:
    """Two primes from `least` to 2^1024, the greater one first."""
    while True:
        p, q = _draw(least, entropy), _draw(least, entropy)
        if abs(p - q) > _APART:
            return max(p, q), min(p, q)
