"""`yinxin samples`: every artefact judged by OpenSSL and poppler, and the manifest by our own verdict."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess

import pytest

from engine.pki import certificates
from engine.ses import verifying
from tests.integration.test_cli import blank, run, verdict

KINDS = {
    "root_certificate", "ca_certificate", "enterprise_certificate", "person_certificate", "crl",
    "ocsp_request", "ocsp_response", "timestamp_query", "timestamp_response", "contract", "seal",
    "seal_picture", "invoice", "application_form", "letter_of_authorization",
}  # fmt: skip


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples") / "out"
    done = run("samples", "--out", folder)
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def manifest(samples):
    told = json.loads((samples / "manifest.json").read_text(encoding="utf-8"))
    return {one["file"]: one for one in told["files"]}


def judge(samples, command: str) -> str:
    """What another tool says; it must exit 0."""
    done = subprocess.run(
        command.split(), cwd=samples, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_manifest_names_every_file_and_its_kind(samples, manifest):
    on_disk = {path.name for path in samples.iterdir()} - {"manifest.json"}
    assert set(manifest) == on_disk
    assert {one["kind"] for one in manifest.values()} >= KINDS
    for name, one in manifest.items():
        content = (samples / name).read_bytes()
        assert content
        assert one["sha256"] == hashlib.sha256(content).hexdigest()


def test_openssl_builds_every_path_to_the_root(samples):
    told = judge(
        samples,
        "openssl verify -x509_strict -CAfile root.pem -untrusted ca-dongfang.pem"
        " enterprise.pem person.pem tsa-dongfang.pem ocsp-dongfang.pem",
    )
    assert told.count(": OK") == 4
    assert "ca-nanfang.pem: OK" in judge(samples, "openssl verify -CAfile root.pem ca-nanfang.pem")


def test_openssl_takes_the_revocation_lists(samples):
    for crl, issuer in (("dongfang.crl", "ca-dongfang.pem"), ("root.crl", "root.pem")):
        assert "verify OK" in judge(
            samples, f"openssl crl -in {crl} -noout -verify -CAfile {issuer}"
        )


def test_openssl_takes_the_ocsp_answer(samples):
    told = judge(
        samples,
        "openssl ocsp -respin ocsp-response.der -issuer ca-dongfang.pem -cert enterprise.pem"
        " -CAfile root.pem",
    )
    assert "Response verify OK" in told
    assert "enterprise.pem: good" in told
    assert "Serial Number" in judge(samples, "openssl ocsp -reqin ocsp-request.der -req_text")


def test_openssl_takes_the_time_stamp(samples):
    for subject in ("-queryfile contract.tsq", "-data contract-template.pdf"):
        told = judge(
            samples,
            f"openssl ts -verify {subject} -in contract.tsr -CAfile root.pem"
            " -untrusted ca-dongfang.pem",
        )
        assert "Verification: OK" in told


@pytest.mark.row("SGN-4")
def test_poppler_finds_every_signature_of_the_manifest_valid(samples, manifest):
    counts = {}
    for name, one in manifest.items():
        if one.get("signers"):
            told = judge(samples, f"pdfsig {name}")
            found = re.findall(r"Signature Validation: (.*)", told)
            assert found == ["Signature is Valid."] * len(one["signers"])
            counts[name] = len(found)
    assert counts == {"contract-template.pdf": 2, "contract-upload.pdf": 2, "contract-b-t.pdf": 1}


@pytest.mark.row("SGN-4")
def test_the_same_signature_is_valid_at_b_lt_and_indeterminate_at_b_t(samples, manifest):
    for name in ("contract-template.pdf", "contract-upload.pdf"):
        assert (manifest[name]["level"], manifest[name]["verdict"]) == ("B-LT", "valid")
        code, told = verdict(samples / name, samples / "root.pem")
        assert (code, told["verdict"]) == (0, "valid")
    assert manifest["contract-b-t.pdf"]["level"] == "B-T"
    code, told = verdict(samples / "contract-b-t.pdf", samples / "root.pem")
    assert (code, told["verdict"]) == (1, "indeterminate")
    assert "revocation_unknown" in told["reasons"]


def test_papers_are_unsigned_pdfs_and_pictures_are_pictures(samples, manifest):
    for name in ("invoice.pdf", "application-form.pdf", "letter-of-authorization.pdf"):
        assert (manifest[name]["level"], manifest[name]["signers"]) == (None, [])
        judge(samples, f"qpdf --check {name}")
    assert (samples / "seal.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (samples / "seal.svg").read_bytes()


@pytest.mark.row("SEA-1")
def test_the_seal_is_a_signed_object_that_lists_its_certificate(samples):
    def certificate(name):
        return certificates.from_bytes((samples / name).read_bytes())

    results = verifying.verify(
        (samples / "seal.ses").read_bytes(),
        roots=[certificate("root.pem")],
        at_ms=json.loads((samples / "manifest.json").read_text(encoding="utf-8"))["made_at"],
        signer_certificate=certificate("enterprise.pem"),
        intermediates=[certificate("ca-dongfang.pem")],
    )
    assert {one.outcome for one in results} == {verifying.Outcome.PASSED}
    assert "SEQUENCE" in judge(samples, "openssl asn1parse -inform DER -in seal.ses")


def test_what_sign_makes_verifies_against_the_root_of_samples(samples, tmp_path):
    (tmp_path / "in.pdf").write_bytes(blank())
    assert run("sign", tmp_path / "in.pdf", tmp_path / "out.pdf").exit_code == 0
    code, told = verdict(tmp_path / "out.pdf", samples / "root.pem")
    assert (code, told["verdict"]) == (0, "valid")
