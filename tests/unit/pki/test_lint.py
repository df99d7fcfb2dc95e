"""Every clause the linter knows is broken once, on purpose, in a certificate that is else good."""

import dataclasses
import re
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID, NameOID

from engine.kernel import clock, ids
from engine.pki import authority, certificates, der, keys, lint
from tests.unit.pki.hierarchy import (
    COMPANY,
    NOW,
    PROFILES,
    SUBJECTS,
    YEAR,
    issued,
    make,
    one_of_each,
)

PROFILE = PROFILES["enterprise"]
WORLD = make()
EAST = WORLD.east.authority
PUBLIC = WORLD.company.certificate.public_key()
USCC = x509.ObjectIdentifier("1.2.156.10260.4.1.4")


def builder(profile=PROFILE, subject=COMPANY, **changes):
    given = {
        "public_key": PUBLIC,
        "serial": certificates.serial_from(ids.seeded(9, "serial")),
        "not_before_ms": NOW,
        "not_after_ms": NOW + YEAR,
        "issuer": EAST.certificate,
        "urls": EAST.urls,
    } | changes
    return certificates.build(profile=profile, subject=subject, **given)


def signed(built, algorithm=None, key=authority.LINT_KEY) -> bytes:
    return certificates.to_der(built.sign(key, algorithm or hashes.SHA256()))


def codes(encoded: bytes, profile=PROFILE, issuer=EAST.certificate) -> list[str]:
    found = lint.examine(encoded, profile, issuer=issuer, urls=EAST.urls)
    return [finding.code for finding in found]


def rebuilt(change) -> bytes:
    """The good certificate with its extensions passed through `change(oid, critical, value)`."""
    good = x509.load_der_x509_certificate(signed(builder()))
    again = (
        x509.CertificateBuilder()
        .issuer_name(good.issuer)
        .subject_name(good.subject)
        .public_key(good.public_key())
        .serial_number(good.serial_number)
        .not_valid_before(good.not_valid_before_utc)
        .not_valid_after(good.not_valid_after_utc)
    )
    for extension in good.extensions:
        kept = change(extension.oid, extension.critical, extension.value)
        if kept is not None:
            again = again.add_extension(kept[1], kept[0])
    return signed(again)


def without(oid):
    return lambda at, critical, value: None if at == oid else (critical, value)


def instead(oid, other, critical=None):
    def change(at, was_critical, value):
        if at != oid:
            return was_critical, value
        return (was_critical if critical is None else critical), other or value

    return change


def named(*attributes) -> bytes:
    """The good certificate with another subject."""
    name = x509.Name(
        [x509.NameAttribute(oid, text, kind, _validate=False) for oid, text, kind in attributes]
    )
    return patched(5, name.public_bytes())


def patched(place: int, encoded: bytes) -> bytes:
    """The good certificate with one field of its to-be-signed part replaced."""
    tbs, algorithm, signature = der.children(signed(builder()))
    parts = [field.encoded for field in der.children(tbs.encoded)]
    parts[place] = encoded
    return der.sequence(der.sequence(*parts), algorithm.encoded, signature.encoded)


def of_version_1() -> bytes:
    tbs, algorithm, signature = der.children(signed(builder()))
    parts = [field.encoded for field in der.children(tbs.encoded)]
    return der.sequence(der.sequence(*parts[1:-1]), algorithm.encoded, signature.encoded)


def with_unique_identifier() -> bytes:
    tbs, algorithm, signature = der.children(signed(builder()))
    parts = [field.encoded for field in der.children(tbs.encoded)]
    parts.insert(7, der.tlv(0x81, b"\x00\x2a"))
    return der.sequence(der.sequence(*parts), algorithm.encoded, signature.encoded)


UTF8, PRINTABLE = x509.name._ASN1Type.UTF8String, x509.name._ASN1Type.PrintableString
C = (NameOID.COUNTRY_NAME, "CN", PRINTABLE)
O = (NameOID.ORGANIZATION_NAME, "江苏东方科技有限公司", UTF8)  # noqa: E741
ID = (NameOID.ORGANIZATION_IDENTIFIER, "NTRCN-91320100MA1K00001X", UTF8)
CN = (NameOID.COMMON_NAME, "江苏东方科技有限公司", UTF8)
OID = ExtensionOID


def other_key():
    return keys.generate(ids.seeded(3, "other")).public_key()


def _validity(starts_ms: int, ends: bytes) -> bytes:
    begin = der.tlv(der.UTC_TIME, f"{clock.to_datetime(starts_ms):%y%m%d%H%M%SZ}".encode())
    return der.sequence(begin, ends)


DEFECTS = {
    "serial of 40 bits": (lambda: signed(builder(serial=2**39)), "serial_too_short"),
    "serial zero": (lambda: patched(1, der.integer(0)), "serial_not_positive"),
    "serial negative": (lambda: patched(1, der.integer(-(2**80))), "serial_not_positive"),
    "serial of 21 octets": (lambda: patched(1, der.integer(2**160)), "serial_too_long"),
    "version 1": (lambda: of_version_1(), "version_not_v3"),
    "version 2": (lambda: patched(0, der.explicit(0, der.integer(1))), "unreadable"),
    "signed with SHA-384": (
        lambda: signed(builder(), hashes.SHA384()), "signature_algorithm"),
    "another issuer's name": (
        lambda: signed(builder(issuer=WORLD.south.authority.certificate)), "issuer_name_differs"),
    "longer than the profile allows": (
        lambda: signed(builder(not_after_ms=NOW + 6 * YEAR)), "validity_too_long"),
    "outlives its issuer": (
        lambda: signed(builder(not_before_ms=NOW + 14 * YEAR, not_after_ms=NOW + 16 * YEAR)),
        "validity_beyond_issuer"),
    "older than its issuer": (
        lambda: signed(builder(not_before_ms=NOW - YEAR)), "validity_before_issuer"),
    "ends before it begins": (
        lambda: patched(4, _validity(NOW, der.tlv(der.UTC_TIME, b"260101000000Z"))),
        "validity_empty"),
    "GeneralizedTime before 2050": (
        lambda: patched(4, _validity(NOW, der.generalized_time(NOW + YEAR))), "time_type"),
    "organization of 65 characters": (
        lambda: named(C, (O[0], "江" * 65, UTF8), ID, CN), "subject_value"),
    "organization as PrintableString": (
        lambda: named(C, (O[0], "Jiangsu", PRINTABLE), ID, CN), "subject_string_type"),
    "country as UTF8String": (
        lambda: named((C[0], "CN", UTF8), O, ID, CN), "subject_string_type"),
    "organization identifier without scheme": (
        lambda: named(C, O, (ID[0], "VATCN-1", UTF8), CN), "subject_value"),
    "no organization": (lambda: named(C, ID, CN), "subject_attribute_missing"),
    "attributes out of order": (lambda: named(C, CN, ID, O), "subject_order"),
    "an attribute twice": (lambda: named(C, O, O, ID, CN), "subject_order"),
    "an attribute outside the template": (
        lambda: named(C, O, ID, CN, (NameOID.EMAIL_ADDRESS, "a@b.cn", None)),
        "subject_attribute_unknown"),
    "RSA of 1024 bits": (
        lambda: signed(builder(public_key=rsa.generate_private_key(65537, 1024).public_key())),
        "key_weak"),
    "another curve": (
        lambda: signed(builder(public_key=ec.derive_private_key(7, ec.SECP384R1()).public_key())),
        "key_curve"),
    "another kind of key": (
        lambda: signed(
            builder(public_key=ed25519.Ed25519PrivateKey.from_private_bytes(b"7" * 32).public_key())
        ),
        "key_kind"),
    "the issuer's own key": (
        lambda: signed(builder(public_key=EAST.certificate.public_key())), "key_is_the_issuers"),
    "no subject key identifier": (
        lambda: rebuilt(without(OID.SUBJECT_KEY_IDENTIFIER)), "extension_missing"),
    "no authority key identifier": (
        lambda: rebuilt(without(OID.AUTHORITY_KEY_IDENTIFIER)), "extension_missing"),
    "no revocation list": (
        lambda: rebuilt(without(OID.CRL_DISTRIBUTION_POINTS)), "extension_missing"),
    "no credit code": (lambda: rebuilt(without(USCC)), "extension_missing"),
    "key usage not critical": (
        lambda: rebuilt(instead(OID.KEY_USAGE, None, critical=False)), "extension_criticality"),
    "policies critical": (
        lambda: rebuilt(instead(OID.CERTIFICATE_POLICIES, None, critical=True)),
        "extension_criticality"),
    "an alternative name": (
        lambda: signed(builder().add_extension(
            x509.SubjectAlternativeName([x509.DNSName("a.example")]), False)),
        "extension_forbidden"),
    "an unknown critical extension": (
        lambda: signed(builder().add_extension(
            x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)),
        "extension_forbidden"),
    "a foreign subject key identifier": (
        lambda: rebuilt(instead(
            OID.SUBJECT_KEY_IDENTIFIER, x509.SubjectKeyIdentifier.from_public_key(other_key()))),
        "subject_key_identifier"),
    "a foreign authority key identifier": (
        lambda: rebuilt(instead(
            OID.AUTHORITY_KEY_IDENTIFIER,
            x509.AuthorityKeyIdentifier.from_issuer_public_key(other_key()))),
        "authority_key_identifier"),
    "an enterprise that is an authority": (
        lambda: rebuilt(instead(OID.BASIC_CONSTRAINTS, x509.BasicConstraints(True, None))),
        "basic_constraints"),
    "a key usage too many": (
        lambda: rebuilt(instead(OID.KEY_USAGE, certificates.key_usage(
            (*PROFILE.key_usage, PROFILES["root"].key_usage[0])))),
        "key_usage"),
    "another policy": (
        lambda: rebuilt(instead(OID.CERTIFICATE_POLICIES, x509.CertificatePolicies(
            [x509.PolicyInformation(x509.ObjectIdentifier("2.5.29.32.0"), None)]))),
        "policies"),
    "another agency's revocation list": (
        lambda: rebuilt(instead(OID.CRL_DISTRIBUTION_POINTS, x509.CRLDistributionPoints([
            x509.DistributionPoint(
                [x509.UniformResourceIdentifier(WORLD.south.authority.urls.crl)],
                None, None, None)]))),
        "crl_distribution_point"),
    "another agency's delta": (
        lambda: rebuilt(instead(OID.FRESHEST_CRL, x509.FreshestCRL([
            x509.DistributionPoint(
                [x509.UniformResourceIdentifier(WORLD.south.authority.urls.delta)],
                None, None, None)]))),
        "freshest_crl"),
    "no OCSP address": (
        lambda: rebuilt(instead(OID.AUTHORITY_INFORMATION_ACCESS, x509.AuthorityInformationAccess([
            x509.AccessDescription(
                AuthorityInformationAccessOID.CA_ISSUERS,
                x509.UniformResourceIdentifier(EAST.urls.ca_issuers))]))),
        "authority_information_access"),
    "another company's credit code": (
        lambda: rebuilt(instead(
            USCC, x509.UnrecognizedExtension(USCC, der.utf8("91320100MA1K00009X")))),
        "uscc_extension_differs"),
    "another algorithm inside than outside": (
        lambda: patched(2, der.sequence(der.oid("1.2.840.10045.4.3.3"))),
        "signature_algorithm_differs"),
    "a unique identifier": (lambda: with_unique_identifier(), "unique_identifier"),
    "RSA with a small factor": (
        lambda: signed(builder(public_key=rsa.RSAPublicNumbers(65537, 751 * (2**2040 + 1)).public_key())),
        "key_small_factor"),
    "RSA with the exponent 3": (
        lambda: signed(builder(public_key=rsa.RSAPublicNumbers(3, 2**2048 - 1942289).public_key())),
        "key_weak"),
    "junk": (lambda: b"\x30\x03\x02\x01\x01", "unreadable"),
}  # fmt: skip


def test_a_good_certificate_of_every_profile_has_no_finding():
    for label, (certificate, issuer) in one_of_each(WORLD).items():
        urls = WORLD.root.urls if issuer in (None, WORLD.root.certificate) else EAST.urls
        encoded = certificates.to_der(certificate)
        assert lint.examine(encoded, PROFILES[label], issuer=issuer, urls=urls) == (), label


@pytest.mark.row("PKI-1")
@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_found(defect):
    plant, code = DEFECTS[defect]
    assert code in codes(plant())


def wrong_purpose() -> list[str]:
    certificate, issuer = one_of_each(WORLD)["ocsp"]
    return codes(certificates.to_der(certificate), PROFILES["tsa"], issuer)


def hostless(hosts: tuple[str, ...] = ()) -> list[str]:
    subject = dataclasses.replace(SUBJECTS["server"], hosts=hosts)
    encoded = signed(builder(PROFILES["server"], subject, not_after_ms=NOW + clock.DAY))
    return codes(encoded, PROFILES["server"])


# Rules that an enterprise's certificate cannot break, each with a certificate of another kind that does.
BROKEN_ELSEWHERE = {"extended_key_usage": wrong_purpose, "alternative_names": hostless}


@pytest.mark.row("PKI-1")
@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("code", lint.RULES)
def test_each_rule_has_a_certificate_that_breaks_it_and_one_that_keeps_it(code):
    breaking = [plant for plant, broken in DEFECTS.values() if broken == code]
    if breaking:
        assert all(code in codes(plant()) for plant in breaking)
    else:
        assert code in BROKEN_ELSEWHERE[code]()
    kept = codes(signed(builder()))
    assert kept == []
    assert lint.RULES[code].clause
    assert lint.RULES[code].says


def test_every_finding_in_the_source_is_a_rule_of_the_table():
    folder = Path(lint.__file__).parent
    named = {
        found
        for file in folder.glob("*.py")
        for found in re.findall(r'Finding\(code="([a-z0-9_]+)"', file.read_text(encoding="utf-8"))
    }
    assert named == set(lint.RULES)


@pytest.mark.row("PKI-1")
def test_no_planted_defect_reaches_the_signature():
    """At least twenty kinds of defect, each refused before the real key is touched (security 3.11)."""

    class Untouched(ec.EllipticCurvePrivateKey):
        curve = EAST.key.curve
        key_size = EAST.key.key_size

        def sign(self, data, signature_algorithm):
            raise AssertionError("the real key signed a defect")

        def public_key(self):
            return EAST.key.public_key()

        exchange = private_bytes = private_numbers = __copy__ = __deepcopy__ = sign

    planted = {
        "serial": {"serial": 7},
        "term": {"not_after_ms": NOW + 6 * YEAR},
        "issuer outlived": {"not_before_ms": NOW + 14 * YEAR, "not_after_ms": NOW + 16 * YEAR},
        "before the issuer": {"not_before_ms": NOW - YEAR},
        "its issuer's key": {"public_key": EAST.certificate.public_key()},
        "weak RSA": {"public_key": rsa.generate_private_key(65537, 1024).public_key()},
        "another curve": {"public_key": ec.derive_private_key(7, ec.SECP384R1()).public_key()},
        "Edwards curve": {
            "public_key": ed25519.Ed25519PrivateKey.from_private_bytes(b"7" * 32).public_key()
        },
        "small factor": {
            "public_key": rsa.RSAPublicNumbers(65537, 751 * (2**2040 + 1)).public_key()
        },
        "small exponent": {"public_key": rsa.RSAPublicNumbers(3, 2**2048 - 1942289).public_key()},
    }
    url_defects = [
        "https://pki.example/c",
        "ldap://pki.example/c",
        "",
        "http://",
        "http://印.example",
    ]
    refused = 0
    for changes in planted.values():
        with pytest.raises(lint.LintRefused):
            authority.sign_linted(
                builder(**changes), Untouched(), profile=PROFILE, issuer=EAST.certificate,
                urls=EAST.urls,
            )  # fmt: skip
        refused += 1
    for url in url_defects:
        urls = dataclasses.replace(EAST.urls, crl=url, ocsp=url)
        with pytest.raises(lint.LintRefused):
            authority.sign_linted(
                builder(urls=EAST.urls), Untouched(), profile=PROFILE, issuer=EAST.certificate,
                urls=urls,
            )  # fmt: skip
        refused += 1
    for label in ("individual", "event", "tsa", "ocsp", "seal_maker", "enterprise_encryption"):
        with pytest.raises(lint.LintRefused):
            authority.sign_linted(
                builder(), Untouched(), profile=PROFILES[label], issuer=EAST.certificate,
                urls=EAST.urls,
            )  # fmt: skip
        refused += 1
    assert refused == 21


@pytest.mark.row("PKI-1")
def test_an_rsa_4096_key_is_certified():
    key = rsa.generate_private_key(65537, 4096).public_key()
    made = issued(WORLD, "enterprise", COMPANY, EAST, key)
    assert made.public_key() == key


@pytest.mark.row("CRT-6")
def test_an_encryption_certificate_enciphers_or_agrees_as_its_key_can():
    on_a_curve = issued(WORLD, "enterprise_encryption", COMPANY, EAST)
    rsa_key = rsa.generate_private_key(65537, 2048).public_key()
    of_rsa = issued(WORLD, "enterprise_encryption", COMPANY, EAST, rsa_key)
    uses = [
        one.extensions.get_extension_for_class(x509.KeyUsage).value for one in (on_a_curve, of_rsa)
    ]
    assert [u.key_agreement for u in uses] == [True, False]
    assert [u.key_encipherment and u.data_encipherment for u in uses] == [False, True]
    assert not any(u.digital_signature or u.content_commitment for u in uses)


@pytest.mark.parametrize("url", ["https://pki.example/c", "ldap://pki.example/c", "", "http://"])
def test_addresses_that_nobody_can_fetch_are_found(url):
    urls = dataclasses.replace(EAST.urls, crl=url, ocsp=url)
    encoded = signed(builder(urls=urls))
    found = lint.examine(encoded, PROFILE, issuer=EAST.certificate, urls=urls)
    assert {finding.code for finding in found} == {
        "crl_distribution_point",
        "authority_information_access",
    }


@pytest.mark.parametrize(
    "hosts",
    [(), ("-x.example",), ("a_b.example",), ("x..example",), ("*.example",), ("x" * 64,), ("a/b",)],
)
def test_alternative_names_that_no_host_has_are_found(hosts):
    assert "alternative_names" in hostless(hosts)


def test_a_refusal_names_every_finding():
    encoded = signed(builder(serial=5, not_after_ms=NOW + 6 * YEAR))
    with pytest.raises(lint.LintRefused) as refused:
        lint.require(encoded, PROFILE, issuer=EAST.certificate, urls=EAST.urls)
    assert "serial_too_short (3 bits); validity_too_long" in str(refused.value)


def test_linting_takes_less_than_a_millisecond():
    encoded = signed(builder())
    began = time.process_time()
    for _ in range(100):
        codes(encoded)
    assert (time.process_time() - began) / 100 < 0.001
