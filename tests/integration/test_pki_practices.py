"""Each agency certifies in its own way: policies, terms, where the credit code stands; judged by others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from engine.boot import World, hierarchy
from engine.kernel import clock, errors, ids, ports
from engine.pki import certificates, keys, lint, profiles
from tests.integration.test_pki_openssl import EXPECTED_FINDINGS, _pkilint

OLD, NEW = "1.2.156.10260.4.1.4", "1.2.156.10260.4.4"
PLACES = {"dongfang": {OLD}, "nanfang": {OLD, NEW}, "huaxia": {NEW}}
USCC = "91650102MA7HY0NG1M"
ENTERPRISE = ports.Applicant(
    common_name="新疆天山净水科技有限公司", organization="新疆天山净水科技有限公司", uscc=USCC
)
PERSON = ports.Applicant(common_name="阿依古丽·买买提")
APPLICANTS = {
    "enterprise": ENTERPRISE,
    "enterprise_encryption": ENTERPRISE,
    "delegated": ENTERPRISE,
    "individual": PERSON,
    "individual_encryption": PERSON,
}


def issue(world: World, agency: str, profile: str, *, days: int = 365, rsa_bits: int = 0) -> bytes:
    """A certificate of a kind by an agency."""
    entropy = ids.seeded(7, f"{agency}/{profile}")
    own = keys.generate(entropy).public_key()
    key = rsa.generate_private_key(65537, rsa_bits).public_key() if rsa_bits else own
    begin = world.engine.now() // 1000 * 1000
    return world.ports.agencies[agency].issue(
        ports.CertificateRequest(
            serial=certificates.serial_from(entropy),
            profile=profile,
            applicant=APPLICANTS[profile],
            public_key=keys.public_to_der(key),
            not_before=begin,
            not_after=begin + days * clock.DAY,
        )
    )


@pytest.mark.row("PKI-1")
@pytest.mark.parametrize("agency", PLACES)
@pytest.mark.parametrize("profile", APPLICANTS)
def test_openssl_and_pkilint_accept_what_each_agency_issues(
    world: World, tmp_path: Path, agency: str, profile: str
) -> None:
    made = issue(world, agency, profile, rsa_bits=2048)
    path = world.authorities.path(agency)
    for name, one in (
        ("leaf", x509.load_der_x509_certificate(made)),
        ("ca", path[0]),
        ("root", path[1]),
    ):
        (tmp_path / f"{name}.pem").write_bytes(certificates.to_pem(one))
    at = str(world.engine.now() // 1000 + 60)
    done = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-attime", at, "-CAfile", "root.pem",
         "-untrusted", "ca.pem", "leaf.pem"],
        cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "leaf.pem: OK\n")
    assert _pkilint(made) == EXPECTED_FINDINGS


@pytest.mark.row("PKI-1")
def test_agencies_write_the_credit_code_where_their_practice_says(world: World) -> None:
    for agency, places in PLACES.items():
        made = x509.load_der_x509_certificate(issue(world, agency, "enterprise"))
        found = {
            one.oid.dotted_string: one.value.value
            for one in made.extensions
            if isinstance(one.value, x509.UnrecognizedExtension)
        }
        assert set(found) == places
        assert {value[2:].decode() for value in found.values()} == {USCC}
        [named] = made.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_IDENTIFIER)
        assert named.value == f"NTRCN-{USCC}"


@pytest.mark.row("PKI-1")
def test_policies_are_each_agencys_own(world: World) -> None:
    seen = set()
    for agency in PLACES:
        for profile in APPLICANTS:
            made = x509.load_der_x509_certificate(issue(world, agency, profile))
            [policy] = made.extensions.get_extension_for_class(x509.CertificatePolicies).value
            seen.add(policy.policy_identifier.dotted_string)
    assert len(seen) == len(PLACES) * len(APPLICANTS)


@pytest.mark.row("PKI-1")
def test_a_term_that_an_agency_does_not_sell_is_not_signed(world: World) -> None:
    assert issue(world, "dongfang", "enterprise", days=5 * 365)
    with pytest.raises(lint.LintRefused, match="validity_too_long"):
        issue(world, "nanfang", "enterprise", days=5 * 365)
    assert issue(world, "nanfang", "enterprise", days=3 * 365 + 90)


def test_an_agency_without_a_practice_stops_the_start() -> None:
    known = profiles.load_profiles(hierarchy.PRACTICES.parent / "profiles")
    with pytest.raises(errors.ConfigurationError, match="nobody"):
        hierarchy.practised(known, "nobody")
