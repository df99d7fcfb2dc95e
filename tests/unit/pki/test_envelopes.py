"""Envelopes: OpenSSL and this product open what the other made, and nothing changed opens (ENC-1)."""

from __future__ import annotations

import io
import random
import subprocess
import sys

import pytest

from engine.kernel import errors
from engine.pki import decrypting, der, envelopes
from engine.pki.envelopes import streams
from tests.support import envelopes as made

SIZES = [0, 1, 15, 16, 17, 31, 32, 4_096, streams.PIECE + 5]
CIPHERS = {"gcm": envelopes.AES_256_GCM, "cbc": envelopes.AES_256_CBC}
KINDS = ["rsa", "curve"]


def content_of(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@pytest.fixture(scope="module")
def holders() -> dict[str, list[made.Holder]]:
    return {kind: [made.holder(kind, number) for number in (1, 2, 3)] for kind in KINDS}


# -- both directions --------------------------------------------------------------------------------


@pytest.mark.row("ENC-1")
@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("known", [True, False], ids=["der", "stream"])
def test_openssl_opens_what_is_made_here(holders, tmp_path, kind, cipher, known):
    one = holders[kind][0]
    certificate, key = one.files(tmp_path)
    for size in SIZES:
        content = content_of(size)
        options = {} if known else {"size": None}
        envelope = made.sealed(content, [one], cipher=CIPHERS[cipher], **options)
        (tmp_path / "sealed").write_bytes(envelope)
        made.openssl(
            tmp_path,
            *("-decrypt", "-binary", "-inform", "DER", "-in", "sealed", "-out", "plain"),
            *("-recip", certificate, "-inkey", key),
        )
        assert (tmp_path / "plain").read_bytes() == content, size
        assert made.opened(envelope, one) == content


@pytest.mark.row("ENC-1")
@pytest.mark.parametrize(
    "options",
    # OpenSSL 3.0 itself cannot write a stream in GCM.
    [("-aes-128-cbc",), ("-aes256",), ("-aes256", "-stream"), ("-aes-128-gcm",), ("-aes-256-gcm",)],
    ids=" ".join,
)
@pytest.mark.parametrize("kind", KINDS)
def test_here_is_opened_what_openssl_makes(holders, tmp_path, kind, options):
    one = holders[kind][0]
    certificate, _ = one.files(tmp_path)
    for size in SIZES:
        content = content_of(size)
        (tmp_path / "plain").write_bytes(content)
        made.openssl(
            tmp_path,
            *("-encrypt", "-binary", "-outform", "DER", "-in", "plain", "-out", "sealed"),
            *(*options, "-recip", certificate),
        )
        assert made.opened((tmp_path / "sealed").read_bytes(), one) == content, size


@pytest.mark.row("ENC-1")
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("rsa", ("-keyopt", "rsa_padding_mode:oaep")),
        ("rsa", ("-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256")),
        ("rsa", ("-keyid",)),
        ("curve", ("-keyopt", "ecdh_kdf_md:sha256")),
        ("curve", ("-keyopt", "ecdh_kdf_md:sha512")),
        ("curve", ("-keyid",)),
        ("curve", ("-aes128-wrap",)),
    ],
)
def test_every_way_in_which_openssl_carries_a_key_is_read(holders, tmp_path, kind, options):
    one = holders[kind][0]
    certificate, _ = one.files(tmp_path)
    (tmp_path / "plain").write_bytes(b"content")
    before = [part for part in options if part in ("-keyid", "-aes128-wrap")]
    after = [part for part in options if part not in before]
    made.openssl(
        tmp_path,
        *("-encrypt", "-binary", "-outform", "DER", "-in", "plain", "-out", "sealed", "-aes256"),
        *(*before, "-recip", certificate, *after),
    )
    assert made.opened((tmp_path / "sealed").read_bytes(), one) == b"content"


@pytest.mark.row("ENC-1")
def test_of_several_recipients_each_opens_it_and_nobody_else(holders, tmp_path):
    several = [holders["rsa"][0], holders["curve"][0], holders["rsa"][1], holders["curve"][1]]
    content = content_of(70_000)
    envelope = made.sealed(content, several)
    (tmp_path / "sealed").write_bytes(envelope)
    for one in several:
        certificate, key = one.files(tmp_path)
        made.openssl(
            tmp_path,
            *("-decrypt", "-binary", "-inform", "DER", "-in", "sealed", "-out", "plain"),
            *("-recip", certificate, "-inkey", key),
        )
        assert (tmp_path / "plain").read_bytes() == content
        assert made.opened(envelope, one) == content
    for kind in KINDS:
        with pytest.raises(envelopes.NotForThisCertificate):
            made.opened(envelope, holders[kind][2])


# -- what is refused --------------------------------------------------------------------------------


def test_nothing_is_encrypted_for_a_signing_certificate_or_for_nobody():
    with pytest.raises(envelopes.RecipientUnusable):
        made.sealed(b"content", [made.holder("rsa", 4, signs=True)])
    with pytest.raises(envelopes.RecipientUnusable):
        made.sealed(b"content", [])


@pytest.mark.parametrize("kind", KINDS)
def test_another_key_than_the_certificates_opens_nothing(holders, kind):
    envelope = made.sealed(b"content" * 9, [holders[kind][0]])
    reading = envelopes.Reading(io.BytesIO(envelope))
    addressed = reading.heading.for_certificate(holders[kind][0].certificate)
    for other in (holders["rsa"][1], holders["curve"][1]):
        with pytest.raises(decrypting.NotOpened):
            reading.open(addressed.opened_by(other.key), io.BytesIO())


def test_a_file_of_another_kind_is_refused_by_name():
    for kind, said in (("7.2", "signed and not encrypted"), ("7.1", "not encrypted")):
        encoded = der.sequence(der.oid(f"1.2.840.113549.1.{kind}"), der.explicit(0, der.sequence()))
        with pytest.raises(envelopes.EnvelopeRefused) as refused:
            envelopes.read_heading(encoded)
        assert said in refused.value.params["problem"]


@pytest.mark.row("ENC-1")
def test_a_changed_envelope_opens_to_what_was_in_it_or_not_at_all(holders, count):
    """2,000 mutations of authenticated envelopes: none gives other bytes, none ends in a traceback."""
    content = content_of(300)
    chance = random.Random(20261128)
    several = [holders["rsa"][0], holders["curve"][0]]
    originals = [made.sealed(content, several), made.sealed(content, several, size=None)]
    refused = whole = 0
    mutations = count(2_000, 2_000)
    for number in range(mutations):
        changed = bytearray(originals[number % 2])
        place = chance.randrange(len(changed))
        match number % 4:
            case 0 | 1:
                changed[place] ^= 1 << chance.randrange(8)
            case 2:
                del changed[place : place + chance.randrange(1, 9)]
            case _:
                changed[place:place] = chance.randbytes(chance.randrange(1, 9))
        try:
            found = made.opened(bytes(changed), several[number // 2 % 2])
        except errors.EngineError:
            refused += 1
        else:
            whole += found == content
            assert found == content
    # What names the other recipient, and their part, may change and harm nobody.
    assert refused + whole == mutations
    assert refused > mutations // 2


def test_nothing_is_left_of_a_file_that_is_not_whole(holders, tmp_path):
    """Of 3 MB all but the tag is right: neither the target nor a piece of it stays."""
    one = holders["curve"][0]
    content = content_of(3 * 1024 * 1024)
    envelope = bytearray(made.sealed(content, [one]))
    (tmp_path / "right").write_bytes(envelope)
    envelope[-1] ^= 1
    (tmp_path / "wrong").write_bytes(envelope)

    def key_of(heading: envelopes.Heading) -> bytes:
        return heading.for_certificate(one.certificate).opened_by(one.key)

    with pytest.raises(decrypting.NotOpened):
        envelopes.open_file(tmp_path / "wrong", tmp_path / "plain", key_of)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["right", "wrong"]
    assert envelopes.open_file(tmp_path / "right", tmp_path / "plain", key_of) == len(content)
    assert (tmp_path / "plain").read_bytes() == content


# -- any size in bounded memory ---------------------------------------------------------------------

_MEASURED = """
import sys
from pathlib import Path
from engine.kernel import ids
from engine.pki import envelopes
from tests.support import envelopes as made

size, cipher, folder = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
one = made.holder("curve", 1)
piece = bytes(range(256)) * 4096


def peak():
    # Of this program alone: what `getrusage` tells may be its parent's.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


before = peak()
ciphers = {"gcm": envelopes.AES_256_GCM, "cbc": envelopes.AES_256_CBC}
with (folder / "sealed").open("wb") as target:
    envelopes.seal(
        (piece for _ in range(size // len(piece))), target, certificates=[one.certificate],
        entropy=ids.seeded("large", "envelope"), size=size, cipher=ciphers[cipher],
    )
made_of = envelopes.open_file(
    folder / "sealed", folder / "plain",
    lambda heading: heading.for_certificate(one.certificate).opened_by(one.key),
)
assert made_of == size, made_of
with (folder / "plain").open("rb") as plain:
    while found := plain.read(len(piece)):
        assert found == piece
print(peak() - before)
"""


@pytest.mark.row("ENC-1")
@pytest.mark.parametrize("cipher", CIPHERS)
def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path, cipher, count):
    """64 MB in the normal run, 1 GB in the full one, through both ways: at most 16 MB more at the peak."""
    megabytes = count(64, 1_024)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(megabytes * 1024 * 1024), cipher, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    kilobytes = int(done.stdout)
    print(f"{megabytes} MB in {cipher}: {kilobytes} kB more at the peak")
    assert kilobytes < 16 * 1024
