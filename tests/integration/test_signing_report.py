"""The signing report in the reader's language, beside the contract and with the contract in it."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from engine import boot
from engine.boot import reporting, tables
from engine.boot.world import World
from engine.kernel import actors, errors
from engine.pdf import increments, verification
from engine.signing import queries as contracts
from tests.support.line import NAMES, Line


@pytest.fixture(scope="module")
def signed() -> Iterator[tuple[World, str, bytes]]:
    world = boot.memory_world()
    line = Line.on(world)
    purchaser, supplier = line.person(0), line.person(1)
    for one in (purchaser, supplier):
        line.bound(one)
    contract_id = line.contract(purchaser, supplier)
    document = world.engine.ask(contracts.document, tables.INSIDE, contract_id)
    yield world, contract_id, document
    world.close()


def words(report: bytes) -> str:
    with pypdfium2.PdfDocument(report) as pdf:
        told = "".join(page.get_textpage().get_text_range() for page in pdf)
    return "".join(told.split())


@pytest.mark.row("SGN-6")
@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "zh_CN",
            ("签署报告", "有效且未改动", "签署各方", "企业公章", "已签章", "采购人", "供应商"),
        ),
        ("en", ("Signingreport", "Validandunchanged", "Parties", "Company6501", "Purchaser")),
    ],
)
def test_it_tells_contract_parties_seals_and_verdict(
    signed: tuple[World, str, bytes], language: str, parts: tuple[str, ...]
) -> None:
    world, contract_id, document = signed
    made = reporting.signing_report(world, tables.INSIDE, contract_id, language=language)
    told = words(made.content)
    for part in (*parts, *NAMES, "HT-001", "376.50"):
        assert part in told, (part, told[:600])
    # Nobody's name, and not the sign of an untranslated code.
    for other in ("张伟", "李娜", "contract.", "party."):
        assert other not in told
    assert (made.name, made.content[:5]) == ("signing-report-HT-001.pdf", b"%PDF-")
    assert document not in made.content


@pytest.mark.row("SGN-6")
def test_the_contract_inside_is_the_signed_file_byte_for_byte(
    signed: tuple[World, str, bytes], tmp_path: Path
) -> None:
    world, contract_id, document = signed
    made = reporting.signing_report(world, tables.INSIDE, contract_id, attached=True)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        [(name, spec)] = pdf.attachments.items()
        assert name == "HT-001.pdf"
        assert spec.get_file().read_bytes() == document
        assert spec.relationship == pikepdf.Name.Source
        assert len(pdf.Root.AF) == 1
        with pdf.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("3", "B")
    path = tmp_path / "report.pdf"
    path.write_bytes(made.content)
    checked = subprocess.run(
        ["qpdf", "--check", str(path)], capture_output=True, text=True, check=False, timeout=30
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    inside = subprocess.run(
        ["pdfdetach", "-saveall", "-o", str(tmp_path), str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert inside.returncode == 0, inside.stderr
    assert (tmp_path / "HT-001.pdf").read_bytes() == document


@pytest.mark.row("SGN-6")
def test_a_report_put_into_the_signed_file_would_break_it(
    signed: tuple[World, str, bytes],
) -> None:
    """Why the report is around the contract and not in it: what is attached after signing is a change."""
    world, contract_id, document = signed
    report = reporting.signing_report(world, tables.INSIDE, contract_id).content
    writer = increments.writer(document)
    from pyhanko.pdf_utils import embed

    embed.embed_file(
        writer,
        embed.FileSpec(
            "report.pdf",
            embedded_data=embed.EmbeddedFileObject.from_file_data(writer, report),
        ),
    )
    forged = increments.written(writer)
    found = verification.verify(forged, roots=world.roots, at_ms=world.engine.now())
    assert found.verdict == verification.INVALID
    assert "changed_after_signing" in found.reasons


@pytest.mark.row("SGN-6")
def test_a_stranger_gets_no_report(signed: tuple[World, str, bytes]) -> None:
    world, contract_id, _ = signed
    stranger = actors.MallAccount(mall_account_id="mal_x", platform_id="other")
    with pytest.raises(errors.NotFound):
        reporting.signing_report(world, stranger, contract_id)
