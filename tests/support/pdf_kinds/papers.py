"""What a file of a kind is, and the plain paper that most of them begin with."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.pdf_writer import Pdf, stream

SIGNED = "signed"
Expected = str | type[Exception]
A4 = (0.0, 0.0, 595.0, 842.0)


@dataclass(frozen=True)
class Kind:
    """One file, and what has to become of it."""

    family: str
    name: str
    content: bytes
    expected: Expected = SIGNED


def numbers(values: tuple[float, ...]) -> str:
    return "[" + " ".join(f"{value:g}" for value in values) + "]"


def paper(
    *,
    version: str = "1.7",
    pages: int = 2,
    box: tuple[float, ...] = A4,
    page: str = "",
    root: str = "",
    content: bytes = b"",
    resources: str = "",
    packed: bool = False,
    inherited: bool = False,
    eol: bytes = b"\n",
    words: bytes = b"Contract of purchase, page",
) -> Pdf:
    """A paper of some lines of text; what is asked for stands in its pages or its catalog."""
    made = Pdf(version=version, eol=eol)
    made.objects[1] = f"<< /Type /Catalog /Pages 2 0 R {root} >>".encode()
    made.objects[2] = b""
    font = made.add(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    shared = f"/Resources << /Font << /F1 {font} 0 R >> {resources} >>"
    of_pages = f"/MediaBox {numbers(box)} {page} {shared}"
    kids = []
    for number in range(1, pages + 1):
        left, bottom, _, top = box
        text = b"BT /F1 14 Tf %.1f %.1f Td (%s %d) Tj ET\n" % (
            left + 30, max(bottom + 8, top - 60), words, number,
        )  # fmt: skip
        drawn = made.add(stream(text + content, packed=packed))
        own = "" if inherited else of_pages
        kids.append(made.add(f"<< /Type /Page /Parent 2 0 R {own} /Contents {drawn} 0 R >>"))
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    above = of_pages if inherited else ""
    made.objects[2] = f"<< /Type /Pages /Kids [{listed}] /Count {pages} {above} >>".encode()
    return made


def first_page(made: Pdf) -> int:
    return next(n for n, body in made.objects.items() if b"/Type /Page " in body)


def with_entries(body: bytes, entries: str) -> bytes:
    """A dictionary with further entries."""
    return body.rstrip().removesuffix(b">>") + entries.encode() + b" >>"
