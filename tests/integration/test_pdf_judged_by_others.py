"""Signed contracts judged by poppler, qpdf and OpenSSL, beside our own verdict."""

from __future__ import annotations

import hashlib
import random
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from engine.pdf import typeset, verification
from tests import support_pdf as support


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@dataclass(frozen=True)
class Bench:
    world: support.World
    document: bytes
    folder: Path

    def write(self, document: bytes, name: str = "f.pdf") -> str:
        (self.folder / name).write_bytes(document)
        return name

    def pdfsig(self, document: bytes, *options: str) -> list[str]:
        told = run("pdfsig", *options, self.write(document), cwd=self.folder)
        return re.findall(r"Signature Validation: (.*)", told)

    def openssl(self, document: bytes, index: int = 0) -> str:
        """`openssl cms -verify` over the byte range as it stands in the file."""
        found = re.findall(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)", document)[index]
        _, first, second, length = (int(n) for n in found)
        digits = document[first + 1 : second - 1]
        try:
            cms = bytes.fromhex(digits.decode("ascii"))
        except ValueError:
            return "not hexadecimal"
        size = int.from_bytes(cms[2:4], "big") + 4
        (self.folder / "x.cms").write_bytes(cms[:size])
        (self.folder / "x.bin").write_bytes(document[:first] + document[second : second + length])
        command = "openssl cms -verify -cades -inform DER -in x.cms -content x.bin -binary"
        command += " -CAfile root.pem -certfile agencies.pem -purpose any -out /dev/null"
        command += f" -attime {support.NOW // 1000}"
        return run(*command.split(), cwd=self.folder)

    def own(self, document: bytes) -> str:
        try:
            return verification.verify(
                document,
                roots=[self.world.root.certificate],
                at_ms=support.NOW + support.DAY,
            ).verdict
        except verification.Unreadable:
            return "unreadable"


def _bench(world: support.World, folder: Path) -> Bench:
    contract = typeset.render("contract", support.contract_data())
    agencies = (world.first_agency, world.second_agency)
    (folder / "root.pem").write_bytes(support.pem(world.root.certificate))
    (folder / "agencies.pem").write_bytes(b"".join(support.pem(a.certificate) for a in agencies))
    return Bench(world=world, document=support.both_signed(world, contract), folder=folder)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return _bench(support.make_world(), tmp_path_factory.mktemp("judged"))


@pytest.fixture(scope="module")
def rsa_bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    key = rsa.generate_private_key(65537, 4096)
    return _bench(support.make_world(purchaser_key=key), tmp_path_factory.mktemp("rsa"))


@pytest.fixture(params=["bench", "rsa_bench"])
def either(request: pytest.FixtureRequest) -> Bench:
    found: Bench = request.getfixturevalue(request.param)
    return found


def test_poppler_openssl_and_we_accept_both_signatures(either: Bench) -> None:
    assert either.pdfsig(either.document, "-nocert") == ["Signature is Valid."] * 2
    for index in (0, 1):
        assert "CAdES Verification successful" in either.openssl(either.document, index)
    assert either.own(either.document) == "valid"


def test_poppler_accepts_with_our_root_in_its_store(bench: Bench) -> None:
    store = bench.folder / "nss"
    store.mkdir(exist_ok=True)
    run("certutil", "-N", "-d", f"sql:{store}", "--empty-password", cwd=bench.folder)
    command = f"certutil -A -d sql:{store} -n root -t CT,C,C -i root.pem"
    assert "error" not in run(*command.split(), cwd=bench.folder).lower()
    options = ("-nssdir", f"sql:{store}", "-no-ocsp")
    assert bench.pdfsig(bench.document, *options) == ["Signature is Valid."] * 2


def test_qpdf_finds_nothing_wrong(bench: Bench) -> None:
    told = run("qpdf", "--check", bench.write(bench.document), cwd=bench.folder)
    assert "No syntax or stream encoding errors found" in told


def test_the_time_stamp_satisfies_openssl(bench: Bench) -> None:
    digest_of = b"any signature value"
    (bench.folder / "data").write_bytes(digest_of)
    token = bench.world.stamp(support.NOW)(hashlib.sha256(digest_of).digest())
    (bench.folder / "t.tst").write_bytes(token)
    command = "openssl ts -verify -in t.tst -token_in -data data -CAfile root.pem"
    command += f" -untrusted agencies.pem -attime {support.NOW // 1000}"
    assert "Verification: OK" in run(*command.split(), cwd=bench.folder)


def test_one_flipped_byte_makes_all_of_them_refuse(bench: Bench) -> None:
    found = re.findall(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)", bench.document)[0]
    _, first, second, length = (int(n) for n in found)
    # Inside streams of the first revision, so that poppler still can open the file.
    streams = [
        (m.end(), bench.document.index(b"endstream", m.end()))
        for m in re.finditer(rb"(?<!end)stream\r?\n", bench.document[:first])
    ]
    chance = random.Random(3)
    places = [chance.randrange(a, b) for a, b in chance.sample(streams, 6)]
    for place in [*places, second + length - 8]:
        forged = bytearray(bench.document)
        forged[place] ^= 0x10
        refused = bench.pdfsig(bytes(forged), "-nocert")
        assert refused[:1] != ["Signature is Valid."], place
        assert "Verification successful" not in bench.openssl(bytes(forged)), place
        assert bench.own(bytes(forged)) in ("invalid", "unreadable"), place


def test_a_flipped_byte_of_the_signature_value_makes_all_of_them_refuse(bench: Bench) -> None:
    found = re.findall(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)", bench.document)[0]
    first = int(found[1])
    digits = bench.document[first + 1 : int(found[2]) - 1]
    # The message digest attribute: OID 1.2.840.113549.1.9.4, then SET, OCTET STRING of 32 bytes.
    place = first + 1 + digits.upper().index(b"06092A864886F70D0109043122 0420".replace(b" ", b""))
    place += len("06092A864886F70D01090431220420") + 6
    forged = bytearray(bench.document)
    forged[place] = ord("0") if forged[place] != ord("0") else ord("1")
    assert bench.pdfsig(bytes(forged), "-nocert")[0] != "Signature is Valid."
    assert "Verification successful" not in bench.openssl(bytes(forged))
    assert bench.own(bytes(forged)) == "invalid"
