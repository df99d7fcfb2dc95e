"""Other people's tools judge the certificates, lists, answers and tokens: OpenSSL and pkilint."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from engine.kernel import clock
from engine.pki import certificates, ocsp, timestamping
from engine.pki.authority import Reason, Revoked
from engine.pki.ocsp import CertificateStatus, State
from tests.unit.pki import hierarchy
from tests.unit.pki.hierarchy import NOW

AT = str(NOW // 1000 + 3600)
POLICY = "1.3.6.1.4.1.32473.2.1"
TOLERATED = {"INFO", "NOTICE"}
# What pkilint says of our profiles, all of it: the key identifier is RFC 5280's method 1.
EXPECTED_FINDINGS = {("pkix.subject_key_identifier_method_1_identified", "INFO")}


@pytest.fixture(scope="module")
def world() -> hierarchy.Hierarchy:
    return hierarchy.make()


@pytest.fixture
def folder(world, tmp_path: Path) -> Path:
    for name, content in {
        "root.pem": certificates.to_pem(world.root.certificate),
        "east.pem": certificates.to_pem(world.east.authority.certificate),
        "ocsp.pem": certificates.to_pem(world.east.ocsp.certificate),
        "tsa.pem": certificates.to_pem(world.east.tsa.certificate),
        "maker.pem": certificates.to_pem(world.maker.certificate),
        "company.pem": certificates.to_pem(world.company.certificate),
    }.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def openssl(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, done.stdout + done.stderr


def write_crls(world, folder: Path, *revoked: Revoked) -> None:
    period = {"number": 1, "this_update_ms": NOW, "next_update_ms": NOW + 7 * clock.DAY}
    (folder / "root.crl").write_bytes(world.root.crl(revoked=(), **period))
    (folder / "east.crl").write_bytes(world.east.authority.crl(revoked=revoked, **period))
    text = ""
    for name in ("root.crl", "east.crl"):
        text += openssl(folder, "crl", "-inform", "DER", "-in", name)[1]
    (folder / "crls.pem").write_text(text)


def verify(folder: Path, name: str, *more: str) -> tuple[int, str]:
    return openssl(
        folder, "verify", "-x509_strict", "-crl_check_all", "-CRLfile", "crls.pem", "-attime", AT,
        "-CAfile", "root.pem", "-untrusted", "east.pem", *more, name,
    )  # fmt: skip


@pytest.mark.row("PKI-1")
@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("company.pem", "any"),
        ("maker.pem", "any"),
        ("tsa.pem", "timestampsign"),
        ("ocsp.pem", "ocsphelper"),
    ],
)
def test_openssl_verifies_the_chain_strictly_and_with_revocation(world, folder, name, purpose):
    write_crls(world, folder)
    code, told = verify(folder, name, "-purpose", purpose)
    assert (code, told.strip()) == (0, f"{name}: OK")


@pytest.mark.parametrize("reason", [Reason.KEY_COMPROMISE, Reason.CERTIFICATE_HOLD])
def test_openssl_refuses_a_certificate_that_is_revoked_or_held(world, folder, reason):
    serial = world.company.certificate.serial_number
    write_crls(world, folder, Revoked(serial=serial, revoked_at_ms=NOW, reason=reason))
    code, told = verify(folder, "company.pem")
    assert code != 0
    assert "certificate revoked" in told


def test_openssl_verifies_the_revocation_lists_and_prints_them(world, folder):
    revoked = Revoked(serial=2**70, revoked_at_ms=NOW, reason=Reason.CERTIFICATE_HOLD)
    write_crls(world, folder, revoked)
    (folder / "chain.pem").write_bytes(
        (folder / "east.pem").read_bytes() + (folder / "root.pem").read_bytes()
    )
    code, told = openssl(
        folder, "crl", "-inform", "DER", "-in", "east.crl", "-noout", "-text", "-verify",
        "-CAfile", "chain.pem",
    )  # fmt: skip
    assert code == 0
    assert "verify OK" in told
    assert "Certificate Hold" in told


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (CertificateStatus(state=State.GOOD), "company.pem: good"),
        (CertificateStatus(state=State.UNKNOWN), "company.pem: unknown"),
        (
            CertificateStatus(
                state=State.REVOKED, revoked_at_ms=NOW, reason=Reason.CERTIFICATE_HOLD
            ),
            "Reason: certificateHold",
        ),
    ],
)
@pytest.mark.parametrize("digest", ["-sha1", "-sha256"])
def test_openssls_ocsp_client_accepts_the_answer_to_its_own_request(
    world, folder, status, told, digest
):
    code, _ = openssl(
        folder, "ocsp", digest, "-issuer", "east.pem", "-cert", "company.pem", "-reqout", "req.der",
    )  # fmt: skip
    assert code == 0
    (folder / "resp.der").write_bytes(_ocsp(world, (folder / "req.der").read_bytes(), status))
    code, output = openssl(
        folder, "ocsp", digest, "-issuer", "east.pem", "-cert", "company.pem",
        "-no_nonce",  # none beside the one in the stored request
        "-reqin", "req.der", "-respin", "resp.der", "-CAfile", "root.pem",
        "-verify_other", "east.pem", "-attime", AT, "-validity_period", "999999999",
    )  # fmt: skip
    assert code == 0, output
    assert "Response verify OK" in output
    assert told in output
    assert "nonce" not in output.lower()


def test_openssl_reads_our_ocsp_request(world, folder):
    request = ocsp.make_request(
        world.company.certificate, world.east.authority.certificate, b"n" * 32
    )
    (folder / "req.der").write_bytes(request)
    code, output = openssl(folder, "ocsp", "-reqin", "req.der", "-req_text")
    assert code == 0
    assert f"{world.company.certificate.serial_number:032X}" in output
    assert "OCSP Nonce" in output


def test_openssl_sees_a_forged_ocsp_answer(world, folder):
    request = ocsp.make_request(world.company.certificate, world.east.authority.certificate, None)
    answer = bytearray(_ocsp(world, request, CertificateStatus(state=State.GOOD)))
    answer[answer.find(b"\x80\x00")] = 0x82
    (folder / "req.der").write_bytes(request)
    (folder / "resp.der").write_bytes(bytes(answer))
    _, output = openssl(
        folder, "ocsp", "-reqin", "req.der", "-respin", "resp.der", "-CAfile", "root.pem",
        "-issuer", "east.pem", "-verify_other", "east.pem", "-attime", AT,
    )  # fmt: skip
    assert "Response Verify Failure" in output or "Response verify OK" not in output


def _ocsp(world, request: bytes, status: CertificateStatus) -> bytes:
    return ocsp.respond(
        request,
        authority=world.east.authority,
        responder_key=world.east.ocsp.key,
        responder_certificate=world.east.ocsp.certificate,
        status_of=lambda _: status,
        this_update_ms=NOW,
        next_update_ms=NOW + 36_500 * clock.DAY,
    )


def _stamp(world, query: bytes) -> bytes:
    return timestamping.respond(
        query,
        key=world.east.tsa.key,
        certificate=world.east.tsa.certificate,
        chain=world.east.authority.chain,
        moment=lambda: (NOW + clock.MINUTE, certificates.serial_from(world.entropy)),
        policy=POLICY,
    )


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_openssls_time_stamp_client_accepts_the_answer(world, folder, digest):
    (folder / "data").write_bytes(b"a contract")
    code, _ = openssl(
        folder, "ts", "-query", "-data", "data", f"-{digest}", "-cert", "-tspolicy", POLICY,
        "-out", "query.tsq",
    )  # fmt: skip
    assert code == 0
    (folder / "answer.tsr").write_bytes(_stamp(world, (folder / "query.tsq").read_bytes()))
    trust = ("-CAfile", "root.pem", "-untrusted", "east.pem", "-attime", AT)
    for source in (("-queryfile", "query.tsq"), ("-data", "data")):
        code, output = openssl(folder, "ts", "-verify", *source, "-in", "answer.tsr", *trust)
        assert (code, "Verification: OK" in output) == (0, True), output
    code, output = openssl(folder, "ts", "-reply", "-in", "answer.tsr", "-text")
    assert f"Policy OID: {POLICY}" in output


def test_openssl_accepts_the_bare_token_for_our_own_query_and_refuses_other_data(world, folder):
    query = timestamping.make_query(hashlib.sha256(b"a contract").digest(), 2**62)
    (folder / "token").write_bytes(timestamping.token_of(_stamp(world, query)))
    trust = ("-CAfile", "root.pem", "-untrusted", "east.pem", "-attime", AT)
    for content, ok in ((b"a contract", True), (b"another", False)):
        (folder / "data").write_bytes(content)
        code, output = openssl(
            folder, "ts", "-verify", "-data", "data", "-in", "token", "-token_in", *trust
        )
        assert (code == 0, "Verification: OK" in output) == (ok, ok), output


@pytest.mark.parametrize("kind", ["md5", "sha1"])
def test_openssl_is_told_why_a_weak_imprint_is_refused(world, folder, kind):
    (folder / "data").write_bytes(b"a contract")
    openssl(folder, "ts", "-query", "-data", "data", f"-{kind}", "-out", "query.tsq")
    (folder / "answer.tsr").write_bytes(_stamp(world, (folder / "query.tsq").read_bytes()))
    _, output = openssl(folder, "ts", "-reply", "-in", "answer.tsr", "-text")
    assert "unrecognized or unsupported algorithm" in output


@pytest.mark.row("PKI-1")
@pytest.mark.parametrize("label", sorted(hierarchy.PROFILES))
def test_a_foreign_linter_finds_nothing_in_a_certificate_of_each_profile(world, label):
    certificate, issuer = hierarchy.one_of_each(world)[label]
    found = _pkilint(certificates.to_der(certificate))
    assert found == EXPECTED_FINDINGS
    assert {severity for _, severity in found} <= TOLERATED
    assert (issuer is None) == (label == "root")


def _pkilint(encoded: bytes) -> set[tuple[str, str]]:
    from pkilint import loader
    from pkilint.pkix import certificate, extension, name

    validator = certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(
            name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS
        ),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )
    document = loader.load_certificate(encoded, "certificate", None)
    return {
        (described.finding.code, described.finding.severity.name)
        for result in validator.validate(document.root)
        for described in result.finding_descriptions
    }
