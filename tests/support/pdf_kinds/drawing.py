"""Files by what is drawn on their pages."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import numpy
from PIL import Image

from engine.pdf import intake
from tests.support.pdf_kinds.papers import Kind, paper
from tests.support.pdf_writer import Pdf, stream


def _image(mode: str, how: str) -> tuple[bytes, str]:
    rng = numpy.random.default_rng(7)
    channels = {"L": 1, "RGB": 3, "CMYK": 4}[mode]
    raw = rng.integers(0, 255, (24, 32, channels), dtype=numpy.uint8)
    space = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}[mode]
    head = (
        f"/Type /XObject /Subtype /Image /Width 32 /Height 24 "
        f"/BitsPerComponent 8 /ColorSpace {space}"
    )
    if how == "jpeg":
        out = io.BytesIO()
        Image.fromarray(raw.squeeze(), mode).save(out, "JPEG")
        return out.getvalue(), f"{head} /Filter /DCTDecode"
    if how == "flate":
        return zlib.compress(raw.tobytes()), f"{head} /Filter /FlateDecode"
    if how == "hexadecimal":
        return raw.tobytes().hex().encode() + b">", f"{head} /Filter /ASCIIHexDecode"
    return raw.tobytes(), head


def drawn() -> Iterator[Kind]:
    """Images, filters, transparency, shadings, patterns, type 3, inline images, layers."""
    for mode in ("L", "RGB", "CMYK"):
        for how in ("raw", "flate", "jpeg", "hexadecimal"):
            made = Pdf()
            body, entries = _image(mode, how)
            made = paper(
                content=b"q 200 0 0 150 60 400 cm /I Do Q", resources="/XObject << /I 99 0 R >>"
            )
            made.objects[99] = stream(body, entries)
            yield Kind("drawn", f"image {mode}, {how}", made.with_table())
    pieces = {
        "half transparent": (
            b"/G gs 1 0 0 rg 60 300 200 200 re f",
            "/ExtGState << /G << /ca 0.4 /CA 0.4 >> >>",
        ),
        "multiplied": (
            b"/G gs 0 1 0 rg 60 300 200 200 re f",
            "/ExtGState << /G << /BM /Multiply >> >>",
        ),
        "a shading": (
            b"q 60 300 300 200 re W n /S sh Q",
            (
                "/Shading << /S << /ShadingType 2 /ColorSpace /DeviceRGB /Coords "
                "[60 0 360 0] /Function << /FunctionType 2 /Domain [0 1] /C0 [1 0"
                " 0] /C1 [0 0 1] /N 1 >> >> >>"
            ),
        ),
        "an inline image": (
            b"q 50 0 0 50 60 300 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q",
            "",
        ),
        "clipped": (b"q 60 300 100 100 re W n 0 0 1 rg 0 0 600 900 re f Q", ""),
        "spot colour": (
            b"/C cs 0.7 scn 60 300 90 90 re f",
            (
                "/ColorSpace << /C [/Separation /Gold /DeviceCMYK << "
                "/FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 0.2 0.8 0.1] "
                "/N 1 >>] >>"
            ),
        ),
        "dashes": (b"[6 3] 0 d 3 w 60 300 m 500 300 l S", ""),
        "text on a path": (
            b"BT /F1 40 Tf 7 Tr 60 300 Td (CLIP) Tj ET 1 0 0 rg 0 0 600 900 re f",
            "",
        ),
        "odd texts": (
            b"BT /F1 12 Tf 60 300 Td (a \\(b\\) \\101 \\\n c) Tj <48 65 6C 6C 6F> Tj ET",
            "",
        ),
        "marked content": (b"/P << /MCID 0 >> BDC BT /F1 12 Tf 60 300 Td (marked) Tj ET EMC", ""),
        "saved and restored": (b"q " * 20 + b"0.5 g 60 300 90 90 re f " + b"Q " * 20, ""),
    }
    for name, (content, resources) in pieces.items():
        yield Kind("drawn", name, paper(content=content, resources=resources).with_table())
        yield Kind(
            "drawn",
            f"{name}, in object streams",
            paper(content=content, resources=resources).with_stream(),
        )
    yield from _objects_drawn()


def _objects_drawn() -> Iterator[Kind]:
    made = paper(content=b"/X Do", resources="/XObject << /X 99 0 R >>")
    made.objects[99] = stream(
        b"0 0 1 rg 60 300 90 90 re f", "/Type /XObject /Subtype /Form /BBox [0 0 600 900]"
    )
    yield Kind("drawn", "a form", made.with_table())
    made = paper(content=b"/X Do", resources="/XObject << /X 99 0 R >>")
    made.objects[99] = stream(
        b"0 0 1 rg 60 300 90 90 re f",
        "/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Group << /S /Transparency /I true >>",
    )
    yield Kind("drawn", "a transparency group", made.with_table())
    made = paper(
        content=b"/Pattern cs /P scn 60 300 200 200 re f", resources="/Pattern << /P 99 0 R >>"
    )
    made.objects[99] = stream(
        b"1 0 0 rg 0 0 5 5 re f",
        (
            "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox "
            "[0 0 10 10] /XStep 10 /YStep 10 /Resources << >>"
        ),
    )
    yield Kind("drawn", "a pattern of tiles", made.with_table())
    made = paper(content=b"BT /T 30 Tf 60 300 Td (a) Tj ET")
    made.objects[99] = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] "
        b"/FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << /a 98 0 R >> "
        b"/Encoding << /Type /Encoding /Differences [97 /a] >> /FirstChar "
        b"97 /LastChar 97 /Widths [750] >>"
    )
    made.objects[98] = stream(b"750 0 0 0 750 750 d1 0 0 750 750 re f")
    for number, body in made.objects.items():
        made.objects[number] = body.replace(b"/Font << /F1", b"/Font << /T 99 0 R /F1")
    yield Kind("drawn", "a drawn face", made.with_table())
    layers = paper(
        content=b"/OC /L BDC 60 300 90 90 re f EMC",
        resources="/Properties << /L 99 0 R >>",
        root="/OCProperties << /OCGs [99 0 R] /D << /ON [99 0 R] >> >>",
    )
    layers.objects[99] = b"<< /Type /OCG /Name (Layer) >>"
    yield Kind("drawn", "layers", layers.with_table())
    chained = paper()
    first = next(n for n, body in chained.objects.items() if body.endswith(b"endstream"))
    chained.objects[first] = stream(
        zlib.compress(zlib.compress(b"BT ET")), "/Filter [/FlateDecode /FlateDecode]"
    )
    yield Kind("drawn", "packed twice", chained.with_table(), intake.OverpackedPdf)
