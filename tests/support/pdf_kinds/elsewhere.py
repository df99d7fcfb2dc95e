"""Files as other programs make them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy
import pikepdf
from PIL import Image

from engine.pdf import intake, signing, typeset
from tests import support_pdf as support
from tests.support.pdf_kinds.papers import Kind, paper


def _saved(change: Callable[[pikepdf.Pdf], None] | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper(pages=3).with_table())) as pdf:
        if change is not None:
            change(pdf)
        pdf.save(out, **options)
    return out.getvalue()


def made_elsewhere() -> Iterator[Kind]:
    """Typst in its standards, qpdf's ways to save, scans as one picture, encrypted ones."""
    for template in ("contract",):
        content = typeset.render(template, support.contract_data())
        yield Kind("elsewhere", f"typst, {template}", content)
    modes = pikepdf.ObjectStreamMode
    ways = {
        "linearized": {"linearize": True},
        "object streams": {"object_stream_mode": modes.generate},
        "no object streams": {"object_stream_mode": modes.disable},
        "in readable form": {"qdf": True},
        "linearized with object streams": {"linearize": True, "object_stream_mode": modes.generate},
        "unpacked": {"compress_streams": False},
        "at least 2.0": {"min_version": "2.0"},
    }
    for name, options in ways.items():
        yield Kind("elsewhere", f"qpdf, {name}", _saved(**options))
    for name, encryption in (
        ("a password", pikepdf.Encryption(owner="o", user="u")),
        ("permissions alone", pikepdf.Encryption(owner="o", user="")),
        ("an old cipher", pikepdf.Encryption(owner="o", user="u", R=3, aes=False, metadata=False)),
    ):
        yield Kind(
            "elsewhere",
            f"encrypted with {name}",
            _saved(encryption=encryption),
            intake.EncryptedPdf,
        )
    yield from _scans()


def _scans() -> Iterator[Kind]:
    rng = numpy.random.default_rng(11)
    for mode, size in (
        ("L", (826, 1169)),
        ("RGB", (1240, 1754)),
        ("1", (1654, 2339)),
        ("RGB", (2480, 3508)),
    ):
        noise = rng.integers(200, 255, (size[1], size[0], 3), dtype=numpy.uint8)
        out = io.BytesIO()
        Image.fromarray(noise, "RGB").convert(mode).save(out, "PDF", resolution=size[0] / 8.27)
        # Pillow writes a generation that no file may have; qpdf reads it and pyHanko does not.
        name = f"a scan, {mode} {size[0]} wide"
        yield Kind("elsewhere", name, out.getvalue(), signing.DocumentNotSignable)
        with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
            again = io.BytesIO()
            pdf.save(again)
        yield Kind("elsewhere", f"{name}, saved again", again.getvalue())
