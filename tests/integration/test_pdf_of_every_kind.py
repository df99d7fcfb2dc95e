"""PDFs of every kind are signed and verified, or refused with the reason; none is damaged.

Each signed file begins with the very bytes that came in, looks the same but for the seal, and is judged by
ourselves, poppler, qpdf and mutool.
"""

from __future__ import annotations

import functools
import re
import subprocess
from types import ModuleType

import numpy
import pypdfium2
import pytest

from engine.kernel import errors
from engine.pdf import intake, own, signing, verification
from engine.signing import standalone
from tests import support_pdf as support
from tests.support import pdf_kinds

# Pages beyond this many are not drawn: the seal stands on the last, and the first ones tell enough.
DRAWN = 3
FAMILIES = ("stored", "placed", "drawn", "interactive", "elsewhere", "signed before", "broken")


@functools.cache
def world() -> support.World:
    return support.make_world()


@functools.cache
def kinds() -> tuple[pdf_kinds.Kind, ...]:
    return tuple(pdf_kinds.every(world()))


def sealed(document: bytes, makers: ModuleType) -> bytes:
    """Signed at B-LT with a seal on the last page, after the door has let the document in."""
    facts = intake.inspect(document)
    here = world()
    prepared = makers.prepare(
        document,
        field="party",
        signer_certificate=here.purchaser.certificate,
        chain=here.purchaser.chain,
        signing_time_ms=support.NOW,
        seal=support.SEAL,
        placement=standalone.last_corner(document, support.SEAL),
        first=not facts.has_signatures,
    )
    signed = makers.finish(
        prepared,
        signature_value=support.sign(here.purchaser.key, prepared.signed_attributes),
        timestamp=here.stamp(support.NOW + 1000),
    )
    if makers is own:
        agencies = (here.root, here.first_agency, here.second_agency)
        return own.add_validation_info(
            signed,
            certificates=[one.certificate for one in agencies[1:]],
            crls=[one.crl(at=support.NOW - support.HOUR) for one in agencies],
        )
    return here.with_info(signed)


def drawn(document: bytes) -> list[numpy.ndarray]:
    """The first pages and the last one, with what stands in their form fields and annotations."""
    pdf = pypdfium2.PdfDocument(document)
    try:
        pdf.init_forms()
        wanted = sorted({*range(min(DRAWN, len(pdf))), len(pdf) - 1})
        sizes = [max(pdf[number].get_size()) for number in wanted]
        return [
            pdf[number].render(scale=min(1.0, 1200 / size)).to_numpy().astype(int)
            for number, size in zip(wanted, sizes, strict=True)
        ]
    finally:
        pdf.close()


def changed_outside(before: bytes, after: bytes) -> list[str]:
    """What differs between two files beyond one box of the seal's size on the last page."""
    found = []
    for number, (was, now) in enumerate(zip(drawn(before), drawn(after), strict=True)):
        if was.shape != now.shape:
            found.append(f"page {number}: {was.shape} became {now.shape}")
            continue
        rows, columns = numpy.nonzero(numpy.abs(was - now).max(axis=2) > 8)
        if not len(rows):
            continue
        height, width = numpy.ptp(rows) + 1, numpy.ptp(columns) + 1
        scale = max(was.shape[:2]) / max(_points(before, number))
        side = support.SEAL.width_mm * 72 / 25.4 * scale + 4
        if number != len(drawn(before)) - 1 or max(height, width) > side:
            found.append(f"page {number}: {width} × {height} pixels changed")
    return found


def _points(document: bytes, number: int) -> tuple[float, float]:
    pdf = pypdfium2.PdfDocument(document)
    try:
        wanted = sorted({*range(min(DRAWN, len(pdf))), len(pdf) - 1})
        return pdf[wanted[number]].get_size()
    finally:
        pdf.close()


def told(folder, *command: str) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        errors="replace",
    )
    return done.returncode, done.stdout + done.stderr


def judged_by_others(folder, before: bytes, after: bytes) -> list[str]:
    """What poppler, qpdf and mutool have against a signed file."""
    (folder / "before.pdf").write_bytes(before)
    (folder / "after.pdf").write_bytes(after)
    found = []
    _, said = told(folder, "pdfsig", "-nocert", "after.pdf")
    if re.findall(r"Signature Validation: (.*)", said) != ["Signature is Valid."]:
        found.append(f"pdfsig: {said}")
    was, _ = told(folder, "qpdf", "--check", "before.pdf")
    now, said = told(folder, "qpdf", "--check", "after.pdf")
    if now not in (0, was):
        found.append(f"qpdf: {said}")
    _, said = told(folder, "mutool", "sign", "-v", "after.pdf")
    # What mutool calls an edit is the validation data behind the signature.
    if not re.search(
        r"document is unchanged since signing|edits since signing", said, re.IGNORECASE
    ):
        found.append(f"mutool: {said}")
    return found


def test_there_are_two_hundred():
    found = kinds()
    assert len(found) >= 200
    assert {one.family for one in found} == set(FAMILIES)
    assert sum(one.expected == pdf_kinds.SIGNED for one in found) >= 150


@pytest.mark.row("SGN-4")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("makers", [signing, own], ids=["pyHanko", "own"])
def test_each_is_signed_and_verified_or_refused_and_none_is_damaged(
    tmp_path, family, part, makers, record_property
):
    wrong, signed, refused = [], 0, 0
    for one in [kind for kind in kinds() if kind.family == family][part::4]:
        try:
            made = sealed(one.content, makers)
        except errors.EngineError as refusal:
            refused += 1
            if one.expected == pdf_kinds.SIGNED or not isinstance(refusal, one.expected):
                wrong.append(f"{one.name}: refused as {type(refusal).__name__}: {refusal}")
            continue
        if one.expected != pdf_kinds.SIGNED:
            wrong.append(f"{one.name}: signed, and should be refused as {one.expected.__name__}")
            continue
        signed += 1
        verdict = verification.verify(
            made, roots=[world().root.certificate], at_ms=support.NOW + support.DAY
        )
        problems = [] if verdict.verdict == "valid" else [f"{verdict.verdict}: {verdict.reasons}"]
        if not made.startswith(one.content):
            problems.append("the bytes that came in are not its beginning")
        problems += changed_outside(one.content, made)
        problems += judged_by_others(tmp_path, one.content, made)
        wrong += [f"{one.name}: {problem}" for problem in problems]
    record_property("signed", signed)
    record_property("refused", refused)
    assert not wrong, "\n".join(wrong)
