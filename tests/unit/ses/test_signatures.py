"""A signature made with a seal outside of PDF: made, read back, and judged in nine steps."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import subprocess

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.kernel import clock
from engine.pki import ceremony, keys, timestamping
from engine.ses import signatures, structures, suites, verifying
from engine.ses.structures import Extension, ListKind, SealUnreadable
from engine.ses.verifying import Outcome, Step
from tests.unit.pki import hierarchy
from tests.unit.pki.hierarchy import NOW, YEAR

LATER = NOW + clock.HOUR
DOCUMENT = b"a contract in OFD"
DIGEST = hashlib.sha256(DOCUMENT).digest()
PLACE = "/Doc_0/Signs/Sign_0/Signature.xml"


@pytest.fixture(scope="module")
def world() -> hierarchy.Hierarchy:
    return hierarchy.make()


@pytest.fixture(scope="module")
def seal(world) -> bytes:
    return a_seal(world)


def a_seal(world, **changes) -> bytes:
    given = {
        "seal_id": "3201150012345",
        "maker_id": "YINXIN",
        "name": "江苏东方科技有限公司",
        "certificates": [world.company.certificate],
        "picture_type": "PNG",
        "picture": b"\x89PNG...",
        "width_mm": 42,
        "height_mm": 42,
        "created_at_ms": NOW,
        "valid_from_ms": NOW,
        "valid_to_ms": NOW + YEAR,
        "maker_key": world.maker.key,
        "maker_certificate": world.maker.certificate,
    } | changes
    return structures.make_seal(**given)


def a_signature(world, seal, **changes) -> bytes:
    given = {
        "seal": seal,
        "document_digest": DIGEST,
        "property_info": PLACE,
        "signed_at_ms": LATER,
        "key": world.company.key,
        "certificate": world.company.certificate,
    } | changes
    return signatures.sign(**given)


def verify(world, encoded, **changes):
    given = {
        "document_digest": DIGEST,
        "roots": [world.root.certificate],
        "intermediates": [world.east.authority.certificate],
        "at_ms": LATER + clock.DAY,
    } | changes
    return verifying.verify_signature(encoded, **given)


def failed(results) -> dict[Step, tuple[str, ...]]:
    assert [result.step for result in results] == list(Step)
    return {one.step: one.reason_codes for one in results if one.outcome is Outcome.FAILED}


def token(world, value: bytes, at_ms: int = LATER, hash_name: str = "sha256") -> bytes:
    """A time-stamp over a signature's value."""
    stamper = ceremony.certify(
        world.east.authority,
        hierarchy.PROFILES["tsa"],
        hierarchy.SUBJECTS["tsa"],
        NOW,
        1,
        world.entropy,
    )
    answer = timestamping.respond(
        timestamping.make_query(hashlib.new(hash_name, value).digest(), 7, hash_name=hash_name),
        key=stamper.key,
        certificate=stamper.certificate,
        chain=[],
        moment=lambda: (at_ms, 9),
        policy="1.3.6.1.4.1.99999.1",
    )
    return timestamping.token_of(answer)


@pytest.mark.row("SEA-4")
def test_a_signature_reads_back_as_it_was_made(world, seal):
    encoded = a_signature(world, seal)
    read = signatures.parse(encoded)
    assert read.seal_der == seal
    assert read.seal == structures.parse(seal)
    assert (read.version, read.signed_at_ms, read.document_digest) == (4, LATER, DIGEST)
    assert (read.property_info, read.time_stamp) == (PLACE, b"")
    assert keys.verify(world.company.certificate.public_key(), read.signature, read.signed)
    assert a_signature(world, seal) == encoded


@pytest.mark.row("SEA-4")
def test_all_nine_steps_pass_with_a_time_stamp_and_the_last_is_open_without(world, seal):
    encoded = a_signature(world, seal)
    results = verify(world, encoded)
    assert [one.outcome for one in results] == [Outcome.PASSED] * 8 + [Outcome.NOT_CHECKED]
    stamped = signatures.stamped(
        encoded, token(world, signatures.parse(encoded).signature, LATER + 2_000)
    )
    assert [one.outcome for one in verify(world, stamped)] == [Outcome.PASSED] * 9
    assert signatures.parse(stamped).signed == signatures.parse(encoded).signed


@pytest.mark.row("SEA-4")
def test_a_key_in_two_halves_signs_between_the_parts(world, seal):
    signed = signatures.signed_part(
        seal=seal, document_digest=DIGEST, property_info=PLACE, signed_at_ms=LATER
    )
    value = world.company.key.sign(signed, keys.SIGNING)
    encoded = signatures.assemble(signed, certificate=world.company.certificate, signature=value)
    assert encoded == a_signature(world, seal)


@pytest.mark.row("SEA-4")
def test_each_step_fails_by_itself_and_the_others_are_told(world, seal):
    good = a_signature(world, seal)
    read = signatures.parse(good)
    stranger = hierarchy.make(99)
    other = hierarchy.one_of_each(world)["enterprise"]
    value = {"key": stranger.company.key}
    cases = {
        Step.FORMAT: (good[:-1], {}),
        Step.MAKER_SIGNATURE: (
            a_signature(world, a_seal(world, maker_key=stranger.maker.key)), {},
        ),
        Step.MAKER_CERTIFICATE: (
            a_signature(
                world,
                a_seal(
                    world,
                    maker_key=stranger.maker.key,
                    maker_certificate=stranger.maker.certificate,
                ),
            ),
            {},
        ),
        Step.SEAL_VALIDITY: (
            a_signature(world, a_seal(world, valid_from_ms=LATER + 1_000)), {},
        ),
        Step.SIGNER_LISTED: (a_signature(world, a_seal(world, certificates=[other[0]])), {}),
        Step.SIGNATURE_VALUE: (a_signature(world, seal, **value), {}),
        Step.DOCUMENT_DIGEST: (good, {"document_digest": b"x" * 32}),
        Step.TIME_STAMP: (signatures.stamped(good, token(world, b"another")), {}),
    }  # fmt: skip
    for step, (encoded, changes) in cases.items():
        told = failed(verify(world, encoded, **changes))
        assert list(told) == [step], (step, told)
        assert verifying.first_failure(verify(world, encoded, **changes)).step is step
    late = a_signature(world, seal, signed_at_ms=NOW + 2 * YEAR)
    told = failed(verify(world, late, at_ms=NOW + 3 * YEAR))
    assert told[Step.SIGNER_CERTIFICATE] == ("expired",)
    assert next(iter(told)) is Step.SEAL_VALIDITY
    assert read.signature_oid == suites.INTERNATIONAL.signature_oid


@pytest.mark.parametrize(
    ("at_ms", "reasons"),
    [(LATER, ()), (LATER - clock.DAY, ("signed_after_time_stamp",))],
)
def test_a_time_stamp_before_the_signature_is_told(world, seal, at_ms, reasons):
    encoded = a_signature(world, seal)
    stamped = signatures.stamped(encoded, token(world, signatures.parse(encoded).signature, at_ms))
    told = verify(world, stamped)[-1].reason_codes
    # A day before, the stamp's own certificate was not valid either.
    assert [one for one in told if "signed" in one] == list(reasons)


def test_stamps_of_other_digests_and_junk_are_told(world, seal):
    encoded = a_signature(world, seal)
    value = signatures.parse(encoded).signature
    stamped = signatures.stamped(encoded, token(world, value, hash_name="sha512"))
    assert failed(verify(world, stamped)) == {}
    assert failed(verify(world, signatures.stamped(encoded, b"junk"))) == {
        Step.TIME_STAMP: ("time_stamp_unreadable",)
    }
    forged = hierarchy.make(98)
    alien = signatures.stamped(encoded, token(forged, value))
    assert failed(verify(world, alien)) == {Step.TIME_STAMP: ("unknown_issuer",)}


def test_an_instant_in_the_future_is_told(world, seal):
    encoded = a_signature(world, seal)
    assert failed(verify(world, encoded, at_ms=LATER - clock.HOUR)) == {
        Step.TIME_STAMP: ("signed_in_the_future",)
    }


@pytest.mark.row("SEA-4")
def test_extensions_are_read_and_a_critical_one_that_nobody_knows_is_told(world):
    known = Extension(oid="1.2.156.1", critical=False, value=b"\x05\x00")
    unknown = Extension(oid="1.2.156.2", critical=True, value=b"")
    sealed = a_seal(world, extensions=[known])
    assert structures.parse(sealed).extensions == (known,)
    assert failed(verify(world, a_signature(world, sealed))) == {}
    signed = signatures.signed_part(
        seal=sealed,
        document_digest=DIGEST,
        property_info=PLACE,
        signed_at_ms=LATER,
        extensions=[unknown],
    )
    encoded = signatures.assemble(
        signed,
        certificate=world.company.certificate,
        signature=world.company.key.sign(signed, keys.SIGNING),
    )
    assert signatures.parse(encoded).extensions == (unknown,)
    assert failed(verify(world, encoded)) == {Step.FORMAT: ("critical_extension",)}


def test_without_the_document_its_step_is_open(world, seal):
    results = verify(world, a_signature(world, seal), document_digest=None)
    assert results[7].outcome is Outcome.NOT_CHECKED


SHA384 = dataclasses.replace(
    suites.INTERNATIONAL,
    signature_oid="1.2.840.10045.4.3.3",
    digest_name="SHA384",
    digest=lambda data: hashlib.sha384(data).digest(),
    digest_size=48,
    sign=lambda key, data: key.sign(data, ec.ECDSA(hashes.SHA384())),
    verify=lambda key, signature, data: _holds(key, signature, data),
)


def _holds(key, signature, data) -> bool:
    try:
        key.verify(signature, data, ec.ECDSA(hashes.SHA384()))
    except Exception:  # noqa: BLE001
        return False
    return True


@pytest.mark.row("SEA-4")
def test_another_suite_joins_by_being_given(world):
    sealed = a_seal(world, suite=SHA384)
    assert len(structures.parse(sealed).listed[0]) == 48
    encoded = a_signature(world, sealed, suite=SHA384)
    assert failed(verify(world, encoded, suite=SHA384)) == {}
    told = failed(verify(world, encoded))
    assert told == {
        Step.MAKER_SIGNATURE: ("signature_algorithm",),
        Step.SIGNER_LISTED: ("not_listed",),
        Step.SIGNATURE_VALUE: ("signature_algorithm",),
    }


def test_a_suite_that_is_not_there_is_refused_by_its_name():
    assert suites.by_oid(suites.INTERNATIONAL.signature_oid) is suites.INTERNATIONAL
    with pytest.raises(suites.SuiteUnknown) as refused:
        suites.by_oid("1.2.156.10197.1.501")
    assert refused.value.params["algorithm"] == "SM2 with SM3"
    with pytest.raises(suites.SuiteUnknown):
        suites.by_oid("1.2.3")


@pytest.mark.parametrize(
    "changes", [{"document_digest": b""}, {"property_info": "签名"}], ids=["no digest", "not IA5"]
)
def test_impossible_signatures_are_not_made(world, seal, changes):
    with pytest.raises(structures.SealFieldMalformed):
        a_signature(world, seal, **changes)


def test_what_is_larger_than_any_seal_is_not_parsed(world, seal):
    for parse, most in (
        (structures.parse, structures.MOST_BYTES),
        (signatures.parse, signatures.MOST_BYTES),
    ):
        with pytest.raises(SealUnreadable):
            parse(seal + b"\0" * most)
    with pytest.raises(structures.SealFieldMalformed):
        a_seal(world, picture=b"x" * (structures.MOST_PICTURE_BYTES + 1))


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60
)
ascii_texts = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=40)
seconds = st.integers(0, 4_000_000_000)


@given(
    name=texts,
    seal_id=ascii_texts,
    maker_id=ascii_texts,
    picture=st.binary(min_size=1, max_size=300),
    sides=st.tuples(st.integers(1, 100), st.integers(1, 100)),
    start=seconds,
    more=st.integers(1, 10**9),
    kind=st.sampled_from(list(structures.SealKind)),
    list_kind=st.sampled_from(list(ListKind)),
    digest=st.binary(min_size=1, max_size=64),
    place=ascii_texts,
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_put_in_comes_out_again(
    world, name, seal_id, maker_id, picture, sides, start, more, kind, list_kind, digest, place
):
    encoded = a_seal(
        world,
        name=name,
        seal_id=seal_id,
        maker_id=maker_id,
        picture=picture,
        width_mm=sides[0],
        height_mm=sides[1],
        created_at_ms=start * 1000,
        valid_from_ms=start * 1000,
        valid_to_ms=(start + more) * 1000,
        kind=kind,
        list_kind=list_kind,
    )
    read = structures.parse(encoded)
    assert (read.name, read.seal_id, read.maker_id) == (name, seal_id, maker_id)
    assert (read.picture, read.width_mm, read.height_mm) == (picture, *sides)
    assert (read.valid_from_ms, read.valid_to_ms) == (start * 1000, (start + more) * 1000)
    assert (read.kind, read.list_kind) == (kind, list_kind)
    assert read.lists(world.company.certificate)
    made = a_signature(
        world, encoded, document_digest=digest, property_info=place, signed_at_ms=start * 1000
    )
    again = signatures.parse(made)
    assert (again.seal, again.document_digest, again.property_info) == (read, digest, place)


def _mutated(chance, encoded: bytes) -> bytes:
    """The bytes with something changed, cut, doubled or put in."""
    made = bytearray(encoded)
    for _ in range(chance.randint(1, 4)):
        place, way = chance.randrange(len(made)), chance.randrange(6)
        if way == 0:
            made[place] ^= 1 << chance.randrange(8)
        elif way == 1:
            made[place] = chance.randrange(256)
        elif way == 2:
            del made[place : place + chance.randint(1, 40)]
        elif way == 3:
            made[place:place] = made[place : place + chance.randint(1, 40)]
        elif way == 4:
            made[place:place] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 9)))
        else:
            # A length that is not there.
            made[place : place + 1] = b"\x84\xff\xff\xff\xff"
        if not made:
            break
    return bytes(made)


@pytest.mark.row("SEA-4")
def test_mutated_der_is_a_verdict_and_never_a_pass(world, seal, count):
    import random

    chance, cases = random.Random(38540), count(250, 1_000)
    signed = signatures.stamped(
        a_signature(world, seal),
        token(world, signatures.parse(a_signature(world, seal)).signature),
    )
    passed = read = 0
    for number in range(cases):
        if number % 2:
            encoded = _mutated(chance, signed)
            results = verify(world, encoded)
            same = encoded == signed
        else:
            encoded = _mutated(chance, seal)
            results = verifying.verify(
                encoded,
                roots=[world.root.certificate],
                intermediates=[world.east.authority.certificate],
                at_ms=LATER,
                signer_certificate=world.company.certificate,
            )
            same = encoded == seal
        read += results[0].outcome is Outcome.PASSED
        passed += not same and all(one.outcome is Outcome.PASSED for one in results)
    print(f"mutations: {cases}, {read} still read, {passed} verified, no traceback")
    assert passed == 0
    assert read > 0


def test_openssl_verifies_what_the_signer_signed_and_reads_the_time_stamp(world, seal, tmp_path):
    encoded = a_signature(world, seal)
    read = signatures.parse(encoded)
    stamp = token(world, read.signature)
    told = {
        "signature.der": encoded,
        "signed": read.signed,
        "value": read.signature,
        "signer.pem": keys.public_to_pem(world.company.certificate.public_key()),
        "stamp": stamp,
    }
    for name, content in told.items():
        (tmp_path / name).write_bytes(content)

    def openssl(*arguments: str) -> str:
        done = subprocess.run(
            ["openssl", *arguments], cwd=tmp_path, capture_output=True, timeout=30, check=True
        )
        return done.stdout.decode()

    assert PLACE in openssl("asn1parse", "-inform", "DER", "-in", "signature.der")
    verified = ("dgst", "-sha256", "-verify", "signer.pem", "-signature", "value", "signed")
    assert "Verified OK" in openssl(*verified)
    shown = openssl("ts", "-reply", "-token_in", "-in", "stamp", "-token_out", "-text")
    digest = hashlib.sha256(read.signature).hexdigest()
    seen = re.sub(r"[^0-9a-f]", "", shown.lower())
    assert all(part in seen for part in (digest[:32], digest[32:]))
