"""`yinxin encrypt` and `decrypt`: what comes out opens elsewhere, and nothing half done is left (ENC-1)."""

from __future__ import annotations

import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization import PrivateFormat as Format

from tests.integration.test_cli import run
from tests.support import envelopes as made

CONTENT = bytes(range(256)) * 5_000


@pytest.fixture
def folder(tmp_path):
    """A file, two recipients of either kind of key, and a signer."""
    (tmp_path / "plain").write_bytes(CONTENT)
    for one in (made.holder("rsa", 1), made.holder("curve", 1), made.holder("curve", 2)):
        one.files(tmp_path)
    made.holder("rsa", 5, signs=True).files(tmp_path)
    return tmp_path


def encrypt(folder, *more):
    return run(
        *("encrypt", folder / "plain", folder / "sealed"),
        *("--for", folder / "rsa1.pem", "--for", folder / "curve1.pem", *more),
    )


def decrypt(folder, name, out="out"):
    return run(
        *("decrypt", folder / "sealed", folder / out),
        *("--key", folder / f"{name}.key", "--certificate", folder / f"{name}.pem"),
    )


@pytest.mark.row("ENC-1")
@pytest.mark.parametrize("cipher", ["gcm", "cbc"])
def test_each_recipient_opens_it_here_and_with_openssl(folder, cipher):
    done = encrypt(folder, "--cipher", cipher)
    assert (done.exit_code, done.stdout.count("\n")) == (0, 1)
    for name in ("rsa1", "curve1"):
        assert decrypt(folder, name).exit_code == 0
        assert (folder / "out").read_bytes() == CONTENT
        made.openssl(
            folder,
            *("-decrypt", "-binary", "-inform", "DER", "-in", "sealed", "-out", "theirs"),
            *("-recip", f"{name}.pem", "-inkey", f"{name}.key"),
        )
        assert (folder / "theirs").read_bytes() == CONTENT


@pytest.mark.row("ENC-1")
def test_a_signature_goes_inside_and_is_told(folder):
    signs = ("--sign-key", folder / "rsa5.key", "--sign-certificate", folder / "rsa5.pem")
    assert encrypt(folder, *signs).exit_code == 0
    done = decrypt(folder, "curve1")
    assert "rsa 5" in done.stdout
    assert (folder / "out").read_bytes() == CONTENT


@pytest.mark.row("ENC-1")
def test_what_cannot_be_opened_leaves_nothing_behind(folder):
    assert encrypt(folder).exit_code == 0
    before = sorted(folder.iterdir())
    assert decrypt(folder, "curve2").exit_code == 2
    sealed = bytearray((folder / "sealed").read_bytes())
    sealed[len(sealed) // 2] ^= 1
    (folder / "sealed").write_bytes(sealed)
    assert decrypt(folder, "rsa1").exit_code == 2
    assert (
        run("decrypt", folder / "none", folder / "out", "--key", folder / "rsa1.key").exit_code == 2
    )
    assert sorted(folder.iterdir()) == before


@pytest.mark.row("ENC-1")
def test_what_cannot_be_encrypted_leaves_nothing_behind(folder):
    before = sorted(folder.iterdir())
    signer = run("encrypt", folder / "plain", folder / "sealed", "--for", folder / "rsa5.pem")
    assert signer.exit_code == 2
    assert "signing" in signer.stderr
    for more in (("--for", folder / "plain"), ("--sign-key", folder / "rsa5.key")):
        assert encrypt(folder, *more).exit_code == 2
    assert sorted(folder.iterdir()) == before


def test_a_key_under_a_password_takes_it_from_the_environment(folder, monkeypatch):
    assert encrypt(folder).exit_code == 0
    key = made.holder("rsa", 1).key
    locked = key.private_bytes(Encoding.PEM, Format.PKCS8, BestAvailableEncryption(b"secret"))
    (folder / "rsa1.key").write_bytes(locked)
    assert decrypt(folder, "rsa1").exit_code == 2
    monkeypatch.setenv("YINXIN_KEY_PASSWORD", "secret")
    assert decrypt(folder, "rsa1").exit_code == 0
    check = ["openssl", "pkey", "-in", "rsa1.key", "-passin", "pass:secret", "-noout"]
    assert subprocess.run(check, cwd=folder, check=False).returncode == 0
