"""What the product signs, judged by poppler, qpdf, MuPDF, OpenSSL (cms, ts) and pyHanko, at every level."""

from __future__ import annotations

import itertools
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine import worker
from engine.mall.model import MallRole
from engine.pdf import placing
from engine.pki import certificates
from engine.signing import actions
from tests.support import parties, trading

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
P = placing.Placing
# Poppler does not know document time-stamps; OpenSSL judges those.
UNKNOWN = "Signature has not yet been verified."
GOOD = ("The signature is valid but", "The document is unchanged since signing.")


_CMS = (
    "openssl cms -verify -cades -inform DER -in x.cms -content x.bin -binary"
    " -CAfile root.pem -certfile links.pem -purpose any -out /dev/null"
)


@dataclass(frozen=True)
class Judges:
    """Other people's tools over one folder."""

    world: Any
    folder: Path

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )
        return done.stdout + done.stderr

    def require_good(self, document: bytes, *, signatures: int, archives: int = 0) -> None:
        """Every tool accepts every signature and every time-stamp of a document."""
        (self.folder / "f.pdf").write_bytes(document)
        found = re.findall(r"Signature Validation: (.*)", self.run("pdfsig", "-nocert", "f.pdf"))
        assert found == ["Signature is Valid."] * signatures + [UNKNOWN] * archives
        assert "No syntax or stream encoding errors found" in self.run("qpdf", "--check", "f.pdf")
        told = self.run("mutool", "sign", "-v", "f.pdf")
        assert sum(told.count(one) for one in GOOD) >= signatures
        assert "have been edits" not in told.replace("valid but there have been edits", "")
        self.by_openssl(document, signatures)

    def by_openssl(self, document: bytes, signatures: int) -> None:
        pem = [one.public_bytes(Encoding.PEM) for one in self.world.roots]
        (self.folder / "root.pem").write_bytes(b"".join(pem))
        chains = [agency.chain() for agency in self.world.ports.agencies.values()]
        links = {der for chain in chains for der in chain}
        (self.folder / "links.pem").write_bytes(
            b"".join(
                certificates.to_pem(x509.load_der_x509_certificate(der)) for der in sorted(links)
            )
        )
        at = str(self.world.engine.now() // 1000)
        seen = 0
        for first, second, length, value in values(document):
            (self.folder / "x.bin").write_bytes(
                document[:first] + document[second : second + length]
            )
            content = cms.ContentInfo.load(value)
            signed = content["content"]
            (self.folder / "x.cms").write_bytes(content.dump())
            if signed["encap_content_info"]["content_type"].native == "tst_info":
                self._by_ts("x.cms", "x.bin", at)
                continue
            seen += 1
            told = self.run(
                *[
                    "openssl",
                    "cms",
                    "-verify",
                    "-cades",
                    "-inform",
                    "DER",
                    "-in",
                    "x.cms",
                    "-content",
                    "x.bin",
                    "-binary",
                ],
                *[
                    "-CAfile",
                    "root.pem",
                    "-certfile",
                    "links.pem",
                    "-purpose",
                    "any",
                    "-out",
                    "/dev/null",
                ],
                "-attime",
                at,
            )
            assert "CAdES Verification successful" in told, told
            info = signed["signer_infos"][0]
            unsigned = info["unsigned_attrs"] or ()
            for attribute in unsigned:
                if attribute["type"].native == "signature_time_stamp_token":
                    (self.folder / "t.tst").write_bytes(attribute["values"][0].dump())
                    (self.folder / "t.bin").write_bytes(info["signature"].native)
                    self._by_ts("t.tst", "t.bin", at)
        assert seen == signatures

    def _by_ts(self, token: str, content: str, at: str) -> None:
        told = self.run(
            *f"openssl ts -verify -in {token} -token_in -data {content}".split(),
            *f"-CAfile root.pem -untrusted links.pem -attime {at}".split(),
        )
        assert "Verification: OK" in told, told


def values(document: bytes):
    """Each byte range that a file signs, and its CMS, once."""
    for found in re.finditer(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)", document):
        _, first, second, length = (int(n) for n in found.groups())
        yield first, second, length, bytes.fromhex(document[first + 1 : second - 1].decode())


def made(world, deal, **more):
    arguments = {
        "purchase_order_id": deal.purchase_order.id,
        "terms": trading.TERMS,
        **more,
    }
    return world.engine.perform(actions.create_contract, arguments, actor=deal.purchaser.mall)


@pytest.mark.row("SGN-4")
@pytest.mark.parametrize("level", LEVELS)
def test_two_in_turn_at_every_level(world, tmp_path, level):
    deal = trading.trade(world)
    contract = made(world, deal, level=level)
    judges = Judges(world, tmp_path)
    for number, party in enumerate((deal.purchaser, deal.supplier), start=1):
        trading.sign(world, party, contract.id)
        worker.tick(world, owner="test")
        done = level == "B-LTA" and number == 2
        document = trading.document(world, contract)
        judges.require_good(document, signatures=number, archives=int(done))
    judged = trading.verdict(world, document)
    assert judged.verdict == ("valid" if level in ("B-LT", "B-LTA") else "indeterminate")
    forged = bytearray(document)
    forged[document.index(b"stream") + 20] ^= 1
    assert trading.verdict(world, bytes(forged)).verdict == "invalid"


@pytest.mark.row("SGN-3")
@pytest.mark.parametrize("order", list(itertools.permutations(range(3)))[1::2])
def test_three_in_any_order_with_pages_words_and_seams(world, tmp_path, order):
    deal = trading.trade(world)
    third = parties.sealed(
        world,
        deal.reviewers,
        number=3,
        name="乌鲁木齐恒基建材有限公司",
        role=MallRole.SUPPLIER,
    )
    seams = {
        role: (
            P(kind="page", pages="last", x_mm=15 + 60 * index, y_mm=200),
            P(kind="seam", y_mm=20 + 60 * index),
        )
        for index, role in enumerate(("purchaser", "supplier", "party3"))
    }
    seams["supplier"] = (P(kind="keyword", keyword="合同", y_mm=60), seams["supplier"][1])
    contract = made(
        world, deal, parties=(third.mall.mall_account_id,), placements=seams, level="B-LTA"
    )
    judges = Judges(world, tmp_path)
    everybody = (deal.purchaser, deal.supplier, third)
    documents = [trading.document(world, contract)]
    for index in order:
        trading.sign(world, everybody[index], contract.id)
        worker.tick(world, owner="test")
        documents.append(trading.document(world, contract))
        assert documents[-1].startswith(documents[-2])
    (tmp_path / "f.pdf").write_bytes(documents[-1])
    pages = len(re.findall(r"^Page +\d+ size", judges.run("pdfinfo", "-l", "99", "f.pdf"), re.M))
    told = re.findall(r"Signature Validation: (.*)", judges.run("pdfsig", "-nocert", "f.pdf"))
    assert told == ["Signature is Valid."] * (3 * (1 + pages)) + [UNKNOWN]
    assert "No syntax or stream encoding errors found" in judges.run("qpdf", "--check", "f.pdf")
    by_mutool = judges.run("mutool", "sign", "-v", "f.pdf")
    assert sum(by_mutool.count(one) for one in GOOD) >= 3 * (1 + pages)
    judges.by_openssl(documents[-1], 3)
    judged = trading.verdict(world, documents[-1])
    assert (judged.verdict, judged.reasons) == ("valid", ())


@pytest.mark.row("SGN-3")
def test_a_batch(world, tmp_path):
    deal = trading.trade(world)
    contracts = [made(world, deal, terms=trading.replace_number(f"HT-B-{n}")) for n in range(3)]
    for party in (deal.purchaser, deal.supplier):
        trading.sign_together(world, party, [one.id for one in contracts])
    judges = Judges(world, tmp_path)
    for one in contracts:
        document = trading.document(world, one)
        judges.require_good(document, signatures=2)
        assert trading.verdict(world, document).verdict == "valid"
