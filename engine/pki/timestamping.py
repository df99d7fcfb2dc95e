"""A time-stamping authority (RFC 3161, with ESSCertIDv2 of RFC 5816): query bytes to answer bytes.

Accepted are SHA-256, SHA-384 and SHA-512 imprints of the right length and the one policy given.
Whatever is refused is answered with its PKIFailureInfo bit. The instant and the serial are asked for
once the query is good: that they never repeat or go back is the promise of who gives them.
"""

from __future__ import annotations

import enum
import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from engine.kernel import errors
from engine.pki import certificates, der, keys

HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
TST_INFO = der.oid("1.2.840.113549.1.9.16.1.4")
CONTENT_TYPE = der.oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2 = der.oid("1.2.840.113549.1.9.16.2.47")
ACCURACY = der.sequence(der.integer(1))
GRANTED, REJECTION = 0, 2
MAXIMUM_BYTES = 8_192


class FailureInfo(enum.IntEnum):
    """The bits of PKIFailureInfo (RFC 3161 2.4.2)."""

    BAD_ALG = 0
    BAD_REQUEST = 2
    BAD_DATA_FORMAT = 5
    TIME_NOT_AVAILABLE = 14
    UNACCEPTED_POLICY = 15
    UNACCEPTED_EXTENSION = 16
    SYSTEM_FAILURE = 25


class TimestampRefused(errors.ProviderUnavailable):
    """The time-stamping authority refused: {reason}."""


class TimestampUnreadable(errors.InvalidInput):
    """This is not a time-stamp answer."""


class TimeNotAvailable(Exception):
    """The clock cannot be relied on, and why: no time-stamp is made. Who gives the instant raises it."""


class OutOfOrder(Exception):
    """The time-stamping authority cannot keep what it does just now."""


class _Refusal(Exception):
    def __init__(self, *, failure: FailureInfo, text: str) -> None:
        super().__init__(text)
        self.failure = failure
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    imprint: bytes
    nonce: bytes
    wants_certificates: bool


def respond(
    request_der: bytes,
    *,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    moment: Callable[[], tuple[int, int]],
    policy: str,
) -> bytes:
    """The TimeStampResp to a query, in DER; `chain` is sent along when certificates are wanted.

    `moment` gives the instant (UTC milliseconds) and the serial, and is asked for a good query only.
    """
    try:
        query = _read(request_der, policy)
        now_ms, serial = moment()
    except _Refusal as refusal:
        return _rejection(refusal)
    except TimeNotAvailable as why:
        return _rejection(_Refusal(failure=FailureInfo.TIME_NOT_AVAILABLE, text=str(why)))
    except OutOfOrder:
        return _rejection(_Refusal(failure=FailureInfo.SYSTEM_FAILURE, text="try again later"))
    except (der.NotDer, ValueError):
        return _rejection(_Refusal(failure=FailureInfo.BAD_DATA_FORMAT, text="not a query"))
    info = der.sequence(
        der.integer(1),
        der.oid(policy),
        query.imprint,
        der.integer(serial),
        der.generalized_time(now_ms),
        ACCURACY,
        query.nonce,
        der.explicit(0, der.explicit(4, certificates.subject_bytes(certificate))),
    )
    sent = (certificate, *chain) if query.wants_certificates else ()
    return der.sequence(der.sequence(der.integer(GRANTED)), _token(info, key, certificate, sent))


def make_query(
    data_digest: bytes, nonce: int | None, *, hash_name: str = "sha256", certificate: bool = True
) -> bytes:
    """The TimeStampReq for a digest already taken with `hash_name`."""
    oid = next(oid for oid, name in HASHES.items() if name == hash_name)
    parts = [
        der.integer(1),
        der.sequence(der.sequence(der.oid(oid)), der.octets(data_digest)),
    ]
    if nonce is not None:
        parts.append(der.integer(nonce))
    if certificate:
        parts.append(der.boolean(True))
    return der.sequence(*parts)


def token_of(response: bytes) -> bytes:
    """The TimeStampToken (a CMS ContentInfo) of an answer.

    Raises: TimestampRefused, TimestampUnreadable.
    """
    try:
        status, *token = der.children(response)
        value, *details = der.children(status.encoded)
        number = der.to_integer(value)
    except (der.NotDer, ValueError) as problem:
        raise TimestampUnreadable from problem
    if number not in (0, 1):
        texts = [
            part.content.decode("utf-8", "replace")
            for detail in details
            if detail.tag == der.SEQUENCE
            for part in der.elements(detail.content)
        ]
        raise TimestampRefused(reason=", ".join(texts) or f"status {number}")
    if len(token) != 1:
        raise TimestampUnreadable
    return token[0].encoded


def _read(request_der: bytes, policy: str) -> _Query:
    if len(request_der) > MAXIMUM_BYTES:
        raise der.NotDer
    fields = list(der.children(request_der))
    if len(fields) < 2 or der.to_integer(fields[0]) != 1:
        raise _Refusal(failure=FailureInfo.BAD_REQUEST, text="version 1 is expected")
    imprint, rest = fields[1], fields[2:]
    _check_imprint(imprint)
    if rest and rest[0].tag == der.OID and der.to_oid(rest.pop(0)) != policy:
        raise _Refusal(failure=FailureInfo.UNACCEPTED_POLICY, text="the policy is not served")
    nonce = b""
    if rest and rest[0].tag == der.INTEGER:
        der.to_integer(rest[0])
        nonce = rest.pop(0).encoded
    wants_certificates = False
    if rest and rest[0].tag == der.BOOLEAN:
        wants_certificates = rest.pop(0).content == b"\xff"
    if rest and rest[0].tag == 0xA0:
        raise _Refusal(failure=FailureInfo.UNACCEPTED_EXTENSION, text="no extension is known")
    if rest:
        raise der.NotDer
    return _Query(imprint=imprint.encoded, nonce=nonce, wants_certificates=wants_certificates)


def _check_imprint(imprint: der.Element) -> None:
    algorithm, digest = der.children(imprint.encoded)
    name = HASHES.get(der.to_algorithm(algorithm))
    if name is None:
        raise _Refusal(failure=FailureInfo.BAD_ALG, text="the hash algorithm is not accepted")
    if digest.tag != der.OCTET_STRING or len(digest.content) != hashlib.new(name).digest_size:
        raise _Refusal(failure=FailureInfo.BAD_DATA_FORMAT, text="the imprint has the wrong length")


def _token(
    info: bytes,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    sent: Sequence[x509.Certificate],
) -> bytes:
    attributes = der.set_of(
        der.sequence(CONTENT_TYPE, der.set_of(TST_INFO)),
        der.sequence(MESSAGE_DIGEST, der.set_of(der.octets(hashlib.sha256(info).digest()))),
        der.sequence(SIGNING_CERTIFICATE_V2, der.set_of(_signing_certificate(certificate))),
    )
    signer = der.sequence(
        der.integer(1),
        _issuer_and_serial(certificate),
        SHA256,
        # Signed as a SET OF, sent as [0] IMPLICIT (RFC 5652 5.4).
        der.explicit(0, der.single(attributes, der.SET).content),
        keys.SIGNATURE_ALGORITHM,
        der.octets(keys.sign(key, attributes)),
    )
    parts = [
        der.integer(3),
        der.set_of(SHA256),
        der.sequence(TST_INFO, der.explicit(0, der.octets(info))),
    ]
    if sent:
        encoded = sorted(certificates.to_der(one) for one in sent)
        parts.append(der.explicit(0, b"".join(encoded)))
    parts.append(der.set_of(signer))
    return der.sequence(SIGNED_DATA, der.explicit(0, der.sequence(*parts)))


@functools.lru_cache(maxsize=256)
def _issuer_and_serial(certificate: x509.Certificate) -> bytes:
    return der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number))


@functools.lru_cache(maxsize=256)
def _signing_certificate(certificate: x509.Certificate) -> bytes:
    # SHA-256 is the default of ESSCertIDv2, and DER leaves a default out.
    digest = hashlib.sha256(certificates.to_der(certificate)).digest()
    issuer = der.sequence(der.explicit(4, certificate.issuer.public_bytes()))
    identity = der.sequence(
        der.octets(digest), der.sequence(issuer, der.integer(certificate.serial_number))
    )
    return der.sequence(der.sequence(identity))


def _rejection(refusal: _Refusal) -> bytes:
    octet, bit = divmod(int(refusal.failure), 8)
    failure = der.bits(bytes(octet) + bytes((0x80 >> bit,)), unused=7 - bit)
    status = der.sequence(der.integer(REJECTION), der.sequence(der.utf8(refusal.text)), failure)
    return der.sequence(status)
