"""One enterprise goes all the way, on both databases, and other people's tools judge the result."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from engine.boot import World, tables
from engine.invoicing import queries as invoices
from engine.kernel import database, events
from engine.pdf import typeset, verification
from engine.signing import queries as contracts
from tests.support import fold
from tests.support.line import Line


def _pdfsig(path: Path) -> str:
    return subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout


@pytest.fixture
def walked(any_world: World) -> tuple[Line, str]:
    """A world in which two enterprises have gone all the way."""
    line = Line.on(any_world)
    purchaser, supplier = line.person(0), line.person(1)
    line.bound(purchaser)
    line.bound(supplier, "nanfang")
    contract_id = line.contract(purchaser, supplier)
    purchaser.submit(contract_id)
    line.approve_all()
    purchaser.invoice()
    line.work()
    return line, contract_id


@pytest.mark.row("SGN-4")
def test_the_contract_is_valid_for_us_and_for_others_until_a_byte_is_flipped(
    walked: tuple[Line, str], tmp_path: Path
) -> None:
    line, contract_id = walked
    engine = line.world.engine
    document = engine.ask(contracts.document, tables.INSIDE, contract_id)
    verdict = verification.verify(document, roots=line.world.roots, at_ms=engine.now())
    assert (verdict.verdict, [one.level for one in verdict.signatures]) == ("valid", ["B-LT"] * 2)
    path = tmp_path / "contract.pdf"
    path.write_bytes(document)
    assert _pdfsig(path).count("Signature is Valid") == 2
    assert subprocess.run(["qpdf", "--check", str(path)], check=False).returncode == 0
    flipped = bytearray(document)
    place = document.index(b"/Page")
    flipped[place + 1] ^= 0x20
    path.write_bytes(flipped)
    changed = verification.verify(bytes(flipped), roots=line.world.roots, at_ms=engine.now())
    assert changed.verdict == "invalid"
    assert "Signature is Valid" not in _pdfsig(path)


def test_the_certificates_satisfy_openssl(walked: tuple[Line, str], tmp_path: Path) -> None:
    line, _ = walked
    world = line.world
    (tmp_path / "root.pem").write_bytes(world.roots[0].public_bytes(Encoding.PEM))
    with world.engine.parts.db.read() as connection:
        held = connection.rows(
            "SELECT agency_id, pair_id, usage, der FROM certificate ORDER BY pair_id, usage"
        )
    # Buyer and seller each hold a pair.
    assert [row["usage"] for row in held] == ["encryption", "signing"] * 2
    assert len({row["pair_id"] for row in held}) == 2
    for row in held:
        (tmp_path / "leaf.der").write_bytes(bytes(row["der"]))
        (tmp_path / "ca.der").write_bytes(world.authorities.certificate(row["agency_id"]))
        for name in ("leaf", "ca"):
            subprocess.run(
                ["openssl", "x509", "-inform", "DER", "-in", f"{name}.der", "-out", f"{name}.pem"],
                cwd=tmp_path,
                check=True,
            )
        command = ["openssl", "verify", "-x509_strict", "-no_check_time", "-CAfile", "root.pem"]
        done = subprocess.run(
            [*command, "-untrusted", "ca.pem", "leaf.pem"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_no_rule_is_broken_and_the_log_tells_everything(walked: tuple[Line, str]) -> None:
    line, _ = walked
    db = line.world.engine.parts.db
    fold.require(line.world)
    with db.read() as connection:
        count, breaks = events.verify(connection, line.world.keyring)
        assert (count > 150, breaks) == (True, [])
        for name, sql in tables.INVARIANTS.items():
            assert connection.rows(sql) == [], name
        assert connection.rows("SELECT kind FROM job WHERE status = 'stuck'") == []
        assert "event" in database.tables(connection, db.dialect)


@pytest.mark.row("INV-2")
def test_the_invoice_is_numbered_and_for_what_was_paid(walked: tuple[Line, str]) -> None:
    line, _ = walked
    with line.world.engine.parts.db.read() as connection:
        (held,) = connection.rows("SELECT id, number, total_fen, status FROM invoice")
    assert (held["status"], held["total_fen"], len(held["number"])) == ("issued", 20_000, 20)
    found = line.world.engine.ask(invoices.invoice, tables.INSIDE, held["id"])
    assert found.amount_fen + found.tax_fen == found.total_fen


def test_an_uploaded_document_is_signed_like_one_of_ours(world: World) -> None:
    line = Line.on(world)
    purchaser, supplier = line.person(0), line.person(1)
    line.bound(purchaser)
    line.bound(supplier)
    upload = typeset.render(
        "letter_of_authorization",
        {
            "issued_at": world.engine.now(),
            "number": "SQ-1",
            "enterprise": purchaser.identity.enterprise,
            "uscc": purchaser.identity.uscc,
            "legal_representative": "张伟",
            "agent": "张伟",
            "agent_id": "650102********0011",
            "agent_phone": "139****0000",
            "platform": "新疆光正电子商城",
            "representative_id": "650102********0011",
            "matters": ["办理数字证书"],
            "valid_from": "2026-06-01",
            "valid_until": "2027-05-31",
            "signed_on": "2026-06-01",
        },
    )
    contract_id = line.contract(purchaser, supplier, upload=upload)
    document = world.engine.ask(contracts.document, tables.INSIDE, contract_id)
    verdict = verification.verify(document, roots=world.roots, at_ms=world.engine.now())
    assert (verdict.verdict, len(verdict.signatures)) == ("valid", 2)
