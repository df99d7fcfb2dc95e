"""What was signed before a change of keys verifies after it: by us, by pyHanko, by poppler."""

from __future__ import annotations

import datetime
import io
import logging
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from engine import boot
from engine.cli import shell
from engine.kernel import clock
from engine.pdf import verification
from engine.pki import certificates
from tests.integration.test_ceremonies import NOW, opened, roll, rotate
from tests.support import trading, worlds

LATER = NOW + 3 * clock.DAY
VALID = "Signature is Valid."


@dataclass(frozen=True, kw_only=True)
class Rolled:
    """A folder's world after both changes of keys, and a contract from before them."""

    path: Path
    document: bytes

    @property
    def online(self) -> Path:
        """Its published certificates."""
        return self.path / "keys" / "pki"

    def certificate(self, name: str) -> x509.Certificate:
        """One of them."""
        return certificates.from_bytes((self.online / f"{name}.cert.pem").read_bytes())

    @property
    def bridges(self) -> list[x509.Certificate]:
        """The two cross certificates."""
        files = sorted(self.online.glob("cross-*.cert.pem"))
        return [certificates.from_bytes(one.read_bytes()) for one in files]

    @property
    def lists(self) -> list[bytes]:
        """What both roots have revoked."""
        return [(self.online / f"{name}.crl").read_bytes() for name in ("root", "root-g2")]


@pytest.fixture(scope="module")
def rolled(tmp_path_factory: pytest.TempPathFactory) -> Rolled:
    path = tmp_path_factory.mktemp("rolled") / "demo"
    boot.create_world(path, kind="demo", world_id="rolled", reference_ms=NOW)
    boot.worlds.pop("rolled", None)
    world = opened(path)
    deal = trading.trade(world)
    document = trading.document(world, trading.signed(world, deal))
    shell.close(world)
    roll(path)
    rotate(path)
    return Rolled(path=path, document=document)


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def ours(rolled: Rolled, *roots: str, bridged: bool = False) -> str:
    return verification.verify(
        rolled.document,
        roots=[rolled.certificate(name) for name in roots],
        at_ms=LATER,
        extra_certificates=rolled.bridges if bridged else (),
        crls=rolled.lists if bridged else (),
    ).verdict


@pytest.mark.row("PKI-1")
@pytest.mark.row("SGN-4")
def test_we_verify_it_by_either_root_and_by_the_new_one_only_over_the_bridge(rolled):
    assert ours(rolled, "root") == verification.VALID
    assert ours(rolled, "root", "root-g2") == verification.VALID
    assert ours(rolled, "root-g2", bridged=True) == verification.VALID
    # Who trusts the new root alone and has no bridge knows nothing of it.
    assert ours(rolled, "root-g2") == verification.INDETERMINATE


@pytest.mark.row("PKI-1")
def test_the_world_verifies_it_and_signs_on_with_the_new_keys(rolled):
    world = opened(rolled.path, later=clock.DAY)
    assert len(world.roots) == 2
    assert trading.verdict(world, rolled.document).verdict == verification.VALID
    deal = trading.trade(world, number=11)
    [row] = worlds.rows(
        world, "SELECT serial_hex FROM certificate WHERE id = ?", deal.purchaser.certificate_id
    )
    assert certificates.serial_prefix(int(row["serial_hex"], 16)) == 2
    terms = replace(trading.TERMS, number="HT-2026-002")
    contract = trading.draft(world, deal, terms=terms)
    for party in (deal.purchaser, deal.supplier):
        trading.sign(world, party, contract.id)
    document = trading.document(world, contract)
    assert trading.verdict(world, document).verdict == verification.VALID
    shell.close(world)


@pytest.mark.row("PKI-1")
@pytest.mark.row("SGN-4")
@pytest.mark.parametrize(("root", "bridged"), [("root", False), ("root-g2", True)])
def test_pyhanko_trusts_it_by_either_root(rolled, root, bridged):
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

    def der(one: x509.Certificate) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(certificates.to_der(one))

    def said(others: list[x509.Certificate]) -> list[tuple[bool, bool, bool]]:
        context = ValidationContext(
            trust_roots=[der(rolled.certificate(root))],
            other_certs=[der(one) for one in others],
            crls=[asn1_crl.CertificateList.load(one) for one in rolled.lists],
            moment=datetime.datetime.fromtimestamp(LATER / 1000, tz=datetime.UTC),
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        reader = PdfFileReader(io.BytesIO(rolled.document))
        found = [validate_pdf_signature(one, context) for one in reader.embedded_signatures[:2]]
        return [(one.intact, one.valid, one.trusted) for one in found]

    agency = [rolled.certificate("dongfang")]
    assert said([*agency, *(rolled.bridges if bridged else [])]) == [(True, True, True)] * 2
    if bridged:
        assert said(agency) == [(True, True, False)] * 2


@pytest.mark.row("PKI-1")
@pytest.mark.row("SGN-4")
def test_poppler_accepts_it_with_the_old_root_and_with_the_new_one(rolled, tmp_path):
    (tmp_path / "f.pdf").write_bytes(rolled.document)
    for root in ("root", "root-g2"):
        store = tmp_path / root
        store.mkdir()
        run("certutil", "-N", "-d", f"sql:{store}", "--empty-password", cwd=tmp_path)
        named = str(rolled.online / f"{root}.cert.pem")
        command = f"certutil -A -d sql:{store} -n {root} -t CT,C,C -i {named}"
        assert "error" not in run(*command.split(), cwd=tmp_path).lower()
        told = run("pdfsig", "-nssdir", f"sql:{store}", "-no-ocsp", "f.pdf", cwd=tmp_path)
        assert re.findall(r"Signature Validation: (.*)", told) == [VALID] * 2, told


@pytest.mark.row("PKI-1")
def test_one_flipped_byte_is_seen_after_it_as_before(rolled):
    changed = bytearray(rolled.document)
    changed[changed.index(b"/Page") + 1] ^= 0x20
    found = verification.verify(
        bytes(changed), roots=[rolled.certificate("root")], at_ms=LATER
    ).verdict
    assert found not in (verification.VALID, verification.VALID_EXTENDED)
