"""An OCSP responder (RFC 6960): a request's bytes and what is known become an answer's bytes.

It answers for one issuer, through a delegate, about up to 20 certificates at once; the nonce is
echoed (RFC 9654). Another issuer's certificate is `unauthorized`, a serial nobody issued `unknown`,
anything unreadable `malformedRequest`. Status itself is asked of the caller. `read`, `sign` and `refusal`
are the parts of `respond`, for who keeps answers ready.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from engine.pki import certificates, der, keys, remembering
from engine.pki.authority import REASON_NUMBERS, IssuingAuthority, Reason

BASIC = der.oid("1.3.6.1.5.5.7.48.1.1")
NONCE = der.oid("1.3.6.1.5.5.7.48.1.2")
MAXIMUM_NONCE = 128
MAXIMUM_REQUESTS = 20
MAXIMUM_BYTES = 16_384
HASHES = {
    "1.3.14.3.2.26": "sha1",  # names the issuer only; nothing rests on its strength
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


class ResponseStatus(enum.IntEnum):
    """OCSPResponseStatus, the ones that are used."""

    SUCCESSFUL = 0
    MALFORMED_REQUEST = 1
    TRY_LATER = 3
    UNAUTHORIZED = 6


class State(enum.StrEnum):
    """The three values of a certificate's status."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateStatus:
    """What is known of one serial; `revoked_at_ms` and `reason` only when revoked or held."""

    state: State
    revoked_at_ms: int = 0
    reason: Reason = Reason.UNSPECIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    certificate_id: bytes
    hash_name: str
    name_hash: bytes
    key_hash: bytes
    serial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that was read."""

    questions: tuple[_Question, ...]
    nonce: bytes | None

    @property
    def serials(self) -> tuple[int, ...]:
        """What is asked about, in the order of the request."""
        return tuple(question.serial for question in self.questions)

    @property
    def only(self) -> bytes | None:
        """The CertID of a request that others may share: about one certificate, without a nonce."""
        if self.nonce is not None or len(self.questions) > 1:
            return None
        return self.questions[0].certificate_id

    def concerns(self, issuer: x509.Certificate) -> bool:
        """Whether everything asked about is named as this issuer's."""
        return all(_is_ours(question, issuer) for question in self.questions)


def plain(request_der: bytes) -> bytes | None:
    """The CertID of a request that is nothing but one CertID; None for any other, which `read` has to see.

    Told by the four frames around it alone: whether the CertID is one was seen when it was answered first.
    """
    size = len(request_der)
    framed = (0x30, size - 2, 0x30, size - 4, 0x30, size - 6, 0x30, size - 8, 0x30, size - 10)
    return request_der[8:] if 10 < size < 0x82 and tuple(request_der[:10]) == framed else None


def respond(
    request_der: bytes,
    *,
    authority: IssuingAuthority,
    responder_key: ec.EllipticCurvePrivateKey,
    responder_certificate: x509.Certificate,
    status_of: Callable[[int], CertificateStatus],
    this_update_ms: int,
    next_update_ms: int,
) -> bytes:
    """The OCSPResponse to a request, in DER; whatever the request is, there is an answer.

    `producedAt` is `this_update_ms`.
    """
    try:
        request = read(request_der)
    except (der.NotDer, ValueError):
        return refusal(ResponseStatus.MALFORMED_REQUEST)
    if not request.concerns(authority.certificate):
        return refusal(ResponseStatus.UNAUTHORIZED)
    return sign(
        request,
        [status_of(serial) for serial in request.serials],
        key=responder_key,
        certificate=responder_certificate,
        this_update_ms=this_update_ms,
        next_update_ms=next_update_ms,
    )


def sign(
    request: Request,
    statuses: Sequence[CertificateStatus],
    *,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    this_update_ms: int,
    next_update_ms: int,
) -> bytes:
    """The signed answer to a request, with the status of each of its questions."""
    update = der.generalized_time(this_update_ms)
    until = der.explicit(0, der.generalized_time(next_update_ms))
    singles = (
        der.sequence(question.certificate_id, _status(status), update, until)
        for question, status in zip(request.questions, statuses, strict=True)
    )
    data = [_responder_id(certificate), update, der.sequence(*singles)]
    if request.nonce is not None:
        nonce = der.sequence(NONCE, der.octets(der.octets(request.nonce)))
        data.append(der.explicit(1, der.sequence(nonce)))
    signed = der.sequence(*data)
    basic = der.sequence(
        signed,
        keys.SIGNATURE_ALGORITHM,
        der.bits(keys.sign(key, signed)),
        _carried(certificate),
    )
    body = der.explicit(0, der.sequence(BASIC, der.octets(basic)))
    return der.sequence(der.integer(ResponseStatus.SUCCESSFUL, der.ENUMERATED), body)


def make_request(
    certificate: x509.Certificate, issuer: x509.Certificate, nonce: bytes | None
) -> bytes:
    """The OCSPRequest about one certificate, its issuer named by SHA-256."""
    name_hash, key_hash = _issuer_hashes(issuer, "sha256")
    algorithm = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.tlv(der.NULL, b""))
    identity = der.sequence(
        algorithm,
        der.octets(name_hash),
        der.octets(key_hash),
        der.integer(certificate.serial_number),
    )
    parts = [der.sequence(der.sequence(identity))]
    if nonce is not None:
        extension = der.sequence(NONCE, der.octets(der.octets(nonce)))
        parts.append(der.explicit(2, der.sequence(extension)))
    return der.sequence(der.sequence(*parts))


def read(request_der: bytes) -> Request:
    """The request in DER, of at most 20 questions.

    Raises: NotDer, ValueError.
    """
    if len(request_der) > MAXIMUM_BYTES:
        raise der.NotDer
    outer = der.children(request_der)
    # A signature on the request may follow; nobody is authorized by it here.
    if not outer or len(outer) > 2 or (len(outer) == 2 and outer[1].tag != 0xA0):
        raise der.NotDer
    parts = list(der.children(outer[0].encoded))
    if parts and parts[0].tag == 0xA0 and parts.pop(0).content != der.integer(0):
        raise der.NotDer
    if parts and parts[0].tag == 0xA1:
        parts.pop(0)
    if not parts or len(parts) > 2 or (len(parts) == 2 and parts[1].tag != 0xA2):
        raise der.NotDer
    questions = tuple(_question(one) for one in der.children(parts[0].encoded))
    if not 1 <= len(questions) <= MAXIMUM_REQUESTS:
        raise der.NotDer
    return Request(questions=questions, nonce=_nonce(parts[1].content) if parts[1:] else None)


def _question(request: der.Element) -> _Question:
    certificate_id, *_ = der.children(request.encoded)
    fields = der.children(certificate_id.encoded)
    if [field.tag for field in fields] != [
        der.SEQUENCE, der.OCTET_STRING, der.OCTET_STRING, der.INTEGER,
    ]:  # fmt: skip
        raise der.NotDer
    return _Question(
        certificate_id=certificate_id.encoded,
        hash_name=HASHES.get(der.to_algorithm(fields[0]), ""),
        name_hash=fields[1].content,
        key_hash=fields[2].content,
        serial=der.to_integer(fields[3]),
    )


def _nonce(content: bytes) -> bytes | None:
    nonce = None
    for extension in der.children(content):
        name, *critical, value = der.children(extension.encoded)
        if name.encoded == NONCE:
            nonce = der.single(value.content, der.OCTET_STRING).content
            if not 1 <= len(nonce) <= MAXIMUM_NONCE:
                raise der.NotDer
        elif critical and critical[0].content == b"\xff":
            raise der.NotDer
    return nonce


def _is_ours(question: _Question, issuer: x509.Certificate) -> bool:
    if not question.hash_name:
        return False
    return (question.name_hash, question.key_hash) == _issuer_hashes(issuer, question.hash_name)


@remembering.by_object
def _issuer_hashes(issuer: x509.Certificate, hash_name: str) -> tuple[bytes, bytes]:
    name = hashlib.new(hash_name, certificates.subject_bytes(issuer)).digest()
    key_bits = der.children(keys.public_to_der(issuer.public_key()))[1].content[1:]
    return name, hashlib.new(hash_name, key_bits).digest()


@remembering.by_object
def _responder_id(responder: x509.Certificate) -> bytes:
    # byKey is the SHA-1 of the key whatever else is hashed with (RFC 6960 4.2.1).
    return der.explicit(2, der.octets(_issuer_hashes(responder, "sha1")[1]))


@remembering.by_object
def _carried(responder: x509.Certificate) -> bytes:
    return der.explicit(0, der.sequence(certificates.to_der(responder)))


def _status(status: CertificateStatus) -> bytes:
    if status.state is State.GOOD:
        return der.tlv(0x80, b"")
    if status.state is State.UNKNOWN:
        return der.tlv(0x82, b"")
    revoked = der.generalized_time(status.revoked_at_ms)
    if status.reason is not Reason.UNSPECIFIED:
        number = der.integer(REASON_NUMBERS[status.reason], der.ENUMERATED)
        revoked += der.explicit(0, number)
    return der.explicit(1, revoked)


def refusal(status: ResponseStatus) -> bytes:
    """An answer without a body: why there is none."""
    return der.sequence(der.integer(status, der.ENUMERATED))
