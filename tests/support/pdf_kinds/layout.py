"""Files by how their pages lie."""

from __future__ import annotations

from collections.abc import Iterator

from engine.pdf import appearance, intake
from tests.support.pdf_kinds.papers import Kind, paper


def placed() -> Iterator[Kind]:
    """Sizes, turns, crops, origins, user units, nested trees, many pages."""
    for turn in (0, 90, 180, 270, -90, 450):
        for inherited in (False, True):
            made = paper(page=f"/Rotate {turn}", inherited=inherited)
            name = f"turned by {turn}{', inherited' if inherited else ''}"
            yield Kind("placed", name, made.with_table())
    boxes = {
        "letter": (0.0, 0.0, 612.0, 792.0),
        "landscape": (0.0, 0.0, 842.0, 595.0),
        "A5": (0.0, 0.0, 420.0, 595.0),
        "A0": (0.0, 0.0, 2384.0, 3370.0),
        "receipt": (0.0, 0.0, 226.0, 900.0),
        "fractions": (0.0, 0.0, 595.276, 841.89),
        "away from the origin": (100.0, 200.0, 695.0, 1042.0),
        "below the origin": (-300.0, -400.0, 295.0, 442.0),
        "as wide as it may be": (0.0, 0.0, 14400.0, 14400.0),
    }
    for name, box in boxes.items():
        yield Kind("placed", name, paper(box=box).with_table())
    yield Kind("placed", "corners the other way", _flipped())
    for turn in (0, 90, 180, 270):
        made = paper(page=f"/CropBox [50 60 500 700] /Rotate {turn}")
        yield Kind("placed", f"cropped, turned by {turn}", made.with_table())
    crop = paper(page="/CropBox [-100 -100 900 1200]")
    yield Kind("placed", "cropped wider than the page", crop.with_table())
    yield Kind("placed", "twice the unit", paper(version="1.6", page="/UserUnit 2").with_table())
    for pages in (1, 3, 60, 500):
        yield Kind("placed", f"{pages} pages", paper(pages=pages).with_table())
    yield Kind("placed", "too many pages", paper(pages=501).with_table(), intake.TooManyPages)
    yield Kind("placed", "no page", paper(pages=0).with_table(), intake.BrokenPdf)
    yield Kind(
        "placed",
        "smaller than the seal",
        paper(box=(0.0, 0.0, 100.0, 100.0)).with_table(),
        appearance.PlacementOutsidePage,
    )
    yield Kind("placed", "a tree of pages", _nested())


def _flipped() -> bytes:
    return (
        paper(pages=1).with_table().replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [595 842 0 0]")
    )


def _nested() -> bytes:
    made = paper(pages=4)
    kids = [n for n, body in made.objects.items() if b"/Type /Page " in body]
    halves = []
    for half in (kids[:2], kids[2:]):
        listed = " ".join(f"{kid} 0 R" for kid in half)
        number = made.add(f"<< /Type /Pages /Parent 2 0 R /Kids [{listed}] /Count 2 >>")
        halves.append(number)
        for kid in half:
            made.objects[kid] = made.objects[kid].replace(
                b"/Parent 2 0 R", b"/Parent %d 0 R" % number
            )
    listed = " ".join(f"{half} 0 R" for half in halves)
    made.objects[2] = f"<< /Type /Pages /Kids [{listed}] /Count 4 >>".encode()
    return made.with_table()
