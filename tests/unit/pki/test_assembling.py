"""What is put together from kept parts is byte for byte what cryptography's builder makes."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from engine.kernel import clock, ids
from engine.pki import assembling, authority, certificates, der, keys, lint
from engine.pki.certificates import Subject
from tests.unit.pki.hierarchy import COMPANY, NOW, PROFILES, SUBJECTS, YEAR, make

WORLD = make()
EAST = WORLD.east.authority
ISSUER = certificates.issuer_of(EAST.certificate)
CURVE_KEY = keys.generate(ids.seeded(4, "assembling")).public_key()
RSA_KEY = rsa.RSAPublicNumbers(65537, 2**2048 - 1942289).public_key()
ASSEMBLED = [label for label in SUBJECTS if not PROFILES[label].alternative_names]


def both(label: str, public_key, *, subject: Subject, begin: int, end: int, serial: int):
    """The to-be-signed parts as the builder makes them and as they are put together."""
    profile = PROFILES[label]
    built = certificates.build(
        profile=profile,
        subject=subject,
        public_key=public_key,
        serial=serial,
        not_before_ms=begin,
        not_after_ms=end,
        issuer=EAST.certificate,
        urls=EAST.urls,
    ).sign(authority.LINT_KEY, hashes.SHA256())
    assembled = assembling.to_be_signed(
        profile=profile,
        subject=subject,
        public_key=keys.public_to_der(public_key),
        serial=serial,
        not_before_ms=begin,
        not_after_ms=end,
        issuer=ISSUER,
        urls=EAST.urls,
    )
    return built.tbs_certificate_bytes, assembled


@pytest.mark.row("PKI-1")
@pytest.mark.parametrize("label", ASSEMBLED)
@pytest.mark.parametrize("public_key", [CURVE_KEY, RSA_KEY], ids=["curve", "rsa"])
def test_every_profile_is_put_together_as_the_builder_would(label, public_key, count):
    entropy = ids.seeded(label, "serials")
    for number in range(count(20, 500)):
        # Odd milliseconds, and ends on both sides of 2050, where the type of time changes.
        begin = NOW + number * 7_001
        end = begin + (1 + number % 30) * YEAR
        built, assembled = both(
            label,
            public_key,
            subject=SUBJECTS[label],
            begin=begin,
            end=end,
            serial=certificates.serial_from(entropy, prefix=1 + number % 0x7F),
        )
        assert assembled == built


def test_long_and_short_values_change_nothing_but_themselves():
    for name in ("x", "新疆天山净水科技有限公司", "名" * 64):
        subject = Subject(common_name=name, organization=name, uscc=COMPANY.uscc, state="新疆")
        built, assembled = both(
            "enterprise", CURVE_KEY, subject=subject, begin=NOW, end=NOW + YEAR, serial=1
        )
        assert assembled == built
    small = both("enterprise", CURVE_KEY, subject=COMPANY, begin=NOW, end=NOW + 1, serial=0x80)
    assert small[0] == small[1]


def test_a_key_of_another_form_is_written_in_the_usual_one():
    point = CURVE_KEY.public_bytes(
        keys.serialization.Encoding.X962, keys.serialization.PublicFormat.CompressedPoint
    )
    [head, _] = der.children(keys.public_to_der(CURVE_KEY))
    compressed = der.sequence(head.encoded, der.bits(point))
    assert assembling.canonical_key(compressed) == keys.public_to_der(CURVE_KEY)
    with pytest.raises(keys.KeyUnreadable):
        assembling.canonical_key(b"\x30\x00")


@pytest.mark.row("PKI-1")
def test_a_point_that_is_none_is_refused_before_the_signature():
    off = assembling.P256_HEAD + bytes(63) + b"\x01"
    with pytest.raises(lint.LintRefused):
        EAST.issue_encoded(
            profile=PROFILES["enterprise"],
            subject=COMPANY,
            public_key=off,
            serial=certificates.serial_from(ids.seeded(1, "off")),
            not_before_ms=NOW,
            not_after_ms=NOW + YEAR,
        )


@pytest.mark.row("PKI-1")
def test_a_kept_verdict_is_of_the_very_bytes_it_was_given_for():
    """One certificate is judged well; another whose extensions differ in one octet is judged anew."""
    profile = PROFILES["enterprise"]
    entropy = ids.seeded(2, "verdicts")

    def issued() -> bytes:
        return EAST.issue_encoded(
            profile=profile,
            subject=COMPANY,
            public_key=keys.public_to_der(keys.generate(entropy).public_key()),
            serial=certificates.serial_from(entropy),
            not_before_ms=NOW,
            not_after_ms=NOW + 30 * clock.DAY,
        )

    def found(encoded: bytes) -> set[str]:
        given = lint.examine(encoded, profile, issuer=EAST.certificate, urls=EAST.urls)
        return {one.code for one in given}

    good = issued()
    assert found(good) == set()
    usage = der.octets(bytes.fromhex("030206c0"))
    [at] = [place for place in range(len(good)) if good.startswith(usage, place)]
    for value in range(1, 256):
        changed = bytearray(good)
        changed[at + len(usage) - 1] ^= value
        assert found(bytes(changed)), value
        assert found(issued()) == set()
    own = der.octets(der.octets(assembling.identifier(_key_of(good))))
    at = good.index(own) + len(own) - 1
    changed = bytearray(good)
    changed[at] ^= 1
    assert found(bytes(changed)) == {"subject_key_identifier"}
    code = der.octets(der.utf8(COMPANY.uscc))
    at = good.index(code) + len(code) - 1
    changed = bytearray(good)
    changed[at] ^= 1
    assert found(bytes(changed)) == {"uscc_extension_differs"}


def _key_of(encoded: bytes) -> bytes:
    signed, _, _ = der.children(encoded)
    return der.children(signed.encoded)[6].encoded


def test_the_worthless_key_is_known():
    assert assembling.WORTHLESS.private_numbers().private_value == 1
    assert isinstance(assembling.WORTHLESS, ec.EllipticCurvePrivateKey)
