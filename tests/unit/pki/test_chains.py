import datetime
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from engine.kernel import clock, ids
from engine.pki import authority, ceremony, certificates, chains, keys
from engine.pki.authority import Reason, Revoked
from engine.pki.chains import ChainReason
from engine.pki.profiles import Purpose
from tests.unit.pki import hierarchy
from tests.unit.pki.hierarchy import NOW, PROFILES, YEAR


def listed(issuer, *revoked, at=NOW, number=1, days=7) -> x509.CertificateRevocationList:
    encoded = issuer.crl(
        revoked=revoked, number=number, this_update_ms=at, next_update_ms=at + days * clock.DAY
    )
    return x509.load_der_x509_crl(encoded)


def verify(world, leaf=None, *, at=NOW + clock.HOUR, crls=None, between=None, **more):
    between = [world.east.authority.certificate] if between is None else between
    leaf = leaf or world.company.certificate
    return chains.verify_chain(leaf, between, [world.root.certificate], at, crls, **more)


def refused(verdict) -> list[ChainReason]:
    assert not verdict.ok
    return list(verdict.reason_codes)


def test_a_good_chain_is_accepted_and_its_path_told(world):
    verdict = verify(world)
    assert verdict.ok
    assert verdict.path == (
        world.company.certificate,
        world.east.authority.certificate,
        world.root.certificate,
    )
    assert verdict.reason_codes == ()


def test_validity_has_two_inclusive_ends(world):
    assert verify(world, at=NOW).ok
    assert verify(world, at=NOW + YEAR + 999).ok
    assert refused(verify(world, at=NOW + YEAR + 1_000)) == [ChainReason.EXPIRED]
    assert refused(verify(world, at=NOW - 1)) == [ChainReason.NOT_YET_VALID]


def test_a_foreign_chain_and_a_missing_link_are_unknown(world):
    foreign = hierarchy.make(seed=99)
    verdict = verify(
        world, foreign.company.certificate, between=[foreign.south.authority.certificate]
    )
    assert refused(verdict) == [ChainReason.UNKNOWN_ISSUER]
    assert refused(verify(world, between=[])) == [ChainReason.UNKNOWN_ISSUER]


def test_a_foreign_root_of_the_same_name_signed_nothing_here(world):
    foreign = hierarchy.make(seed=99)
    verdict = chains.verify_chain(
        world.east.authority.certificate, [], [foreign.root.certificate], NOW
    )
    assert refused(verdict) == [ChainReason.UNKNOWN_ISSUER]


def test_a_flipped_byte_breaks_the_signature(world):
    encoded = bytearray(certificates.to_der(world.company.certificate))
    place = encoded.find("科技".encode(), len(encoded) // 2 - 200)
    encoded[place + 2] ^= 1
    broken = x509.load_der_x509_certificate(bytes(encoded))
    assert refused(verify(world, broken)) == [ChainReason.BAD_SIGNATURE]


def test_revocation_counts_from_its_instant(world):
    serial = world.company.certificate.serial_number
    own = listed(world.root)
    revoked = listed(
        world.east.authority,
        Revoked(serial=serial, revoked_at_ms=NOW + clock.DAY, reason=Reason.KEY_COMPROMISE),
        at=NOW + 2 * clock.DAY,
    )
    assert verify(world, at=NOW + clock.DAY - 1, crls=[own, revoked]).ok
    assert refused(verify(world, at=NOW + clock.DAY, crls=[own, revoked])) == [ChainReason.REVOKED]


def test_a_hold_refuses_and_a_later_list_without_it_accepts_again(world):
    serial = world.company.certificate.serial_number
    held = Revoked(serial=serial, revoked_at_ms=NOW, reason=Reason.CERTIFICATE_HOLD)
    own = listed(world.root)
    first = listed(world.east.authority, held)
    assert refused(verify(world, crls=[own, first])) == [ChainReason.ON_HOLD]
    later = listed(world.east.authority, at=NOW + clock.HOUR, number=2)
    assert verify(world, at=NOW + 2 * clock.HOUR, crls=[own, first, later]).ok


def test_a_revoked_authority_takes_its_certificates_along(world):
    serial = world.east.authority.certificate.serial_number
    own = listed(world.root, Revoked(serial=serial, revoked_at_ms=NOW))
    assert refused(verify(world, crls=[own, listed(world.east.authority)])) == [ChainReason.REVOKED]


def test_status_is_unknown_without_a_fresh_list_of_the_right_issuer(world):
    own = listed(world.root)
    for crls in (
        [],
        [own],
        [own, listed(world.south.authority)],
        [own, listed(world.east.authority, at=NOW - 30 * clock.DAY)],
        [own, listed(hierarchy.make(99).east.authority)],
    ):
        assert refused(verify(world, crls=crls)) == [ChainReason.REVOCATION_UNKNOWN]
    assert verify(world, crls=[own, listed(world.east.authority)]).ok


def test_an_ocsp_delegate_is_not_asked_for_status(world):
    assert verify(world, world.east.ocsp.certificate, crls=[listed(world.root)]).ok


def test_an_end_entity_is_not_an_authority(world):
    forged = _signed_by(world.company, issuer=world.company.certificate)
    verdict = verify(
        world, forged, between=[world.company.certificate, world.east.authority.certificate]
    )
    assert refused(verdict) == [
        ChainReason.NOT_AN_AUTHORITY,
        ChainReason.KEY_USAGE,
        ChainReason.PATH_TOO_LONG,
    ]


def test_a_path_length_of_zero_allows_no_authority_below(world):
    east = world.east.authority
    key = keys.generate(ids.seeded(5, "sub"))
    below = _signed_by(
        ceremony.Credential(key=east.key, certificate=east.certificate),
        issuer=east.certificate,
        public_key=key.public_key(),
        profile=PROFILES["issuing_ca"],
        subject=certificates.Subject(common_name="Sub", organization="Sub"),
    )
    leaf = _signed_by(ceremony.Credential(key=key, certificate=below), issuer=below)
    verdict = verify(world, leaf, between=[below, east.certificate])
    assert refused(verdict) == [ChainReason.PATH_TOO_LONG]


def test_purpose_is_asked_of_the_leaf(world):
    assert verify(world, world.east.tsa.certificate, purpose=Purpose.TIME_STAMPING).ok
    assert refused(verify(world, purpose=Purpose.TIME_STAMPING)) == [ChainReason.KEY_USAGE]


def test_an_unknown_critical_extension_refuses(world):
    extension = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    leaf = _builder(world.east.authority.certificate).add_extension(extension, True)
    signed = leaf.sign(world.east.authority.key, hashes.SHA256())
    assert refused(verify(world, signed)) == [ChainReason.UNKNOWN_CRITICAL_EXTENSION]


def test_a_weak_hash_refuses(world):
    leaf = _builder(world.east.authority.certificate).sign(
        world.east.authority.key, hashes.SHA224()
    )
    assert refused(verify(world, leaf)) == [ChainReason.WEAK_ALGORITHM]


def test_the_better_of_two_paths_is_taken(world):
    # The authority's key certified twice: once for a minute, once for long.
    east = world.east.authority
    brief = _signed_by(
        ceremony.Credential(key=world.root.key, certificate=world.root.certificate),
        issuer=world.root.certificate,
        public_key=east.certificate.public_key(),
        profile=PROFILES["issuing_ca"],
        subject=certificates.Subject(
            common_name="东方 签发 CA",
            organization="东方电子认证服务有限公司",
            uscc="91310000MA1K00001X",
        ),
        not_after_ms=NOW + clock.MINUTE,
    )
    assert refused(verify(world, between=[brief])) == [ChainReason.EXPIRED]
    assert verify(world, between=[brief, east.certificate]).ok


def test_a_root_verifies_itself_and_several_reasons_are_told(world):
    assert verify(world, world.root.certificate).ok
    revoked = Revoked(serial=world.company.certificate.serial_number, revoked_at_ms=NOW)
    crls = [listed(world.root, days=900), listed(world.east.authority, revoked, days=900)]
    assert refused(verify(world, at=NOW + 2 * YEAR, crls=crls)) == [
        ChainReason.EXPIRED,
        ChainReason.REVOKED,
    ]


def test_hostile_bags_cost_little(world):
    """Authorities of one name and key that all sign each other, and many more with other keys."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hostile")])
    key = keys.generate(ids.seeded(6, "hostile"))
    loop = [_hostile(name, key, key, number) for number in range(40)]
    strangers = [
        _hostile(name, keys.generate(ids.seeded(number, "s")), key, number) for number in range(150)
    ]
    for bag in (loop, strangers, loop * 20 + strangers + strangers, [*loop, *strangers, *_more()]):
        began = time.process_time()
        verdict = chains.verify_chain(loop[0], bag, [world.root.certificate], NOW + 1)
        assert time.process_time() - began < 1
        assert refused(verdict)[0] in (ChainReason.BUDGET_SPENT, ChainReason.BAD_SIGNATURE)


def _more() -> list[x509.Certificate]:
    world = hierarchy.make(7)
    return [certificate for certificate, _ in hierarchy.one_of_each(world).values()] * 3


def _hostile(name, key, signer, number) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(2**70 + number)
        .not_valid_before(clock.to_datetime(NOW))
        .not_valid_after(clock.to_datetime(NOW) + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(signer, hashes.SHA256())
    )


def _builder(issuer, **changes) -> x509.CertificateBuilder:
    given = {
        "profile": PROFILES["enterprise"],
        "subject": hierarchy.COMPANY,
        "public_key": keys.generate(ids.seeded(8, "leaf")).public_key(),
        "serial": certificates.serial_from(ids.seeded(8, "serial")),
        "not_before_ms": NOW,
        "not_after_ms": NOW + YEAR,
        "issuer": issuer,
        "urls": hierarchy.urls("x"),
    } | changes
    return certificates.build(**given)


def _signed_by(credential, **changes) -> x509.Certificate:
    return _builder(**changes).sign(credential.key, hashes.SHA256())


def test_the_authority_module_lints_with_the_key_everybody_knows():
    forged = _builder(hierarchy.make().east.authority.certificate).sign(
        authority.LINT_KEY, hashes.SHA256()
    )
    assert refused(verify(hierarchy.make(), forged)) == [ChainReason.BAD_SIGNATURE]


@pytest.mark.parametrize("label", ["east", "south"])
def test_every_delegate_of_both_agencies_is_accepted(world, label):
    agency = getattr(world, label)
    for credential in (agency.ocsp, agency.tsa):
        assert verify(world, credential.certificate, between=[agency.authority.certificate]).ok
