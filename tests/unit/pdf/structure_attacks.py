"""Forged documents by their bytes: cross references, byte ranges, what was prepared before signing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name

from engine.pdf import increments
from tests.unit.pdf import attacks

WHITE_OVER = b"1 1 1 rg 60 560 480 60 re f"


def last_start(document: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", document)[-1])


def trailer_of(document: bytes) -> dict[str, bytes]:
    """The numbers that a new cross reference section has to repeat."""
    reader = increments.writer(document).prev
    root = reader.trailer.raw_get("/Root")
    return {
        "Size": str(int(reader.trailer["/Size"])).encode(),
        "Root": f"{root.idnum} {root.generation} R".encode(),
    }


def section(document: bytes, entries: dict[int, int], *, root: bytes = b"") -> bytes:
    """The document with one more cross reference section, and no object: numbers lead elsewhere."""
    told = trailer_of(document)
    start = len(document) + 1
    body = b"xref\n" + b"".join(
        b"%d 1\n%010d 00000 n \n" % (index, at) for index, at in sorted(entries.items())
    )
    body += b"trailer\n<< /Size %s /Root %s /Prev %d >>\n" % (
        told["Size"],
        root or told["Root"],
        last_start(document),
    )
    return document + b"\n" + body + b"startxref\n%d\n%%%%EOF\n" % start


def hidden_content(document: bytes) -> tuple[bytes, int, int]:
    """Before signing: the page's content is written twice; the first one is not to be seen.

    Shadow hide-and-replace: after signing, one cross reference section shows the first again.
    """

    def first(writer: Any) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        page[name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=attacks.RED))
        writer.update_container(page)

    once = attacks.revision(document, first)
    original = increments.writer(document).prev.root["/Pages"]["/Kids"][0].get_object()
    content = bytes(original["/Contents"].data)

    def second(writer: Any) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        stream = page["/Contents"]
        stream._data = content
        stream._encoded_data = None
        writer.mark_update(page.raw_get("/Contents"))

    twice = attacks.revision(once, second)
    page = increments.writer(twice).prev.root["/Pages"]["/Kids"][0].get_object()
    index = page.raw_get("/Contents").idnum
    at = once.rindex(b"%d 0 obj" % index)
    return twice, index, at


def overlaid(document: bytes) -> bytes:
    """Before signing: something white hides a part of the page (shadow hide)."""

    def change(writer: Any) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        form = generic.StreamObject(stream_data=WHITE_OVER)
        form[name("/Type")] = name("/XObject")
        form[name("/Subtype")] = name("/Form")
        form[name("/BBox")] = generic.ArrayObject(
            [generic.NumberObject(n) for n in (0, 0, 595, 842)]
        )
        resources = page["/Resources"]
        resources[name("/XObject")] = generic.DictionaryObject(
            {name("/Over"): writer.add_object(form)}
        )
        writer.update_container(resources)
        old = page.raw_get("/Contents")
        drawn = writer.add_object(generic.StreamObject(stream_data=b"\n/Over Do\n"))
        page[name("/Contents")] = generic.ArrayObject([old, drawn])
        writer.update_container(page)

    return attacks.revision(document, change)


def overlay_emptied(writer: Any) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    reference = page["/Resources"]["/XObject"].raw_get("/Over")
    form = reference.get_object()
    form._data, form._encoded_data = b"", None
    writer.mark_update(reference)


def overlay_detached(writer: Any) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    page[name("/Contents")] = page["/Contents"].raw_get(0)
    writer.update_container(page)


def sections(document: bytes) -> Iterator[tuple[str, bytes]]:
    """Cross references that lead in circles, to nothing, or to something else."""
    start = last_start(document)
    told = trailer_of(document)
    yield "an empty section", section(document, {})
    yield "a number to the header", section(document, {4: 0})
    yield "a number behind the end", section(document, {4: len(document) + 10_000})
    yield "a root that is a page", section(document, {}, root=b"4 0 R")
    yield "a root that is not there", section(document, {}, root=b"99999 0 R")
    circle = b"\nxref\n0 0\ntrailer\n<< /Size %s /Root %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    at = len(document) + 1
    yield "a circle", document + circle % (told["Size"], told["Root"], at, at)
    hybrid = b"\nxref\n0 0\ntrailer\n<< /Size %s /Root %s /Prev %d /XRefStm %d >>\nstartxref\n%d\n%%%%EOF\n"
    yield "a hybrid", document + hybrid % (told["Size"], told["Root"], start, 17, at)
    yield "something before the header", b"MZ" + document
    yield "a second header", document + b"%PDF-2.0\n" + document
    yield "the end cut off", document[:-7]
    yield "half of it", document[: len(document) // 2]


def ranges(document: bytes) -> Iterator[tuple[str, bytes]]:
    """USF and SWA by byte ranges that add up, or nearly."""
    _, first, second, length = attacks.byte_ranges(document)[0]
    [span] = re.findall(rb"/ByteRange \[[^\]]*\]", document)[:1]
    for label, numbers in {
        "begins late": (1, first - 1, second, length),
        "a gap that is too wide": (0, first - 8, second, length),
        "a gap that is wider behind": (0, first, second + 8, length - 8),
        "a gap that is too narrow": (0, first + 2, second, length),
        "ends early": (0, first, second, length - 9),
        "ends behind the end": (0, first, second, length + 10**6),
        "parts swapped": (second, length, 0, first),
        "parts that overlap": (0, first, first - 20, length),
        "six numbers": (0, first, second, length, 0, 0),
        "the first part twice": (0, first, 0, first),
        "no gap": (0, second, second, length),
    }.items():
        made = b"/ByteRange [" + b" ".join(b"%d" % n for n in numbers) + b"]"
        if len(made) <= len(span):
            yield label, attacks.same_length(document, span, made)
    filled = document[first:second]
    yield "blanks in the value", document[:first] + filled[:-3] + b"  >" + document[second:]
    yield "a letter in the value", document[:first] + filled[:-2] + b"g>" + document[second:]
    yield "two values", document[:first] + b"<00>" + filled[4:] + document[second:]
