"""The server's side: its own two primes, its look at a phone's half, and the whole signature.

The look is the only place where a right PIN is told from a wrong one, so whoever calls has counted the
try. A signature leaves only after it was verified under the whole modulus: a fault in one prime's part
would give the factors away.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import gmpy2
from cryptography.hazmat.primitives.asymmetric import rsa

from engine.kernel import errors
from engine.kernel.ids import Entropy
from engine.pki import keys
from engine.pki.splitting import primes, shares

_BYTES = shares.MODULUS_BITS // 8
_PRIME_BYTES = _BYTES // 2
# A veil is drawn wider than the modulus by this many bytes, so that it is uniform.
_VEIL, _VEIL_SPARE = b"yinxin veil|", 16
# The product of all primes below 2^16: what shares a factor with it was not made of two large primes.
_SMALL_PRIMES = gmpy2.primorial(1 << 16)


class ModulusRefused(errors.InvalidInput):
    """The phone's part of the key is not usable. Make the key anew."""


class ShareRefused(errors.InvalidInput):
    """The server's share of the key is not usable. Make the key anew."""


class SignatureFault(errors.ConfigurationError):
    """A signature came out wrong and was withheld; the machine is at fault. {file}: {problem}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerKey:
    """What the server keeps of a key beside its share: the phone's modulus and its own two primes."""

    modulus: int
    p: int = field(repr=False)
    q: int = field(repr=False)

    @property
    def whole(self) -> int:
        """The modulus of the certificate's key."""
        return self.modulus * self.p * self.q

    @property
    def public_key(self) -> bytes:
        """The certificate's key, DER SubjectPublicKeyInfo."""
        numbers = rsa.RSAPublicNumbers(shares.EXPONENT, self.whole)
        return keys.public_to_der(numbers.public_key())

    @property
    def material(self) -> bytes:
        """The phone's modulus as the phone hands it in."""
        return self.modulus.to_bytes(_BYTES, "big")

    def to_bytes(self) -> bytes:
        """As it is sealed."""
        return (
            self.material
            + self.p.to_bytes(_PRIME_BYTES, "big")
            + self.q.to_bytes(_PRIME_BYTES, "big")
        )

    @classmethod
    def from_bytes(cls, kept: bytes) -> ServerKey:
        """Out of what was sealed."""
        return cls(
            modulus=int.from_bytes(kept[:_BYTES], "big"),
            p=int.from_bytes(kept[_BYTES : _BYTES + _PRIME_BYTES], "big"),
            q=int.from_bytes(kept[_BYTES + _PRIME_BYTES :], "big"),
        )


def require_modulus(material: bytes) -> int:
    """A phone's modulus: 2048 bits, odd, no small factor, not a prime, not a square.

    Raises: ModulusRefused.
    """
    modulus = int.from_bytes(material, "big")
    if (
        len(material) != _BYTES
        or modulus.bit_length() != shares.MODULUS_BITS
        or gmpy2.gcd(modulus, _SMALL_PRIMES) != 1
        or gmpy2.is_square(modulus)
        or gmpy2.is_prime(modulus)
        or (1 << primes.BITS) - _floor(modulus) < primes.NARROWEST
    ):
        raise ModulusRefused(field="public_material")
    return modulus


def require_share(given: bytes) -> int:
    """The share that a phone hands over: positive now and after every refresh.

    Raises: ShareRefused.
    """
    share = int.from_bytes(given, "big")
    if not 1 << shares.phone_share_bits() <= share < 1 << shares.server_share_bits():
        raise ShareRefused(field="server_share")
    return share


def _floor(modulus: int) -> int:
    """From where on the server's primes make the whole modulus exactly 4096 bits."""
    least = -(-(1 << (2 * shares.MODULUS_BITS - 1)) // modulus)
    return primes.floor_of(max(least, 1 << (shares.MODULUS_BITS - 1)))


def make_server_key(modulus: int, entropy: Entropy) -> ServerKey:
    """The server's primes beside a phone's modulus, which `require_modulus` has seen."""
    p, q = primes.pair(_floor(modulus), entropy)
    return ServerKey(modulus=modulus, p=p, q=q)


def _veil(key: ServerKey, base: int) -> int:
    """What veils a base: invertible modulo n2, of the key and the base alone, unknown without the key."""
    own, width = key.p * key.q, _BYTES + _VEIL_SPARE
    stream = hashlib.shake_256(
        _VEIL + key.to_bytes() + base.to_bytes(shares.SIGNATURE_BYTES, "big")
    )
    veil = int.from_bytes(stream.digest(width), "big") % own
    return veil if gmpy2.gcd(veil, own) == 1 else 1


def _own_half(key: ServerKey, base: int) -> int:
    """`base` to the server's own exponent modulo n2, prime by prime.

    The base is veiled, so that whoever chooses messages and measures does not choose what is raised. The
    share needs none: it is another number after each proof.
    """
    own, veil = key.p * key.q, _veil(key, base)
    veiled = base * int(gmpy2.powmod(veil, shares.EXPONENT, own)) % own
    by_p = shares.half(veiled, int(gmpy2.invert(shares.EXPONENT, key.p - 1)), key.p)
    by_q = shares.half(veiled, int(gmpy2.invert(shares.EXPONENT, key.q - 1)), key.q)
    joined = by_q + key.q * ((by_p - by_q) * int(gmpy2.invert(key.q, key.p)) % key.p)
    return joined * int(gmpy2.invert(veil, own)) % own


def complete(key: ServerKey, share: int, message: bytes, given: bytes) -> bytes | None:
    """The signature of a message, from the phone's half; None where that is no half of it.

    Raises: SignatureFault.
    """
    base = shares.encoded(message)
    theirs = int.from_bytes(given, "big")
    if len(given) != _BYTES or not 0 < theirs < key.modulus:
        return None
    first = theirs * shares.half(base, share, key.modulus) % key.modulus
    if gmpy2.powmod(first, shares.EXPONENT, key.modulus) != base % key.modulus:
        return None
    second, own = _own_half(key, base), key.p * key.q
    whole = first + key.modulus * ((second - first) * int(gmpy2.invert(key.modulus, own)) % own)
    if gmpy2.powmod(whole, shares.EXPONENT, key.whole) != base:
        raise SignatureFault(file="memory", problem="a part of it is not its own")
    return whole.to_bytes(shares.SIGNATURE_BYTES, "big")
