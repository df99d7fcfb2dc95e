"""Broken and hostile requests to the PKI's services: always an answer, never a 500, memory flat (S-CA)."""

from __future__ import annotations

import base64
import gc
import hashlib
import os
import random
import urllib.parse
from collections import Counter
from collections.abc import Callable

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as judge
from starlette.testclient import TestClient

from engine.boot import World
from engine.pki import certificates, der, timestamping
from tests.support import pki_clients, web, worlds
from tests.support.pki_clients import AGENCY

OCSP_URL, TSA_URL = f"/w/run/ocsp/{AGENCY}", "/w/run/tsa"
OCSP = {"content-type": "application/ocsp-request"}
TSA = {"content-type": "application/timestamp-query"}
# What a healthy process may grow by while ten thousand answers pass through it.
GROWTH_BYTES = 24 * 1024 * 1024


@pytest.fixture
def stock(world: World) -> pki_clients.Stock:
    return pki_clients.Stock.of(world)


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    # An exception inside would be raised here, and not be made a page of.
    return web.browser(web.application(world, monkeypatch))


def ocsp_request(stock: pki_clients.Stock, nonce: bytes | None) -> bytes:
    issuer = stock.world.authorities.path(AGENCY)[0]
    sample = judge.OCSPRequestBuilder().add_certificate(
        stock.signed(stock.certificate["id"]), issuer, hashes.SHA256()
    )
    if nonce is not None:
        sample = sample.add_extension(x509.OCSPNonce(nonce), False)
    return sample.build().public_bytes(serialization.Encoding.DER)


def mutated(chance: random.Random, whole: bytes) -> bytes:
    """The bytes with something wrong somewhere, of many kinds."""
    made = bytearray(whole)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        place = chance.randrange(len(made)) if made else 0
        kind = chance.randrange(8)
        if kind == 0 and made:
            made[place] ^= 1 << chance.randrange(8)
        elif kind == 1 and made:
            made[place] = chance.choice((0x00, 0x7F, 0x80, 0x81, 0x84, 0xFF, 0x30, 0xA0, 0xBF))
        elif kind == 2:
            del made[place:]
        elif kind == 3:
            made[place:place] = chance.randbytes(chance.randrange(1, 40))
        elif kind == 4:
            del made[place : place + chance.randrange(1, 8)]
        elif kind == 5:
            made = made[: max(1, place)] * chance.randrange(1, 6)
        elif kind == 6:
            made = bytearray(b"\x30\x84\xff\xff\xff\xff") + made
        else:
            # Nested as deep as it goes: a reader that calls itself would run out of stack.
            for _ in range(chance.randrange(1, 60)):
                size = len(made)
                head = (
                    bytes((0x30, size))
                    if size < 128
                    else bytes((0x30, 0x82)) + size.to_bytes(2, "big")
                )
                made = bytearray(head) + made
    return bytes(made)


def _memory() -> int:
    gc.collect()
    return psutil.Process(os.getpid()).memory_info().rss


def endure(
    repeat: int, whole: list[bytes], send: Callable[[bytes], Counter[str]], seed: int
) -> Counter[str]:
    """Send mutations; what was answered. Memory is measured once everything has warmed up."""
    chance = random.Random(seed)
    told: Counter[str] = Counter()
    warm = max(200, repeat // 5)
    for _ in range(warm):
        send(mutated(chance, chance.choice(whole)))
    before = _memory()
    for _ in range(repeat):
        told += send(mutated(chance, chance.choice(whole)))
    assert _memory() - before < GROWTH_BYTES
    return told


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_mutated_ocsp_requests_by_post_get_an_answer_and_take_no_memory(visitor, stock, count):
    def send(asked: bytes) -> Counter[str]:
        answer = visitor.post(OCSP_URL, content=asked, headers=OCSP)
        assert answer.status_code == 200, answer.text
        found = judge.load_der_ocsp_response(answer.content)
        return Counter([found.response_status.name])

    whole = [ocsp_request(stock, None), ocsp_request(stock, b"n" * 32)]
    told = endure(count(600, 10_000), whole, send, 11)
    assert {"MALFORMED_REQUEST", "UNAUTHORIZED", "SUCCESSFUL"} == set(told)


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_mutated_ocsp_requests_by_get_get_an_answer_and_take_no_memory(visitor, stock, count):
    chance = random.Random(5)

    def send(asked: bytes) -> Counter[str]:
        text = base64.b64encode(asked).decode()
        if chance.random() < 0.2:
            text = mutated(chance, text.encode()).decode("latin-1").replace("\x00", "")
        answer = visitor.get(f"{OCSP_URL}/{urllib.parse.quote(text, safe='')}")
        # A line break in an address leads nowhere; anything else is a request, if a bad one.
        assert answer.status_code in (200, 404), text
        return Counter([str(answer.status_code)])

    whole = [ocsp_request(stock, None), ocsp_request(stock, b"n" * 16)]
    told = endure(count(600, 10_000), whole, send, 12)
    assert told["200"] > 0.9 * told.total()
    assert not any(code.startswith("5") for code in told)


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_mutated_time_stamp_queries_get_an_answer_and_take_no_memory(visitor, count):
    def send(asked: bytes) -> Counter[str]:
        answer = visitor.post(TSA_URL, content=asked, headers=TSA)
        assert answer.status_code == 200, answer.text
        assert answer.content[0] == 0x30
        try:
            timestamping.token_of(answer.content)
        except timestamping.TimestampRefused:
            return Counter(["refused"])
        return Counter(["granted"])

    digest = hashlib.sha512(b"data").digest()
    whole = [
        timestamping.make_query(hashlib.sha256(b"data").digest(), 2**62),
        timestamping.make_query(digest, None, hash_name="sha512", certificate=False),
    ]
    told = endure(count(600, 10_000), whole, send, 13)
    assert {"refused", "granted"} == set(told)


def about(sample: judge.OCSPRequest, serial: int) -> bytes:
    """A request about any number, also those that no certificate can have."""
    algorithm = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.tlv(der.NULL, b""))
    identity = der.sequence(
        algorithm,
        der.octets(sample.issuer_name_hash),
        der.octets(sample.issuer_key_hash),
        der.integer(serial),
    )
    return der.sequence(der.sequence(der.sequence(der.sequence(identity))))


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_none_of_many_random_serials_is_good(visitor, stock, count):
    sample = judge.load_der_ocsp_request(ocsp_request(stock, None))
    chance = random.Random(3)
    own = stock.signed(stock.certificate["id"]).serial_number
    # Beside those drawn at random, those that a guess from one of ours would try.
    near = [own + by for by in range(-20, 21) if by] + [
        own << 1,
        own >> 1,
        own ^ 1,
        0,
        1,
        -1,
        -own,
        1 << 4000,
    ]
    drawn = [
        certificates.serial_from(chance.randbytes, prefix=chance.randrange(1, 0x80))
        for _ in range(count(500, 10_000))
    ]
    told: Counter[str] = Counter()
    for serial in near + drawn:
        asked = about(sample, serial)
        found = judge.load_der_ocsp_response(
            visitor.post(OCSP_URL, content=asked, headers=OCSP).content
        )
        told[found.certificate_status.name] += 1
    assert told == {"UNKNOWN": len(near) + len(drawn)}


@pytest.mark.row("PKI-2")
def test_nothing_that_was_asked_for_is_kept_for_good(visitor, stock):
    responders = stock.world.authorities._responders
    before = len(responders._kept)
    certificate_ids = [stock.issue() for _ in range(3)]
    issuer = stock.world.authorities.path(AGENCY)[0]
    for certificate_id in certificate_ids:
        builder = judge.OCSPRequestBuilder().add_certificate(
            stock.signed(certificate_id), issuer, hashes.SHA256()
        )
        asked = builder.build().public_bytes(serialization.Encoding.DER)
        visitor.post(OCSP_URL, content=asked, headers=OCSP)
    assert len(responders._kept) == before + 3
    numbers = worlds.rows(stock.world, "SELECT COUNT(*) AS n FROM published_list")
    visitor.get(f"/w/run/crl/{AGENCY}.crl")
    visitor.get(f"/w/run/crl/{AGENCY}.crl")
    after = worlds.rows(stock.world, "SELECT COUNT(*) AS n FROM published_list")
    assert after[0]["n"] <= numbers[0]["n"] + 1


@pytest.mark.parametrize("size", [16_385, 64 * 1024, 64 * 1024 + 1, 1_000_000])
def test_what_is_too_large_is_refused_before_it_is_read(visitor, size):
    for url, headers in ((OCSP_URL, OCSP), (TSA_URL, TSA)):
        answer = visitor.post(url, content=b"\x30" * size, headers=headers)
        assert answer.status_code == (413 if size > 64 * 1024 else 200)
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [OCSP_URL, TSA_URL])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_served(visitor, path, method):
    assert visitor.request(method, path, content=b"x").status_code in (404, 405)
