"""What the PKI's services tell caches (RFC 9110, 9111, 5019), and what they hand out again."""

from __future__ import annotations

import base64
import email.utils
import urllib.parse

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as judge
from starlette.testclient import TestClient

from engine.boot import World
from engine.issuing import actions as issuing
from engine.kernel import clock, database
from engine.pki import ocsp
from tests.support import pki_clients, web, worlds
from tests.support.pki_clients import AGENCY

OCSP = {"content-type": "application/ocsp-request"}
CRL = f"/w/run/crl/{AGENCY}.crl"


@pytest.fixture
def stock(world: World) -> pki_clients.Stock:
    return pki_clients.Stock.of(world)


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def lifetime(answer) -> int:
    parts = [part.strip() for part in answer.headers["cache-control"].split(",")]
    assert {"public", "no-transform", "must-revalidate"} <= set(parts)
    return int(next(part for part in parts if part.startswith("max-age=")).removeprefix("max-age="))


def date(text: str) -> int:
    return int(email.utils.parsedate_to_datetime(text).timestamp())


def question(stock, certificate_id: str, nonce: bytes | None = None) -> bytes:
    issuer = stock.world.authorities.path(AGENCY)[0]
    builder = judge.OCSPRequestBuilder().add_certificate(
        stock.signed(certificate_id), issuer, hashes.SHA1()
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), False)
    return builder.build().public_bytes(serialization.Encoding.DER)


def address(asked: bytes) -> str:
    text = base64.b64encode(asked).decode()
    return f"/w/run/ocsp/{AGENCY}/{urllib.parse.quote(text, safe='')}"


def revoke(stock, certificate_id: str) -> None:
    arguments = {"certificate_id": certificate_id, "reason": "keyCompromise"}
    stock.world.engine.perform(issuing.revoke, arguments, actor=stock.officer)


@pytest.mark.row("PKI-2")
@pytest.mark.parametrize(
    ("path", "media_type", "seconds"),
    [
        (CRL, "application/pkix-crl", 300),
        (f"/w/run/crl/{AGENCY}-delta.crl", "application/pkix-crl", 300),
        ("/w/run/crl/root.crl", "application/pkix-crl", 86_400),
        (f"/w/run/ca/{AGENCY}.cer", "application/pkix-cert", 86_400),
        (f"/w/run/ca/{AGENCY}.pem", "application/pem-certificate-chain", 86_400),
        (f"/w/run/ca/{AGENCY}.p7c", "application/pkcs7-mime", 86_400),
        ("/w/run/ca/root.cer", "application/pkix-cert", 86_400),
    ],
)
def test_what_is_published_says_how_long_it_keeps_and_is_not_sent_twice(
    visitor, path, media_type, seconds
):
    first = visitor.get(path)
    assert first.status_code == 200
    assert first.headers["content-type"] == media_type
    assert lifetime(first) == seconds
    # Dates agree with the machine's `Date`, though the clock of this world stands elsewhere.
    machine = clock.SystemClock().now_ms() // 1000
    assert abs(date(first.headers["expires"]) - machine - seconds) <= 5
    assert date(first.headers["last-modified"]) <= machine + 1
    assert int(first.headers["content-length"]) == len(first.content)
    tag = first.headers["etag"]
    for asked in (tag, f'"other", W/{tag}', "*"):
        again = visitor.get(path, headers={"if-none-match": asked})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert lifetime(again) == seconds
    assert visitor.get(path, headers={"if-none-match": '"other"'}).content == first.content
    head = visitor.head(path)
    assert head.status_code == 200
    assert {"etag", "cache-control", "content-length"} <= set(head.headers)
    assert head.headers["etag"] == tag


def test_a_date_stands_in_for_a_tag_and_an_unreadable_one_is_ignored(visitor):
    first = visitor.get(f"/w/run/ca/{AGENCY}.cer")
    later = email.utils.format_datetime(clock.to_datetime((1 << 32) * 1000), usegmt=True)
    for since, status in (
        (later, 304),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("Thu, 01 Jan 1970 00:00:00", 200),
        ("yesterday", 200),
        ("", 200),
    ):
        asked = {"if-modified-since": since}
        assert visitor.get(f"/w/run/ca/{AGENCY}.cer", headers=asked).status_code == status
    # RFC 9110 13.1.3: a tag that is asked for comes before a date.
    asked = {"if-modified-since": later, "if-none-match": '"other"'}
    assert visitor.get(f"/w/run/ca/{AGENCY}.cer", headers=asked).content == first.content


@pytest.mark.row("PKI-2")
def test_a_revocation_changes_the_list_and_its_tag_at_once(visitor, stock):
    before = visitor.get(CRL)
    assert visitor.get(CRL).content == before.content
    revoke(stock, stock.issue())
    after = visitor.get(CRL, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    worlds.clock_of(stock.world).advance(clock.DAY - 100 * clock.SECOND)
    assert lifetime(visitor.get(CRL)) == 100


@pytest.mark.row("PKI-2")
def test_an_answer_without_a_nonce_is_handed_out_again_while_it_is_true(visitor, stock):
    certificate_id = stock.issue()
    asked = address(question(stock, certificate_id))
    first = visitor.get(asked)
    assert lifetime(first) == 600
    worlds.clock_of(stock.world).advance(4 * clock.MINUTE)
    again = visitor.get(asked)
    assert again.content == first.content
    assert lifetime(again) == 360
    assert visitor.get(asked, headers={"if-none-match": first.headers["etag"]}).status_code == 304
    # Half of its time is over: the next one is signed, before anybody's runs out.
    worlds.clock_of(stock.world).advance(clock.MINUTE)
    newer = visitor.get(asked)
    assert newer.content != first.content
    assert lifetime(newer) == 600
    revoke(stock, certificate_id)
    told = judge.load_der_ocsp_response(visitor.get(asked).content)
    assert told.certificate_status is judge.OCSPCertStatus.REVOKED


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_an_answer_to_a_nonce_is_signed_for_it_and_kept_by_nobody(visitor, stock):
    certificate_id = stock.issue()
    answers = []
    for nonce in (b"a" * 16, b"b" * 16, b"c" * 32):
        asked = question(stock, certificate_id, nonce)
        for answer in (
            visitor.get(address(asked)),
            visitor.post(f"/w/run/ocsp/{AGENCY}", content=asked, headers=OCSP),
        ):
            assert answer.headers["cache-control"] == "no-store"
            found = judge.load_der_ocsp_response(answer.content)
            given = found.extensions.get_extension_for_class(x509.OCSPNonce).value
            assert given.nonce == nonce
            answers.append(answer.content)
    assert len(set(answers)) == 3
    plain = visitor.post(
        f"/w/run/ocsp/{AGENCY}", content=question(stock, certificate_id), headers=OCSP
    )
    assert plain.headers["cache-control"] == "no-store"


def test_what_nobody_issued_and_what_is_refused_is_kept_by_nobody(visitor, stock):
    requested = stock.issue(status="requested")
    serial = int(stock.row(requested)["serial_hex"], 16)
    issuer = stock.world.authorities.path(AGENCY)[0]
    own = ocsp._issuer_hashes(issuer, "sha1")
    builder = judge.OCSPRequestBuilder().add_certificate_by_hash(
        own[0], own[1], serial, hashes.SHA1()
    )
    asked = builder.build().public_bytes(serialization.Encoding.DER)
    found = visitor.get(address(asked))
    told = judge.load_der_ocsp_response(found.content)
    assert told.certificate_status is judge.OCSPCertStatus.UNKNOWN
    for answer in (found, visitor.get(address(b"junk")), visitor.get("/w/run/crl/nobody.crl")):
        assert answer.headers["cache-control"] == "no-store"


def test_both_ways_of_naming_the_issuer_are_answered_alike_and_kept_apart(visitor, stock):
    certificate_id = stock.issue()
    issuer = stock.world.authorities.path(AGENCY)[0]
    for algorithm in (hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()):
        builder = judge.OCSPRequestBuilder().add_certificate(
            stock.signed(certificate_id), issuer, algorithm
        )
        asked = builder.build().public_bytes(serialization.Encoding.DER)
        found = judge.load_der_ocsp_response(visitor.get(address(asked)).content)
        assert found.certificate_status is judge.OCSPCertStatus.GOOD
        assert found.hash_algorithm.name == algorithm.name


@pytest.mark.row("PKI-2")
def test_the_agencys_own_delegates_are_good_and_not_unknown(world, visitor):
    agency = world.authorities.agencies[AGENCY].keys
    issuer = world.authorities.path(AGENCY)[0]
    makers = [one for one in world.authorities._makers if one.issuer == issuer.subject]
    assert makers
    for delegate in (agency.ocsp.certificate, agency.tsa.certificate, *makers):
        builder = judge.OCSPRequestBuilder().add_certificate(delegate, issuer, hashes.SHA256())
        asked = builder.build().public_bytes(serialization.Encoding.DER)
        answer = visitor.post(f"/w/run/ocsp/{AGENCY}", content=asked, headers=OCSP)
        found = judge.load_der_ocsp_response(answer.content)
        assert found.certificate_status is judge.OCSPCertStatus.GOOD


def test_a_database_that_is_busy_is_said_in_each_protocols_own_words(
    world, visitor, stock, monkeypatch
):
    asked = question(stock, stock.issue())

    def busy(*_: object) -> object:
        raise database.DatabaseBusy()

    monkeypatch.setattr(world.authorities, "_status_of", busy)
    monkeypatch.setattr(world.authorities._lists, "_latest", busy)
    answer = visitor.post(f"/w/run/ocsp/{AGENCY}", content=asked, headers=OCSP)
    told = judge.load_der_ocsp_response(answer.content)
    assert told.response_status is judge.OCSPResponseStatus.TRY_LATER
    listed = visitor.get(CRL)
    assert (listed.status_code, listed.headers["retry-after"]) == (503, "1")
