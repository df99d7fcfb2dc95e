import dataclasses
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp as foreign

from engine.kernel import clock, ids
from engine.pki import der, ocsp
from engine.pki.authority import Reason
from engine.pki.ocsp import CertificateStatus, State
from tests.unit.pki.hierarchy import NOW

GOOD = CertificateStatus(state=State.GOOD)


def answer(world, request: bytes, status_of=lambda serial: GOOD) -> bytes:
    return ocsp.respond(
        request,
        authority=world.east.authority,
        responder_key=world.east.ocsp.key,
        responder_certificate=world.east.ocsp.certificate,
        status_of=status_of,
        this_update_ms=NOW,
        next_update_ms=NOW + 10 * clock.MINUTE,
    )


def request(world, nonce: bytes | None = b"n" * 32) -> bytes:
    return ocsp.make_request(world.company.certificate, world.east.authority.certificate, nonce)


def status(encoded: bytes) -> foreign.OCSPResponseStatus:
    return foreign.load_der_ocsp_response(encoded).response_status


def test_another_library_reads_the_answer_and_its_signature(world):
    read = foreign.load_der_ocsp_response(answer(world, request(world)))
    assert read.response_status is foreign.OCSPResponseStatus.SUCCESSFUL
    assert read.certificate_status is foreign.OCSPCertStatus.GOOD
    assert read.serial_number == world.company.certificate.serial_number
    assert clock.from_datetime(read.produced_at_utc) == NOW
    assert clock.from_datetime(read.this_update_utc) == NOW
    assert clock.from_datetime(read.next_update_utc) == NOW + 10 * clock.MINUTE
    assert read.certificates == [world.east.ocsp.certificate]
    key = world.east.ocsp.certificate.public_key()
    digest = hashlib.sha1(
        key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    ).digest()
    assert read.responder_key_hash == digest
    key.verify(read.signature, read.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("nonce", [b"n", b"n" * 128, None])
def test_a_nonce_is_echoed_and_none_is_not_invented(world, nonce):
    read = foreign.load_der_ocsp_response(answer(world, request(world, nonce)))
    echoed = [extension.value.nonce for extension in read.extensions]
    assert echoed == ([nonce] if nonce else [])


@pytest.mark.parametrize("nonce", [b"", b"n" * 129])
def test_a_nonce_of_another_length_is_malformed(world, nonce):
    encoded = answer(world, request(world, nonce))
    assert status(encoded) is foreign.OCSPResponseStatus.MALFORMED_REQUEST


@pytest.mark.parametrize("reason", Reason)
def test_revocation_and_hold_tell_instant_and_reason(world, reason):
    revoked = CertificateStatus(state=State.REVOKED, revoked_at_ms=NOW - 5_000, reason=reason)
    read = foreign.load_der_ocsp_response(answer(world, request(world), lambda _: revoked))
    assert read.certificate_status is foreign.OCSPCertStatus.REVOKED
    assert clock.from_datetime(read.revocation_time_utc) == NOW - 5_000
    told = read.revocation_reason
    assert (told.value if told else "unspecified") == reason.value


def test_a_serial_that_nobody_issued_is_unknown(world):
    unknown = CertificateStatus(state=State.UNKNOWN)
    read = foreign.load_der_ocsp_response(answer(world, request(world), lambda _: unknown))
    assert read.certificate_status is foreign.OCSPCertStatus.UNKNOWN


def test_another_issuers_certificate_is_unauthorized(world):
    asked = ocsp.make_request(world.company.certificate, world.south.authority.certificate, None)
    assert status(answer(world, asked)) is foreign.OCSPResponseStatus.UNAUTHORIZED


@pytest.mark.parametrize("algorithm", [hashes.SHA1(), hashes.SHA256(), hashes.SHA512()])
def test_another_librarys_requests_are_answered(world, algorithm):
    asked = (
        foreign.OCSPRequestBuilder()
        .add_certificate(world.company.certificate, world.east.authority.certificate, algorithm)
        .add_extension(x509.OCSPNonce(b"abc"), False)
        .build()
        .public_bytes(serialization.Encoding.DER)
    )
    read = foreign.load_der_ocsp_response(answer(world, asked))
    assert read.certificate_status is foreign.OCSPCertStatus.GOOD


def test_several_questions_get_several_answers_and_too_many_none(world):
    inner = der.children(der.children(request(world, None))[0].encoded)[0].content

    def asked(count: int) -> bytes:
        return der.sequence(der.sequence(der.tlv(der.SEQUENCE, inner * count)))

    read = foreign.load_der_ocsp_response(answer(world, asked(3)))
    assert len(list(read.responses)) == 3
    assert status(answer(world, asked(21))) is foreign.OCSPResponseStatus.MALFORMED_REQUEST
    assert status(answer(world, asked(0))) is foreign.OCSPResponseStatus.MALFORMED_REQUEST


def test_every_cut_and_every_flipped_byte_gets_an_answer(world):
    whole = request(world)
    for place in range(len(whole)):
        assert status(answer(world, whole[:place])) is (
            foreign.OCSPResponseStatus.MALFORMED_REQUEST
        )
        flipped = whole[:place] + bytes((whole[place] ^ 0x41,)) + whole[place + 1 :]
        foreign.load_der_ocsp_response(answer(world, flipped))
    for junk in (b"", b"junk", b"\x30" * 20_000, ids.seeded(1, "junk")(500)):
        assert status(answer(world, junk)) is foreign.OCSPResponseStatus.MALFORMED_REQUEST


def test_an_unknown_critical_extension_is_malformed(world):
    tbs = der.children(request(world, None))[0]
    extension = der.sequence(der.oid("1.2.3.4"), der.boolean(True), der.octets(b"\x05\x00"))
    asked = der.sequence(der.sequence(tbs.content, der.explicit(2, der.sequence(extension))))
    assert status(answer(world, asked)) is foreign.OCSPResponseStatus.MALFORMED_REQUEST


def test_the_same_question_gets_the_same_bytes(world):
    assert answer(world, request(world)) == answer(world, request(world))
    other = dataclasses.replace(GOOD, state=State.UNKNOWN)
    assert answer(world, request(world)) != answer(world, request(world), lambda _: other)
