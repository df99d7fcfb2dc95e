"""One signature whose seal stands in several places: joined slices, untouched pages, other judges."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import typst
from PIL import Image, ImageChops

from engine.pdf import placing, signing, spread, verification
from tests import support_pdf as support

# Ten pixels to a millimetre.
DPI = 254
SEAL_OBJECT = bytes(range(256)) * 20
SEAM_Y = {"purchaser": 60, "supplier": 150}


@pytest.fixture(scope="module")
def plain() -> bytes:
    source = "#set page(width: 210mm, height: 297mm)\n"
    source += "#pagebreak()\n".join(f"#lorem(120) Party {n} signs\n" for n in (1, 2, 3))
    return bytes(typst.compile(source.encode(), format="pdf", pdf_standards="a-2b"))


def marks(document: bytes, role: str) -> list[placing.Mark]:
    return placing.marks(
        document,
        [
            placing.Placing(kind="keyword", keyword="Party 3 signs", y_mm=60),
            placing.Placing(
                kind="page", pages="1", x_mm=20 if role == "purchaser" else 90, y_mm=200
            ),
            placing.Placing(kind="seam", y_mm=SEAM_Y[role]),
        ],
        42,
        42,
    )


def sign(world: support.World, document: bytes, plain: bytes, role: str, *, first: bool) -> bytes:
    who = getattr(world, role)
    fields = [one for each in SEAM_Y for one in signing.fields_of(each, marks(plain, each))]
    prepared = signing.prepare(
        document,
        field=role,
        signer_certificate=who.certificate,
        chain=who.chain,
        signing_time_ms=support.NOW,
        seal=support.SEAL,
        first=first,
        all_fields=fields if first else (),
        seal_object=SEAL_OBJECT,
    )
    made = signing.finish(
        prepared,
        signature_value=support.sign(who.key, prepared.signed_attributes),
        timestamp=world.stamp(support.NOW),
    )
    return world.with_info(made)


@pytest.fixture(scope="module")
def steps(world: support.World, plain: bytes) -> list[bytes]:
    """Unsigned, signed by the purchaser, signed by both."""
    once = sign(world, plain, plain, "purchaser", first=True)
    return [plain, once, sign(world, once, plain, "supplier", first=False)]


def pictures(document: bytes, folder: Path) -> list[Image.Image]:
    path = folder / "f.pdf"
    path.write_bytes(document)
    subprocess.run(
        ["pdftoppm", "-r", str(DPI), "-png", str(path), str(folder / "p")], check=True, timeout=120
    )
    found = [Image.open(one).convert("RGB") for one in sorted(folder.glob("p-*.png"))]
    for one in folder.glob("p-*.png"):
        one.unlink()
    return found


@pytest.mark.row("SGN-3")
def test_the_slices_joined_are_the_seal(steps: list[bytes], tmp_path: Path) -> None:
    shown = pictures(steps[2], tmp_path)
    # The picture is a pixel wider than the page's 210 mm.
    width = 2_100
    for role, top in SEAM_Y.items():
        joined = Image.new("RGB", (420, 420))
        for index, page in enumerate(shown):
            part = page.crop((width - 140, top * 10, width, top * 10 + 420))
            joined.paste(part, (index * 140, 0))
        left = 200 if role == "purchaser" else 900
        whole = shown[0].crop((left, 2000, left + 420, 2420))
        difference = ImageChops.difference(joined, whole).convert("L")
        far_off = sum(difference.histogram()[96:])
        assert far_off < 0.004 * 420 * 420, (role, far_off)
        assert sum(1 for r, g, b in joined.getdata() if r > 150 and g < 90 and b < 90) > 5_000


@pytest.mark.row("SGN-4")
def test_the_pages_are_the_same_but_for_the_seals(steps: list[bytes], tmp_path: Path) -> None:
    before, after = pictures(steps[0], tmp_path), pictures(steps[2], tmp_path)
    boxes = [one.placement for role in SEAM_Y for one in marks(steps[0], role)]
    for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
        changed = ImageChops.difference(old, new)
        assert changed.getbbox() is not None
        for box in boxes:
            if box.page == number:
                edges = (box.x_mm, box.y_mm, box.x_mm + box.width_mm, box.y_mm + box.height_mm)
                left, top, right, bottom = (round(n * 10) for n in edges)
                changed.paste((0, 0, 0), (left - 2, top - 2, right + 2, bottom + 2))
        assert changed.getbbox() is None, number


def test_no_pages_content_is_touched_and_each_file_begins_with_the_one_before(
    steps: list[bytes],
) -> None:
    assert steps[2].startswith(steps[1])
    assert steps[1].startswith(steps[0])
    contents = []
    for document in steps:
        with pikepdf.open(io.BytesIO(document)) as pdf:
            contents.append([page.Contents.read_bytes() for page in pdf.pages])
    assert contents[0] == contents[1] == contents[2]


def test_a_signature_has_one_value_however_many_places(steps: list[bytes]) -> None:
    with pikepdf.open(io.BytesIO(steps[2])) as pdf:
        values: dict[str, set[object]] = {"purchaser": set(), "supplier": set()}
        for field in pdf.Root.AcroForm.Fields:
            assert "/Kids" not in field
            values[str(field.T).partition("-")[0]].add(field.V.objgen)
            assert bytes(field.V["/YXSES"].read_bytes()) == SEAL_OBJECT
        assert [len(one) for one in values.values()] == [1, 1]
        assert len(pdf.Root.AcroForm.Fields) == 10


def test_the_judges_agree(world: support.World, steps: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "f.pdf"
    path.write_bytes(steps[2])

    def told(*command: str) -> str:
        done = subprocess.run(
            [*command, str(path)], capture_output=True, text=True, timeout=120, check=False
        )
        return done.stdout + done.stderr

    assert (
        re.findall(r"Validation: (.*)", told("pdfsig", "-nocert")) == ["Signature is Valid."] * 10
    )
    assert "No syntax or stream encoding errors found" in told("qpdf", "--check")
    judged = told("mutool", "sign", "-v")
    assert judged.count("The signature is valid") == 10
    assert "invalid" not in judged.lower()
    found = verification.verify(
        steps[2], roots=[world.root.certificate], at_ms=support.NOW + support.HOUR
    )
    assert (found.verdict, found.reasons) == ("valid", ())


def test_a_field_added_later_with_an_old_signature_as_its_value_is_seen(
    world: support.World, steps: list[bytes]
) -> None:
    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.sign import fields

    from engine.pdf import appearance, increments

    writer = increments.writer(steps[1])
    value = spread.found(writer, "purchaser").raw_get("/V")
    place = marks(steps[0], "purchaser")[1].placement
    fields.append_signature_field(
        writer, spread.specified(writer, signing.FieldSpec(name="purchaser-9", placement=place))
    )
    widget = spread.found(writer, "purchaser-9")
    widget[pdf_name("/V")] = value
    appearance.put(widget, appearance.Drawing(writer, support.SEAL).form(119, 119, 0))
    forged = increments.written(writer)
    found = verification.verify(
        forged, roots=[world.root.certificate], at_ms=support.NOW + support.HOUR
    )
    assert found.verdict == "invalid"


def test_names_tell_what_belongs_together() -> None:
    assert spread.belongs("supplier-2", "supplier")
    assert spread.belongs("supplier-3-1of60", "supplier")
    for name in (
        "supplier",
        "supplier2",
        "supplier-x",
        "supplier-3-1of",
        "purchaser-2",
        "supplier-2-3",
    ):
        assert not spread.belongs(name, "supplier")


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_slices_stand_upright_on_turned_pages(
    world: support.World, plain: bytes, turned: int, tmp_path: Path
) -> None:
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        for page in pdf.pages:
            page.Rotate = turned
        out = io.BytesIO()
        pdf.save(out)
    document = out.getvalue()
    width = pypdfium2.PdfDocument(document)[0].get_width() / 72 * 25.4
    places = [
        placing.Placing(kind="page", pages="1", x_mm=20, y_mm=100),
        placing.Placing(kind="seam", y_mm=100),
    ]
    found = placing.marks(document, places, 42, 42)
    prepared = signing.prepare(
        document,
        field="one",
        signer_certificate=world.purchaser.certificate,
        chain=world.purchaser.chain,
        signing_time_ms=support.NOW,
        seal=support.SEAL,
        first=True,
        all_fields=signing.fields_of("one", found),
    )
    shown = pictures(prepared.document, tmp_path)
    right = round(width * 10)
    joined = Image.new("RGB", (420, 420))
    for index, page in enumerate(shown):
        joined.paste(page.crop((right - 140, 1000, right, 1420)), (index * 140, 0))
    whole = shown[0].crop((200, 1000, 620, 1420))
    difference = ImageChops.difference(joined, whole).convert("L")
    # The words of the pages lie under the seals, so only the seal's own red is compared.
    red = [
        (a, b)
        for a, b in zip(joined.getdata(), whole.getdata(), strict=True)
        if (a[0] > 150 and a[1] < 90) != (b[0] > 150 and b[1] < 90)
    ]
    assert difference is not None
    assert len(red) < 0.01 * 420 * 420
