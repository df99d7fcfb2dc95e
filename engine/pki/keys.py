"""Private keys of the international suite: P-256, with deterministic ECDSA over SHA-256.

A key is a pure function of the entropy it is given and a signature one of key and data (RFC 6979),
so that one seed gives byte-identical keys and certificates. FIPS 186-5 A.2.1 is the way from
entropy to scalar. It stores nothing; where a key rests is its owner's affair.
"""

from __future__ import annotations

from cryptography import exceptions
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, types

from engine.kernel import errors
from engine.kernel.ids import Entropy
from engine.pki import der

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# 128 bits more than the order: the bias of the reduction is below 2^-128.
SCALAR_BYTES = 48
SIGNING = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
VERIFYING = ec.ECDSA(hashes.SHA256())
# What a signature by these keys is called (RFC 5758 3.2), and the AlgorithmIdentifier of that.
SIGNATURE_OID = "1.2.840.10045.4.3.2"
SIGNATURE_ALGORITHM = der.sequence(der.oid(SIGNATURE_OID))


class KeyUnreadable(errors.InvalidInput):
    """The key cannot be read: the file is damaged, of another kind, or the password is wrong."""


def generate(entropy: Entropy) -> ec.EllipticCurvePrivateKey:
    """A P-256 key from the next 48 bytes of `entropy`."""
    scalar = int.from_bytes(entropy(SCALAR_BYTES), "big") % (ORDER - 1) + 1
    return ec.derive_private_key(scalar, CURVE)


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """The DER signature of `data`; the same key and data give the same bytes (RFC 6979)."""
    return key.sign(data, SIGNING)


def verify(public_key: types.PublicKeyTypes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` is by `public_key`; a key of another kind never is."""
    if not isinstance(public_key, ec.EllipticCurvePublicKey):
        return False
    try:
        public_key.verify(signature, data, VERIFYING)
    except exceptions.InvalidSignature:
        return False
    return True


def public_to_der(public_key: types.PublicKeyTypes) -> bytes:
    """The SubjectPublicKeyInfo in DER."""
    return public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def public_from_der(der: bytes) -> types.PublicKeyTypes:
    """The public key of a SubjectPublicKeyInfo.

    Raises: KeyUnreadable.
    """
    try:
        return serialization.load_der_public_key(der)
    except (ValueError, exceptions.UnsupportedAlgorithm) as problem:
        raise KeyUnreadable from problem


def public_to_pem(public_key: types.PublicKeyTypes) -> bytes:
    """The SubjectPublicKeyInfo in PEM."""
    return public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def to_pkcs8(key: ec.EllipticCurvePrivateKey, password: bytes | None) -> bytes:
    """The key as PKCS #8 PEM, encrypted when there is a password.

    OpenSSL draws the salt of an encrypted one itself, so its bytes differ each time.
    """
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        protection = serialization.BestAvailableEncryption(password)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
    )


def from_pkcs8(pem: bytes, password: bytes | None) -> ec.EllipticCurvePrivateKey:
    """The key of a PKCS #8 PEM.

    Raises: KeyUnreadable, also for a wrong password and for a key that is not P-256.
    """
    try:
        key = serialization.load_pem_private_key(pem, password)
    except (ValueError, TypeError, exceptions.UnsupportedAlgorithm) as problem:
        raise KeyUnreadable from problem
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != CURVE.name:
        raise KeyUnreadable
    return key
