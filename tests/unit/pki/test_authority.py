import dataclasses

import pytest
from cryptography import exceptions, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from engine.kernel import clock, ids
from engine.pki import authority, ceremony, certificates, keys, lint
from engine.pki.authority import Reason, Revoked
from tests.unit.pki import hierarchy
from tests.unit.pki.hierarchy import COMPANY, NOW, PROFILES, YEAR


class RemoteKey(ec.EllipticCurvePrivateKey):
    """A key that lives elsewhere: it answers the two questions that signing asks."""

    def __init__(self, inner: ec.EllipticCurvePrivateKey) -> None:
        self.inner, self.signed = inner, []

    def sign(self, data, signature_algorithm):
        self.signed.append(bytes(data))
        return self.inner.sign(data, signature_algorithm)

    def public_key(self):
        return self.inner.public_key()

    @property
    def curve(self):
        return self.inner.curve

    @property
    def key_size(self):
        return self.inner.key_size

    def exchange(self, algorithm, peer_public_key):
        raise NotImplementedError

    def private_numbers(self):
        raise NotImplementedError

    def private_bytes(self, encoding, format, encryption_algorithm):
        raise NotImplementedError

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


def issue(issuer, **changes):
    given = {
        "profile": PROFILES["enterprise"],
        "subject": COMPANY,
        "public_key": keys.generate(ids.seeded(4, "company")).public_key(),
        "serial": certificates.serial_from(ids.seeded(4, "serial")),
        "not_before_ms": NOW + 999,
        "not_after_ms": NOW + YEAR + 999,
    } | changes
    return issuer.issue(**given)


@pytest.mark.row("PKI-1")
def test_the_same_seed_gives_byte_identical_certificates_and_keys():
    first, again, other = hierarchy.make(1), hierarchy.make(1), hierarchy.make(2)
    assert first.east.files() == again.east.files()
    assert ceremony.root_files(first.root) == ceremony.root_files(again.root)
    assert first.company.files("c", None) == again.company.files("c", None)
    assert first.maker.files("m", None) == again.maker.files("m", None)
    assert first.east.files() != other.east.files()


def test_an_issued_certificate_says_what_was_asked(world):
    certificate = issue(world.east.authority)
    certificate.verify_directly_issued_by(world.east.authority.certificate)
    assert clock.from_datetime(certificate.not_valid_before_utc) == NOW
    assert clock.from_datetime(certificate.not_valid_after_utc) == NOW + YEAR
    assert certificate.serial_number == certificates.serial_from(ids.seeded(4, "serial"))
    extension = certificate.extensions.get_extension_for_oid(
        x509.ObjectIdentifier("1.2.156.10260.4.1.4")
    )
    assert extension.value.value == b"\x0c\x1291320100MA1K00001X"


@pytest.mark.row("PKI-1")
def test_nothing_is_signed_when_the_linter_refuses(world):
    remote = RemoteKey(world.east.authority.key)
    watched = dataclasses.replace(world.east.authority, key=remote)
    for changes in (
        {"serial": 5},
        {"serial": -5},
        {"not_after_ms": NOW + 30 * YEAR},
        {"not_after_ms": NOW - YEAR},
        {"public_key": world.east.authority.certificate.public_key()},
    ):
        with pytest.raises(lint.LintRefused):
            issue(watched, **changes)
    assert remote.signed == []


def test_a_key_that_lives_elsewhere_signs_certificates_and_lists_alike(world):
    remote = RemoteKey(world.east.authority.key)
    watched = dataclasses.replace(world.east.authority, key=remote)
    certificate = issue(watched)
    assert certificate == issue(world.east.authority)
    assert remote.signed == [certificate.tbs_certificate_bytes]
    listed = {"revoked": (), "number": 1, "this_update_ms": NOW, "next_update_ms": NOW + YEAR}
    assert watched.crl(**listed) == world.east.authority.crl(**listed)


def test_the_copy_that_is_linted_is_worthless(world):
    builder = certificates.build(
        profile=PROFILES["enterprise"],
        subject=COMPANY,
        public_key=world.company.key.public_key(),
        serial=certificates.serial_from(ids.seeded(4, "serial")),
        not_before_ms=NOW,
        not_after_ms=NOW + YEAR,
        issuer=world.east.authority.certificate,
        urls=world.east.authority.urls,
    )
    copy = builder.sign(authority.LINT_KEY, hashes.SHA256())
    with pytest.raises(exceptions.InvalidSignature):
        copy.verify_directly_issued_by(world.east.authority.certificate)


def test_serials_are_positive_long_and_short_enough():
    for fill in (b"\x00", b"\xff"):
        serial = certificates.serial_from(lambda n, fill=fill: fill * n, prefix=0x7F)
        assert serial > 0
        assert 64 <= serial.bit_length() <= 127
    with pytest.raises(ValueError, match="prefix"):
        certificates.serial_from(ids.seeded(1, "x"), prefix=0x80)


@pytest.mark.parametrize("reason", Reason)
def test_a_revocation_list_carries_each_reason(world, reason):
    encoded = world.east.authority.crl(
        revoked=[Revoked(serial=9, revoked_at_ms=NOW + 5, reason=reason), Revoked(
            serial=3, revoked_at_ms=NOW)],
        number=7,
        this_update_ms=NOW,
        next_update_ms=NOW + clock.DAY,
    )  # fmt: skip
    listed = x509.load_der_x509_crl(encoded)
    assert listed.is_signature_valid(world.east.authority.certificate.public_key())
    assert [entry.serial_number for entry in listed] == [3, 9]
    assert listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 7
    written = {
        extension.value.reason.value
        for entry in listed
        for extension in entry.extensions
        if isinstance(extension.value, x509.CRLReason)
    }
    assert written == ({reason.value} if reason is not Reason.UNSPECIFIED else set())


def test_a_revocation_list_without_a_period_is_refused(world):
    with pytest.raises(authority.RevocationListPeriod):
        world.east.authority.crl(revoked=(), number=1, this_update_ms=NOW, next_update_ms=NOW + 999)


def test_a_test_root_says_so_and_another_does_not(world):
    assert "TEST" in world.root.certificate.subject.rfc4514_string()
    real = ceremony.make_root(
        profiles=PROFILES,
        organization="印信电子认证",
        common_name="印信根 CA",
        urls=hierarchy.urls("root"),
        now_ms=NOW,
        entropy=ids.seeded(1, "real"),
        test=False,
    )
    assert "TEST" not in real.certificate.subject.rfc4514_string()


def test_the_ceremony_returns_files_for_its_caller_to_write(world):
    files = world.east.files(b"secret")
    assert set(files) == {
        "east.cert.pem", "east.key.pem", "east-ocsp.cert.pem", "east-ocsp.key.pem",
        "east-tsa.cert.pem", "east-tsa.key.pem", "east.chain.pem",
    }  # fmt: skip
    assert b"ENCRYPTED" in files["east.key.pem"]
    key = keys.from_pkcs8(files["east.key.pem"], b"secret")
    assert key.public_key() == world.east.authority.certificate.public_key()
    read = certificates.from_bytes(files["east.cert.pem"])
    assert read == certificates.from_bytes(certificates.to_der(read))
    assert read.signature_hash_algorithm.name == hashes.SHA256().name


def test_junk_is_not_a_certificate():
    for junk in (b"junk", b"-----BEGIN CERTIFICATE-----\njunk\n-----END CERTIFICATE-----\n"):
        with pytest.raises(certificates.CertificateUnreadable):
            certificates.from_bytes(junk)
