"""The PKI's services over HTTP, judged by OpenSSL."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from starlette.testclient import TestClient

from engine.boot import World
from engine.pki import timestamping
from tests.support import web

AGENCY = "dongfang"
QUERY = {"content-type": "application/timestamp-query"}
OCSP = {"content-type": "application/ocsp-request"}


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def _openssl(*arguments: str | Path) -> str:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=20
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.fixture
def files(tmp_path: Path, visitor: TestClient) -> dict[str, Path]:
    found = {}
    for name in ("root", AGENCY):
        answer = visitor.get(f"/w/run/ca/{name}.cer")
        assert answer.headers["content-type"] == "application/pkix-cert"
        pem = x509.load_der_x509_certificate(answer.content)
        text = base64.encodebytes(answer.content).decode()
        found[name] = tmp_path / f"{name}.pem"
        found[name].write_text(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")
        assert pem.subject
    return found


def test_the_agencys_certificate_verifies_against_the_root(files: dict[str, Path]) -> None:
    told = _openssl("verify", "-no_check_time", "-CAfile", files["root"], files[AGENCY])
    assert told.strip().endswith("OK")


def test_the_list_of_revoked_certificates_is_the_agencys(
    tmp_path: Path, visitor: TestClient, files: dict[str, Path]
) -> None:
    answer = visitor.get(f"/w/run/crl/{AGENCY}.crl")
    assert answer.headers["content-type"] == "application/pkix-crl"
    crl = _write(tmp_path / "crl", answer.content)
    told = _openssl("crl", "-inform", "DER", "-in", crl, "-CAfile", files[AGENCY], "-noout")
    assert "verify OK" in told


def test_a_status_can_be_asked_for_by_post_and_by_get_with_the_same_answer(
    tmp_path: Path, visitor: TestClient, files: dict[str, Path]
) -> None:
    request = tmp_path / "ocsp.req"
    asked = ("-issuer", files[AGENCY], "-serial", "0x1234", "-no_nonce", "-reqout", request)
    _openssl("ocsp", *asked)
    content = request.read_bytes()
    posted = visitor.post(f"/w/run/ocsp/{AGENCY}", content=content, headers=OCSP)
    assert posted.headers["content-type"] == "application/ocsp-response"
    in_address = base64.b64encode(content).decode().replace("/", "%2F").replace("+", "%2B")
    got = visitor.get(f"/w/run/ocsp/{AGENCY}/{in_address}")
    assert got.content == posted.content
    response = _write(tmp_path / "ocsp.resp", posted.content)
    told = _openssl("ocsp", "-respin", response, "-resp_text", "-noverify")
    assert "OCSP Response Status: successful" in told
    assert "Cert Status: unknown" in told


def test_a_time_stamp_verifies_with_openssl(
    tmp_path: Path, visitor: TestClient, files: dict[str, Path]
) -> None:
    data, query = _write(tmp_path / "data", b"something"), tmp_path / "query"
    _openssl("ts", "-query", "-data", data, "-sha256", "-cert", "-out", query)
    answer = visitor.post("/w/run/tsa", content=query.read_bytes(), headers=QUERY)
    assert answer.headers["content-type"] == "application/timestamp-reply"
    token = _write(tmp_path / "reply", answer.content)
    told = _openssl(
        *("ts", "-verify", "-in", token, "-queryfile", query, "-no_check_time"),
        *("-CAfile", files["root"], "-untrusted", files[AGENCY]),
    )
    assert "Verification: OK" in told


@pytest.mark.parametrize(
    "path",
    [
        "/w/run/ca/nobody.cer",
        "/w/run/crl/nobody.crl",
        f"/w/other/ca/{AGENCY}.cer",
        f"/w/other/crl/{AGENCY}.crl",
        f"/w/run/crl/{AGENCY}",
        "/w/run/nothing",
        "/w/run",
        "/w/",
        "/w/run/tsa",
        f"/w/run/ocsp/{AGENCY}",
    ],
)
def test_what_is_not_there_is_a_plain_404_and_never_the_console(
    visitor: TestClient, path: str
) -> None:
    answer = visitor.get(path, headers=web.HTML)
    assert answer.status_code in (404, 405), answer.text
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("content", [b"", b"garbage", b"0\x80", bytes(60_000)])
def test_garbage_gets_the_protocols_own_refusal(visitor: TestClient, content: bytes) -> None:
    answer = visitor.post(f"/w/run/ocsp/{AGENCY}", content=content, headers=OCSP)
    assert answer.status_code == 200
    assert answer.content == b"0\x03\n\x01\x01"  # malformedRequest
    answer = visitor.post("/w/run/tsa", content=content, headers=QUERY)
    assert answer.status_code == 200
    with pytest.raises(Exception, match=r".*"):
        timestamping.token_of(answer.content)
    answer = visitor.get(f"/w/run/ocsp/{AGENCY}/not%20base64")
    assert answer.content == b"0\x03\n\x01\x01"


def test_a_wrong_media_type_and_a_huge_body_are_refused(visitor: TestClient) -> None:
    for path in (f"/w/run/ocsp/{AGENCY}", "/w/run/tsa"):
        assert visitor.post(path, content=b"x").status_code == 415
    for path, headers in ((f"/w/run/ocsp/{AGENCY}", OCSP), ("/w/run/tsa", QUERY)):
        assert visitor.post(path, content=bytes(70_000), headers=headers).status_code == 413
