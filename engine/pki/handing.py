"""A secret handed from a phone to one browser, past a platform that carries it and cannot read it.

The browser makes a P-256 key for the occasion and shows its point with the code that the phone scans; the
phone agrees on a key with it by one of its own, used once, and encrypts by AES-GCM. What the code was for
is bound to it, so that what was sealed for one code opens for no other.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from engine.kernel import errors
from engine.kernel.ids import Entropy
from engine.pki import keys

_POINT_BYTES, _TAG_BYTES, _KEY_BYTES = 65, 16, 32
OVERHEAD = _POINT_BYTES + _TAG_BYTES
# The key is used once, so its nonce need not differ from another one's.
_NONCE = bytes(12)


class PointInvalid(errors.InvalidInput):
    """This browser's key cannot be used. Load the page again."""


class NotHandedHere(errors.InvalidInput):
    """This was not handed over to this browser, or was changed on the way."""


def require_point(point: bytes) -> ec.EllipticCurvePublicKey:
    """The public key of an uncompressed point on P-256.

    Raises: PointInvalid.
    """
    if len(point) != _POINT_BYTES or point[:1] != b"\x04":
        raise PointInvalid
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(keys.CURVE, point)
    except ValueError as problem:
        raise PointInvalid from problem


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The point of a key, as it is shown."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _key(shared: bytes, about: bytes) -> bytes:
    info = b"yinxin handing over\n" + about
    return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=b"", info=info).derive(shared)


def seal(secret: bytes, point: bytes, about: bytes, entropy: Entropy) -> bytes:
    """A secret that only the key of a point opens. Raises: PointInvalid."""
    own = keys.generate(entropy)
    shared = own.exchange(ec.ECDH(), require_point(point))
    return point_of(own) + AESGCM(_key(shared, about)).encrypt(_NONCE, secret, None)


def unseal(sealed: bytes, key: ec.EllipticCurvePrivateKey, about: bytes) -> bytes:
    """The secret that was handed to a key. Raises: NotHandedHere."""
    try:
        shared = key.exchange(ec.ECDH(), require_point(sealed[:_POINT_BYTES]))
        return AESGCM(_key(shared, about)).decrypt(_NONCE, sealed[_POINT_BYTES:], None)
    except (PointInvalid, InvalidTag, ValueError) as problem:
        raise NotHandedHere from problem
