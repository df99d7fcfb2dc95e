import dataclasses
import hashlib
import subprocess

import pytest
from asn1crypto import core
from cryptography import x509

from engine.kernel import clock
from engine.pki import ceremony, certificates, keys
from engine.pki.authority import Reason, Revoked
from engine.ses import asn1, structures, verifying
from engine.ses.structures import ListKind, SealKind
from engine.ses.verifying import Outcome, Step
from tests.unit.pki import hierarchy
from tests.unit.pki.hierarchy import NOW, YEAR

LATER = NOW + clock.HOUR


@pytest.fixture(scope="module")
def world() -> hierarchy.Hierarchy:
    return hierarchy.make()


def made(world, **changes) -> bytes:
    given = {
        "seal_id": "3201150012345",
        "maker_id": "YINXIN",
        "name": "江苏东方科技有限公司",
        "certificates": [world.company.certificate],
        "picture_type": "PNG",
        "picture": b"\x89PNG...",
        "width_mm": 42,
        "height_mm": 42,
        "created_at_ms": NOW + 999,
        "valid_from_ms": NOW,
        "valid_to_ms": NOW + YEAR,
        "maker_key": world.maker.key,
        "maker_certificate": world.maker.certificate,
    } | changes
    return structures.make_seal(**given)


def verify(world, encoded, **changes):
    given = {
        "roots": [world.root.certificate],
        "intermediates": [world.east.authority.certificate],
        "at_ms": LATER,
        "signer_certificate": world.company.certificate,
    } | changes
    return verifying.verify(encoded, **given)


def failed(results) -> dict[Step, tuple[str, ...]]:
    assert [result.step for result in results] == list(verifying.SEAL_STEPS)
    return {one.step: one.reason_codes for one in results if one.outcome is Outcome.FAILED}


@pytest.mark.row("SEA-4")
def test_a_seal_reads_back_as_it_was_made(world):
    seal = structures.parse(made(world))
    assert seal == structures.Seal(
        version=4,
        maker_id="YINXIN",
        seal_id="3201150012345",
        kind=SealKind.UNIT,
        name="江苏东方科技有限公司",
        list_kind=ListKind.DIGESTS,
        listed=(hashlib.sha256(certificates.to_der(world.company.certificate)).digest(),),
        created_at_ms=NOW,
        valid_from_ms=NOW,
        valid_to_ms=NOW + YEAR,
        picture_type="PNG",
        picture=b"\x89PNG...",
        width_mm=42,
        height_mm=42,
        maker_certificate=certificates.to_der(world.maker.certificate),
        signature_oid="1.2.840.10045.4.3.2",
        signature=seal.signature,
        signed=seal.signed,
    )


def test_the_fields_stand_in_the_order_of_the_standard(world):
    seal = core.Sequence.load(made(world))
    info, maker, algorithm, value = (seal[place] for place in range(4))
    assert [type(one) for one in (maker, algorithm, value)] == [
        core.OctetString, core.ObjectIdentifier, core.BitString,
    ]  # fmt: skip
    header, seal_id, properties, picture = (info[place] for place in range(4))
    assert [type(header[n]) for n in range(3)] == [core.IA5String, core.Integer, core.IA5String]
    assert isinstance(seal_id, core.IA5String)
    assert [type(properties[n]) for n in range(7)] == [
        core.Integer, core.UTF8String, core.Integer, core.Sequence,
        core.GeneralizedTime, core.GeneralizedTime, core.GeneralizedTime,
    ]  # fmt: skip
    assert [type(picture[n]) for n in range(4)] == [
        core.IA5String, core.OctetString, core.Integer, core.Integer,
    ]  # fmt: skip


def test_openssl_reads_a_seal_and_verifies_the_makers_signature(world, tmp_path):
    encoded = made(world)
    seal = structures.parse(encoded)
    key = world.maker.certificate.public_key()
    files = {"seal": encoded, "signed": seal.signed, "signature": seal.signature}
    files["maker.pem"] = keys.public_to_pem(key)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    told = _openssl(tmp_path, "asn1parse", "-inform", "DER", "-in", "seal")
    assert "UTF8STRING        :江苏东方科技有限公司" in told
    verified = ("dgst", "-sha256", "-verify", "maker.pem", "-signature", "signature", "signed")
    assert "Verified OK" in _openssl(tmp_path, *verified)


def _openssl(folder, *arguments: str) -> str:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, timeout=30, check=True
    )
    return done.stdout.decode()


def test_the_same_seal_is_the_same_bytes(world):
    assert made(world) == made(hierarchy.make())


@pytest.mark.row("SEA-4")
@pytest.mark.parametrize("list_kind", ListKind)
def test_a_good_seal_passes_every_step(world, list_kind):
    results = verify(world, made(world, list_kind=list_kind))
    assert [result.outcome for result in results] == [Outcome.PASSED] * 6
    assert verifying.first_failure(results) is None


def test_without_a_signer_its_steps_are_not_checked(world):
    results = verify(world, made(world), signer_certificate=None)
    assert [result.outcome for result in results] == [Outcome.PASSED] * 4 + [
        Outcome.NOT_CHECKED
    ] * 2


def test_a_changed_picture_breaks_the_makers_signature_and_the_rest_is_still_told(world):
    encoded = made(world).replace(b"\x89PNG...", b"\x89PNG..!")
    assert failed(verify(world, encoded)) == {Step.MAKER_SIGNATURE: ("bad_signature",)}


def test_a_seal_that_another_made_is_told_at_both_steps(world):
    stranger = hierarchy.make(99)
    encoded = made(world, maker_key=stranger.maker.key)
    assert failed(verify(world, encoded)) == {Step.MAKER_SIGNATURE: ("bad_signature",)}
    encoded = made(
        world, maker_key=stranger.maker.key, maker_certificate=stranger.maker.certificate
    )
    assert failed(verify(world, encoded)) == {Step.MAKER_CERTIFICATE: ("unknown_issuer",)}


def test_a_maker_must_be_a_unit(world):
    person = ceremony.certify(
        world.east.authority,
        hierarchy.PROFILES["individual"],
        certificates.Subject(common_name="张伟"),
        NOW,
        1,
        world.entropy,
    )
    encoded = made(world, maker_key=person.key, maker_certificate=person.certificate)
    assert failed(verify(world, encoded)) == {Step.MAKER_CERTIFICATE: ("not_a_unit",)}
    root = made(world, maker_key=world.root.key, maker_certificate=world.root.certificate)
    assert failed(verify(world, root)) == {Step.MAKER_CERTIFICATE: ("key_usage",)}


def test_the_window_of_validity_is_half_open(world):
    encoded = made(world, valid_from_ms=LATER, valid_to_ms=LATER + clock.DAY)
    assert failed(verify(world, encoded)) == {}
    late = failed(verify(world, encoded, at_ms=LATER + clock.DAY))
    assert late == {Step.SEAL_VALIDITY: ("expired",)}
    early = failed(verify(world, encoded, at_ms=LATER - 1))
    assert early == {Step.SEAL_VALIDITY: ("not_yet_valid",)}


def test_a_certificate_that_is_not_listed_is_refused(world):
    other = hierarchy.one_of_each(world)["enterprise"][0]
    found = verify(world, made(world), signer_certificate=other)
    assert failed(found) == {Step.SIGNER_LISTED: ("not_listed",)}
    nobody = made(world, certificates=[])
    assert failed(verify(world, nobody)) == {Step.SIGNER_LISTED: ("not_listed",)}


def test_several_failures_are_all_told_and_the_first_is_first(world):
    encoded = made(world).replace(b"\x89PNG...", b"\x89PNG..!")
    results = verify(world, encoded, at_ms=NOW + 2 * YEAR)
    assert failed(results) == {
        Step.MAKER_SIGNATURE: ("bad_signature",),
        Step.SEAL_VALIDITY: ("expired",),
        Step.SIGNER_CERTIFICATE: ("expired",),
    }
    assert verifying.first_failure(results).step is Step.MAKER_SIGNATURE


@pytest.mark.parametrize(
    ("whose", "step"),
    [("company", Step.SIGNER_CERTIFICATE), ("maker", Step.MAKER_CERTIFICATE)],
)
@pytest.mark.parametrize(
    ("reason", "code"), [(Reason.SUPERSEDED, "revoked"), (Reason.CERTIFICATE_HOLD, "on_hold")]
)
def test_revoked_and_held_certificates_are_told(world, whose, step, reason, code):
    serial = getattr(world, whose).certificate.serial_number
    period = {"number": 1, "this_update_ms": NOW, "next_update_ms": NOW + clock.DAY}
    revoked = [Revoked(serial=serial, revoked_at_ms=NOW, reason=reason)]
    crls = [
        x509.load_der_x509_crl(world.root.crl(revoked=(), **period)),
        x509.load_der_x509_crl(world.east.authority.crl(revoked=revoked, **period)),
    ]
    assert failed(verify(world, made(world), crls=crls)) == {step: (code,)}


def test_another_suite_is_told(world):
    gm = dataclasses.replace(structures.INTERNATIONAL, signature_oid="1.2.156.10197.1.501")
    assert failed(verify(world, made(world, suite=gm))) == {
        Step.MAKER_SIGNATURE: ("signature_algorithm",)
    }
    assert failed(verify(world, made(world, suite=gm), suite=gm)) == {}


def test_a_maker_certificate_that_is_junk_is_told(world):
    seal = asn1.SESeal.load(made(world))
    seal["cert"] = b"junk"
    assert failed(verify(world, seal.dump(force=True))) == {
        Step.MAKER_SIGNATURE: ("maker_certificate_unreadable",)
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"\x16\x02ES\x02\x01\x04", b"\x16\x02ES\x02\x01\x05"), (b"\x16\x02ES", b"\x16\x02XX")],
)
def test_another_header_is_not_read(world, old, new):
    encoded = made(world)
    assert old in encoded
    results = verify(world, encoded.replace(old, new))
    assert list(failed(results)) == [Step.FORMAT]
    assert {one.outcome for one in results[1:]} == {Outcome.NOT_CHECKED}


def test_every_cut_and_every_flipped_byte_is_a_verdict_and_never_a_pass(world):
    encoded = made(world)
    for place in range(0, len(encoded), 3):
        with pytest.raises(structures.SealUnreadable):
            structures.parse(encoded[:place])
        flipped = encoded[:place] + bytes((encoded[place] ^ 0x21,)) + encoded[place + 1 :]
        assert failed(verify(world, flipped)), place


@pytest.mark.parametrize(
    "changes",
    [
        {"width_mm": 0},
        {"height_mm": 101},
        {"picture": b""},
        {"valid_to_ms": NOW},
        {"seal_id": "公章"},
        {"maker_id": "印信"},
    ],
)
def test_impossible_seals_are_not_made(world, changes):
    with pytest.raises(structures.SealFieldMalformed):
        made(world, **changes)


def test_a_signature_made_with_a_seal_keeps_its_bytes(world):
    signature = asn1.SesSignature(
        {
            "to_sign": {
                "version": 4,
                "eseal": asn1.SESeal.load(made(world)),
                "time_info": clock.to_datetime(NOW),
                "data_hash": b"d" * 32,
                "property_info": "/Doc_0/Signs/Sign_0/Signature.xml",
            },
            "cert": certificates.to_der(world.company.certificate),
            "signature_alg_id": "1.2.840.10045.4.3.2",
            "signature": b"s" * 70,
        }
    )
    encoded = signature.dump()
    read = asn1.SesSignature.load(encoded, strict=True)
    assert read["to_sign"]["eseal"].dump() == made(world)
    assert read.dump(force=True) == encoded
