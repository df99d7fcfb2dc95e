"""Signed files of any size, around a file and beside it: judged by OpenSSL in both directions (ENC-1)."""

from __future__ import annotations

import hashlib
import io
import random

import pytest

from engine.kernel import errors
from engine.pki import signed_files
from engine.pki.envelopes import streams
from tests.support import envelopes as made

AT = 1_795_000_000_000
SIZES = [0, 1, 127, 128, 300, 70_000, streams.PIECE + 1]
KINDS = ["rsa", "curve"]


@pytest.fixture(scope="module", params=KINDS)
def signer(request):
    return made.holder(request.param, 9, signs=True)


def signed(content: bytes, by: made.Holder, *, beside: bool = False) -> bytes:
    head, tail = signed_files.sign(
        None if beside else len(content),
        hashlib.sha256(content).digest(),
        key=by.key,
        certificate=by.certificate,
        signed_at=AT,
    )
    return head if beside else head + content + tail


@pytest.mark.row("ENC-1")
def test_openssl_verifies_what_is_signed_here(signer, tmp_path):
    certificate, _ = signer.files(tmp_path)
    for size in SIZES:
        content = random.Random(size).randbytes(size)
        (tmp_path / "signed").write_bytes(signed(content, signer))
        trust = ("-CAfile", certificate, "-purpose", "any")
        made.openssl(
            tmp_path,
            *("-verify", "-cades", "-binary", "-inform", "DER", "-in", "signed", "-out", "plain"),
            *trust,
        )
        assert (tmp_path / "plain").read_bytes() == content
        (tmp_path / "beside").write_bytes(signed(content, signer, beside=True))
        (tmp_path / "content").write_bytes(content)
        made.openssl(
            tmp_path,
            *("-verify", "-cades", "-binary", "-inform", "DER", "-in", "beside"),
            *("-content", "content", "-out", "plain", *trust),
        )


@pytest.mark.row("ENC-1")
@pytest.mark.parametrize("options", [(), ("-stream",)], ids=["der", "stream"])
def test_what_openssl_signed_is_read_here(signer, tmp_path, options):
    certificate, key = signer.files(tmp_path)
    # OpenSSL 3.0 itself cannot write a stream of nothing.
    for size in SIZES[1:] if options else SIZES:
        content = random.Random(size).randbytes(size)
        (tmp_path / "plain").write_bytes(content)
        made.openssl(
            tmp_path,
            *("-sign", "-binary", "-nodetach", "-outform", "DER", "-in", "plain"),
            *("-out", "signed", *options, "-signer", certificate, "-inkey", key),
        )
        target = io.BytesIO()
        found = signed_files.read(io.BytesIO((tmp_path / "signed").read_bytes()), target.write)
        assert target.getvalue() == content
        assert found.signer == signer.certificate
        made.openssl(
            tmp_path,
            *("-sign", "-binary", "-outform", "DER", "-in", "plain", "-out", "beside"),
            *("-signer", certificate, "-inkey", key),
        )
        beside = (tmp_path / "beside").read_bytes()
        assert signed_files.verify_beside(beside, io.BytesIO(content)).signer == signer.certificate
        with pytest.raises(signed_files.FileChanged):
            signed_files.verify_beside(beside, io.BytesIO(content + b"more"))


def test_what_stands_around_a_file_tells_who_signed_which_digest(signer):
    content = b"the file stays elsewhere" * 40
    digest = hashlib.sha256(content).digest()
    head, tail = signed_files.sign(
        len(content), digest, key=signer.key, certificate=signer.certificate, signed_at=AT
    )
    found = signed_files.read_around(head, tail, len(content))
    found.require(digest)
    assert (found.signer, found.signed_at) == (signer.certificate, AT)
    with pytest.raises(signed_files.FileChanged):
        found.require(hashlib.sha256(b"another").digest())
    with pytest.raises(signed_files.SignedFileRefused):
        signed_files.read_around(head, tail, len(content) + 1)


@pytest.mark.row("ENC-1")
def test_a_changed_signed_file_is_refused_or_is_what_was_signed(signer, count):
    content = random.Random(1).randbytes(500)
    original = signed(content, signer)
    chance = random.Random(20261129)
    changed_files = count(500, 2_000)
    for number in range(changed_files):
        changed = bytearray(original)
        place = chance.randrange(len(changed))
        if number % 3:
            changed[place] ^= 1 << chance.randrange(8)
        else:
            del changed[place : place + chance.randrange(1, 9)]
        target = io.BytesIO()
        try:
            signed_files.read(io.BytesIO(bytes(changed)), target.write)
        except errors.EngineError:
            continue
        assert target.getvalue() == content
