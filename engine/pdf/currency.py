"""Revocation lists as they come from outside: whose they are, and whether they speak of now.

A list that is over, that comes from somebody else or was altered proves nothing, whatever it says; a file
with it would claim to be validated and not be.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from engine.kernel import clock, errors

_KEYS = (
    rsa.RSAPublicKey,
    ec.EllipticCurvePublicKey,
    ed25519.Ed25519PublicKey,
    ed448.Ed448PublicKey,
)
_TOLERATED_MS = 5 * clock.MINUTE


class RevocationUnusable(errors.ProviderUnavailable):
    """The revocation lists that came cannot be used. Try again later."""


def require_current(
    certificates: Sequence[bytes], crls: Sequence[bytes], *, roots: Sequence[bytes], now_ms: int
) -> list[x509.Certificate]:
    """The certificates (DER), where every issuer among them and the roots has a list of its own, of now.

    Raises: RevocationUnusable.
    """
    try:
        known = [x509.load_der_x509_certificate(one) for one in certificates]
        trusted = [x509.load_der_x509_certificate(one) for one in roots]
        lists = [x509.load_der_x509_crl(one) for one in crls]
        listed = {_issuer_of(one, [*known, *trusted], now_ms) for one in lists}
        wanted = {one.issuer.public_bytes() for one in known if one.issuer != one.subject}
        names = {one.subject.public_bytes() for one in listed}
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise RevocationUnusable from problem
    if not lists or not wanted <= names:
        raise RevocationUnusable
    return known


def _issuer_of(
    crl: x509.CertificateRevocationList, known: Sequence[x509.Certificate], now_ms: int
) -> x509.Certificate:
    """Whose list this is.

    Raises: RevocationUnusable.
    """
    begun, over = crl.last_update_utc, crl.next_update_utc
    if over is None or over <= _moment(now_ms) or begun > _moment(now_ms + _TOLERATED_MS):
        raise RevocationUnusable
    for one in known:
        key = one.public_key()
        if one.subject != crl.issuer or not isinstance(key, _KEYS):
            continue
        try:
            if crl.is_signature_valid(key):
                return one
        except InvalidSignature:
            continue
    raise RevocationUnusable


def _moment(ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(ms / 1000, tz=datetime.UTC)
