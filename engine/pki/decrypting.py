"""Keys to decrypt with: made whole by a key management centre, used in two halves (CRT-6).

A phone holds one share and the platform the other; neither alone opens anything. Who decrypts blinds the
ciphertext first, so that the platform, which joins the halves, learns nothing of what is inside, and what
it gives back tells nothing about the share on the phone: without the platform's share no guess of a
certificate PIN can be checked against it.

RSA keys are for envelopes of RFC 5652's key transport. Keys on P-256, of which a thousand cost what one
RSA key does, are for key agreement: there a point is named by its x coordinate alone, and the shares
multiply.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import gmpy2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from engine.kernel import errors
from engine.kernel.ids import Entropy, Stream
from engine.pki import keys, splitting

RSA_BITS = 3072
_COORDINATE_BYTES = 32


class HalfWrong(errors.PolicyRefused):
    """The half from this phone does not fit the key. Take the encryption key onto this phone again."""

    # The PIN was right and stays counted so.
    commits = True


class NotOpened(errors.InvalidInput):
    """This was not encrypted for this key, or was damaged on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """A private key in two: the phone's share, a uniform string, and the platform's."""

    phone: bytes = field(repr=False)
    server: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A value to try a share with, and what both halves together make of it."""

    value: bytes
    expected: bytes


class Divided(Protocol):
    """A public key whose private one is in two shares. Values are byte strings of one length."""

    @property
    def modulus_bytes(self) -> bytes:
        """The modulus of an RSA key, big-endian; empty of a key on a curve."""

    def blind(self, value: bytes, entropy: Entropy) -> tuple[bytes, Callable[[bytes], bytes]]:
        """A value that tells nothing of `value`, and how to take that off what is made of it."""

    def half(self, value: bytes, share: bytes) -> bytes:
        """What the phone makes of a value."""

    def join(self, value: bytes, half: bytes, share: bytes) -> bytes:
        """What both halves make of a value. Raises: HalfWrong where that can be seen."""

    def sample(self, seed: bytes) -> Sample:
        """A value whose outcome is known without the private key."""


@dataclass(frozen=True, slots=True)
class RsaDivided:
    """RSA: the exponent is the sum of the shares."""

    modulus: int

    @property
    def size(self) -> int:
        """The length of a value."""
        return (self.modulus.bit_length() + 7) // 8

    @property
    def modulus_bytes(self) -> bytes:
        """The modulus."""
        return self.modulus.to_bytes(self.size, "big")

    def _value(self, raw: bytes) -> int:
        number = int.from_bytes(raw, "big")
        if len(raw) != self.size or not 1 < number < self.modulus - 1:
            raise NotOpened()
        return number

    def blind(self, value: bytes, entropy: Entropy) -> tuple[bytes, Callable[[bytes], bytes]]:
        """Multiply by the power of a random number."""
        factor = int.from_bytes(entropy(self.size + 16), "big") % (self.modulus - 3) + 2
        veil = pow(factor, splitting.EXPONENT, self.modulus)
        inverse = int(gmpy2.invert(factor, self.modulus))

        def unblind(joined: bytes) -> bytes:
            return (self._value(joined) * inverse % self.modulus).to_bytes(self.size, "big")

        return (self._value(value) * veil % self.modulus).to_bytes(self.size, "big"), unblind

    def half(self, value: bytes, share: bytes) -> bytes:
        """The value to the power of the phone's share."""
        exponent = int.from_bytes(share, "big")
        made = splitting.half(self._value(value), exponent, self.modulus)
        return made.to_bytes(self.size, "big")

    def join(self, value: bytes, half: bytes, share: bytes) -> bytes:
        """The product of both halves, which the public exponent turns back into the value.

        Raises: HalfWrong.
        """
        base = self._value(value)
        own = splitting.half(base, int.from_bytes(share, "big"), self.modulus)
        made = self._value(half) * own % self.modulus
        if pow(made, splitting.EXPONENT, self.modulus) != base:
            raise HalfWrong()
        return made.to_bytes(self.size, "big")

    def sample(self, seed: bytes) -> Sample:
        """A number and its power."""
        number = int.from_bytes(Stream(seed)(self.size + 16), "big") % (self.modulus - 3) + 2
        raised = pow(number, splitting.EXPONENT, self.modulus)
        return Sample(
            value=raised.to_bytes(self.size, "big"), expected=number.to_bytes(self.size, "big")
        )


@dataclass(frozen=True, slots=True)
class CurveDivided:
    """P-256: the scalar is the product of the shares."""

    public_key: ec.EllipticCurvePublicKey

    @property
    def modulus_bytes(self) -> bytes:
        """There is none."""
        return b""

    def blind(self, value: bytes, entropy: Entropy) -> tuple[bytes, Callable[[bytes], bytes]]:
        """Multiply by a random scalar."""
        factor = int.from_bytes(entropy(keys.SCALAR_BYTES), "big") % (keys.ORDER - 1) + 1
        inverse = int(gmpy2.invert(factor, keys.ORDER))
        return _times(value, factor), lambda joined: _times(joined, inverse)

    def half(self, value: bytes, share: bytes) -> bytes:
        """The phone's multiple of the point."""
        return _times(value, _scalar(share))

    def join(self, value: bytes, half: bytes, share: bytes) -> bytes:
        """The platform's multiple of the phone's; whether that one was right cannot be seen here."""
        return _times(half, _scalar(share))

    def sample(self, seed: bytes) -> Sample:
        """A point whose own scalar is known."""
        one_off = keys.generate(Stream(seed))
        return Sample(
            value=_coordinate(one_off.public_key()),
            expected=one_off.exchange(ec.ECDH(), self.public_key),
        )


def _scalar(share: bytes) -> int:
    return int.from_bytes(share, "big") % (keys.ORDER - 1) + 1


def _coordinate(point: ec.EllipticCurvePublicKey) -> bytes:
    return point.public_numbers().x.to_bytes(_COORDINATE_BYTES, "big")


def _times(value: bytes, scalar: int) -> bytes:
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(keys.CURVE, b"\x02" + value)
    except ValueError as problem:
        raise NotOpened() from problem
    return ec.derive_private_key(scalar, keys.CURVE).exchange(ec.ECDH(), point)


def of(public_key: bytes) -> Divided:
    """A public key (DER SubjectPublicKeyInfo) as what its halves are used by.

    Raises: keys.KeyUnreadable.
    """
    found = keys.public_from_der(public_key)
    if isinstance(found, rsa.RSAPublicKey):
        return RsaDivided(found.public_numbers().n)
    if isinstance(found, ec.EllipticCurvePublicKey):
        return CurveDivided(found)
    raise keys.KeyUnreadable


def sample_for(public_key: bytes, certificate_id: str) -> Sample:
    """The value by which a phone shows that it holds its share of a certificate's key."""
    seed = hashlib.sha256(b"yinxin share\n" + certificate_id.encode()).digest()
    return of(public_key).sample(seed)


def make_rsa(entropy: Entropy, bits: int = RSA_BITS) -> rsa.RSAPrivateKey:
    """An RSA key, a pure function of its entropy (FIPS 186-5 A.1.3 in form)."""
    while True:
        p, q = _prime(entropy, bits // 2), _prime(entropy, bits // 2)
        if abs(p - q) >> (bits // 2 - 100):
            break
    p, q = max(p, q), min(p, q)
    d = int(gmpy2.invert(splitting.EXPONENT, gmpy2.lcm(p - 1, q - 1)))
    return rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=d % (p - 1),
        dmq1=d % (q - 1),
        iqmp=int(gmpy2.invert(q, p)),
        public_numbers=rsa.RSAPublicNumbers(e=splitting.EXPONENT, n=p * q),
    ).private_key(unsafe_skip_rsa_key_validation=True)


def _prime(entropy: Entropy, bits: int) -> int:
    while True:
        # The two highest bits are set, so that the product of two has all its bits.
        drawn = int.from_bytes(entropy(bits // 8), "big") | 3 << (bits - 2)
        found = int(gmpy2.next_prime(drawn))
        if found.bit_length() == bits and gmpy2.gcd(found - 1, splitting.EXPONENT) == 1:
            return found


def to_bytes(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """A whole private key as its archive keeps it (PKCS #8, DER; it is sealed there)."""
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def is_pair(public_key: bytes, private_key: bytes) -> bool:
    """Whether a public key (DER SubjectPublicKeyInfo) is that of a private one (PKCS #8, DER)."""
    key = serialization.load_der_private_key(private_key, None)
    return keys.public_to_der(key.public_key()) == public_key


def divide(private_key: bytes, entropy: Entropy) -> Shares:
    """A whole private key (PKCS #8, DER) in two new shares.

    Raises: keys.KeyUnreadable.
    """
    key = serialization.load_der_private_key(private_key, None)
    if isinstance(key, rsa.RSAPrivateKey):
        return _divide_rsa(key, entropy)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        phone = entropy(_COORDINATE_BYTES)
        whole = key.private_numbers().private_value
        server = whole * int(gmpy2.invert(_scalar(phone), keys.ORDER)) % keys.ORDER
        # `_scalar` adds the one again that is taken off here.
        return Shares(phone=phone, server=(server - 1).to_bytes(_COORDINATE_BYTES, "big"))
    raise keys.KeyUnreadable


def _divide_rsa(key: rsa.RSAPrivateKey, entropy: Entropy) -> Shares:
    numbers = key.private_numbers()
    bits = numbers.public_numbers.n.bit_length()
    order = int(gmpy2.lcm(numbers.p - 1, numbers.q - 1))
    phone, server = splitting.divide(numbers.d, order, bits, entropy)
    return Shares(
        phone=phone.to_bytes(splitting.phone_share_bits(bits) // 8, "big"),
        server=server.to_bytes((server.bit_length() + 7) // 8, "big"),
    )
