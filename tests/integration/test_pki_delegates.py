"""The clock of the time-stamping authority, and OCSP responders that follow each other (PKI-2)."""

from __future__ import annotations

import dataclasses
import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as judge

from engine.boot import World
from engine.kernel import clock, database
from engine.kernel.engine import Engine
from engine.pki import certificates, der, keys, timestamping
from engine.providers import authorities, responder_terms, responding, stamping, store
from tests.support import worlds
from tests.support.pki_clients import AGENCY

QUERY = timestamping.make_query(hashlib.sha256(b"a contract").digest(), 7)


def again(world: World) -> authorities.Authorities:
    """The authorities as another process of the same world has them."""
    here = world.authorities
    lists = here._lists
    return authorities.Authorities(
        roots=here.roots,
        agencies=here.agencies,
        current=here.current,
        memory=here._memory,
        status_of=here._status_of,
        revocations_of=lists._revocations_of,
        revision_of=lists._revision_of,
    )


def info(answer: bytes) -> tsp.TSTInfo:
    token = tsp.TimeStampResp.load(answer, strict=True)["time_stamp_token"]["content"]
    return token["encap_content_info"]["content"].parsed


def made_at(answer: bytes) -> int:
    return clock.from_datetime(info(answer)["gen_time"].native)


def failure(answer: bytes) -> set[str]:
    (only,) = der.children(answer)
    return tsp.PKIStatusInfo.load(only.encoded, strict=True)["fail_info"].native


def turn_back(world: World, by_ms: int) -> None:
    """The machine's clock is set back behind our back."""
    worlds.clock_of(world)._now_ms -= by_ms


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_no_time_stamp_is_made_by_a_clock_that_was_set_back(any_world):
    first = any_world.authorities.timestamp(QUERY)
    for by_ms in (2 * clock.SECOND, clock.HOUR, 400 * clock.DAY):
        turn_back(any_world, by_ms)
        for process in (any_world.authorities, again(any_world)):
            refused = process.timestamp(QUERY)
            assert failure(refused) == {"time_not_available"}
            with pytest.raises(timestamping.TimestampRefused):
                timestamping.token_of(refused)
        worlds.clock_of(any_world).advance(by_ms)
        assert made_at(any_world.authorities.timestamp(QUERY)) == made_at(first)
    # Clocks of two machines differ by less than the accuracy that is stated: it does not go back either.
    turn_back(any_world, 900)
    assert made_at(any_world.authorities.timestamp(QUERY)) >= made_at(first)


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
@pytest.mark.parametrize(
    ("kind", "synchronised", "made"),
    [("production", False, False), ("production", True, True), ("demo", False, True)],
)
def test_a_production_world_needs_a_clock_that_something_keeps_right(
    world, kind, synchronised, made
):
    kept = clock.ManualClock(world.engine.now(), synchronised=synchronised)
    parts = dataclasses.replace(world.engine.parts, kind=kind, clock=kept)
    engine = Engine(parts)
    stamper = stamping.Stamper(store.Memory(parts, engine.now, engine.moment))
    if made:
        instant, serial = stamper.moment()
        assert instant == world.engine.now()
        assert serial < info(world.authorities.timestamp(QUERY))["serial_number"].native
    else:
        with pytest.raises(timestamping.TimeNotAvailable, match="keeps the clock right"):
            stamper.moment()


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_serials_never_repeat_and_time_never_goes_back_in_any_process(any_world, count):
    each = count(15, 250)

    def stamp(process: authorities.Authorities) -> list[tuple[int, int]]:
        found = []
        for _ in range(each):
            worlds.clock_of(any_world).advance(300)
            told = info(process.timestamp(QUERY))
            found.append(
                (told["serial_number"].native, clock.from_datetime(told["gen_time"].native))
            )
        return found

    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(stamp, [again(any_world) for _ in range(4)]))
    everything = sorted(one for part in parts for one in part)
    serials = [serial for serial, _ in everything]
    assert len(set(serials)) == 4 * each
    instants = [instant for _, instant in everything]
    assert instants == sorted(instants)


def test_a_query_that_is_refused_takes_no_serial(world):
    first = info(world.authorities.timestamp(QUERY))["serial_number"].native
    weak = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": {"algorithm": "md5"},
                "hashed_message": b"x" * 16,
            },
        }
    ).dump()
    assert failure(world.authorities.timestamp(weak)) == {"bad_alg"}
    assert failure(world.authorities.timestamp(b"junk")) == {"bad_data_format"}
    assert info(world.authorities.timestamp(QUERY))["serial_number"].native == first + 1


def test_a_database_that_is_busy_is_a_system_failure_and_not_a_time(world, monkeypatch):
    def busy() -> object:
        raise database.DatabaseBusy()

    monkeypatch.setattr(world.authorities._stamper._memory.parts.db, "write", busy)
    assert failure(world.authorities.timestamp(QUERY)) == {"system_failure"}


def ask(process: authorities.Authorities, serial: int = 0x1234) -> judge.OCSPResponse:
    issuer = process.path(AGENCY)[0]
    builder = judge.OCSPRequestBuilder().add_certificate_by_hash(
        hashlib.sha256(certificates.subject_bytes(issuer)).digest(),
        hashlib.sha256(
            der.children(keys.public_to_der(issuer.public_key()))[1].content[1:]
        ).digest(),
        serial,
        hashes.SHA256(),
    )
    asked = builder.build().public_bytes(serialization.Encoding.DER)
    return judge.load_der_ocsp_response(process.ocsp(AGENCY, asked))


def signer(found: judge.OCSPResponse) -> x509.Certificate:
    [only] = found.certificates
    only.public_key().verify(found.signature, found.tbs_response_bytes, keys.VERIFYING)
    return only


@pytest.mark.row("PKI-2")
def test_a_responder_serves_sixty_days_and_the_next_one_is_made_once_for_all(any_world):
    first = signer(ask(any_world.authorities))
    assert first == any_world.authorities.agencies[AGENCY].keys.ocsp.certificate
    issuer = any_world.authorities.path(AGENCY)[0]
    seen = [first]
    for _ in range(3):
        worlds.clock_of(any_world).advance(responder_terms.SERVES_MS - clock.DAY - clock.HOUR)
        assert signer(ask(any_world.authorities)) == seen[-1]
        worlds.clock_of(any_world).advance(2 * clock.DAY)
        found = {signer(ask(one)) for one in (any_world.authorities, again(any_world))}
        [newest] = found
        assert newest not in seen
        newest.verify_directly_issued_by(issuer)
        assert newest.subject == first.subject
        lasts = newest.not_valid_after_utc - newest.not_valid_before_utc
        assert lasts.days <= 90
        usage = newest.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(usage) == [x509.ExtendedKeyUsageOID.OCSP_SIGNING]
        assert newest.extensions.get_extension_for_class(x509.OCSPNoCheck)
        assert any_world.authorities.responder(AGENCY) == newest
        told = ask(any_world.authorities, newest.serial_number)
        assert told.certificate_status is judge.OCSPCertStatus.GOOD
        seen.append(newest)
    assert len(worlds.rows(any_world, "SELECT serial_hex FROM responder")) == 3


@pytest.mark.row("PKI-2")
def test_a_responders_key_lies_sealed_under_the_ceremonys(world, monkeypatch):
    worlds.clock_of(world).advance(61 * clock.DAY)
    newest = world.authorities.responder(AGENCY)
    [row] = worlds.rows(world, "SELECT * FROM responder")
    key = world.authorities._responders._serving[AGENCY].key
    secret = key.private_numbers().private_value.to_bytes(32, "big")
    assert secret not in bytes(row["sealed_key"])
    assert b"PRIVATE" not in bytes(row["sealed_key"])
    # Under the keys of another ceremony it does not open, so that the next one is made anew.
    agency = world.authorities.agencies[AGENCY]
    other = world.authorities.agencies["huaxia"].keys.ocsp.key.private_numbers().private_value
    monkeypatch.setattr(responder_terms, "sealing_key", lambda _: other.to_bytes(32, "big"))
    process = responding.Responders(world.authorities._memory)
    assert process.serving(agency.keys, agency.profiles["ocsp"]).certificate != newest
