"""Generators of forged documents from honest ones: every class named in security.md 3.6.

USF: the signature's own entries broken. ISA: a revision appended. SWA: the second signed part
moved. Shadow: what was prepared before signing is shown or hidden after. Overlay: an annotation or
a field laid over the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.sign import fields

from engine.pdf import increments

RED = b"1 0 0 rg 100 300 400 200 re f"


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(v) for v in values])


def _form(writer: Any, content: bytes) -> Any:
    stream = generic.StreamObject(stream_data=content)
    stream[name("/Type")] = name("/XObject")
    stream[name("/Subtype")] = name("/Form")
    stream[name("/BBox")] = _numbers(0, 0, 595, 842)
    return writer.add_object(stream)


def revision(document: bytes, change: Callable[[Any], None]) -> bytes:
    """The document with one more revision that `change` writes."""
    writer = increments.writer(document)
    change(writer)
    return increments.written(writer)


def page_content(writer: Any) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    page[name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=RED))
    writer.update_container(page)


def annotation_overlay(kind: str, flags: int) -> Callable[[Any], None]:
    def change(writer: Any) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        made = generic.DictionaryObject(
            {
                name("/Type"): name("/Annot"),
                name("/Subtype"): name(kind),
                name("/Rect"): _numbers(0, 0, 595, 842),
                name("/F"): generic.NumberObject(flags),
                name("/AP"): generic.DictionaryObject({name("/N"): _form(writer, RED)}),
            }
        )
        old = list(page["/Annots"]) if "/Annots" in page else []
        page[name("/Annots")] = generic.ArrayObject([*old, writer.add_object(made)])
        writer.update_container(page)

    return change


def field_overlay(writer: Any) -> None:
    spec = fields.SigFieldSpec("外加", on_page=0, box=(0, 0, 595, 842))
    fields.append_signature_field(writer, spec)
    widget = next(r for n, _, r in fields.enumerate_sig_fields(writer) if n == "外加").get_object()
    widget[name("/AP")] = generic.DictionaryObject({name("/N"): _form(writer, RED)})


def seal_swapped(writer: Any) -> None:
    """The appearance of a signature that is already made, replaced by another picture."""
    _, _, reference = next(fields.enumerate_sig_fields(writer.prev, filled_status=True))
    widget = reference.get_object()
    widget[name("/AP")] = generic.DictionaryObject({name("/N"): _form(writer, RED)})
    writer.update_container(widget)


def hidden_layer(writer: Any) -> None:
    """Shadow hide: an optional-content configuration that appears after signing."""
    writer.root[name("/OCProperties")] = generic.DictionaryObject(
        {name("/OCGs"): generic.ArrayObject(), name("/D"): generic.DictionaryObject()}
    )
    writer.update_root()


def page_removed(writer: Any) -> None:
    pages = writer.root["/Pages"]
    pages[name("/Kids")] = generic.ArrayObject(list(pages["/Kids"])[1:])
    pages[name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)


def script_added(writer: Any) -> None:
    writer.root[name("/OpenAction")] = generic.DictionaryObject(
        {name("/S"): name("/JavaScript"), name("/JS"): generic.TextStringObject("app.alert(1)")}
    )
    writer.update_root()


def permission_loosened(writer: Any) -> None:
    """A certification attack: the permission entry taken away."""
    if "/Perms" in writer.root:
        del writer.root["/Perms"]
        writer.update_root()


def signature_object(**changes: Any) -> Callable[[Any], None]:
    """The first signature dictionary written again in a later revision, with entries changed."""

    def change(writer: Any) -> None:
        _, value, _ = next(fields.enumerate_sig_fields(writer.prev, filled_status=True))
        made = value.get_object()
        for key, replacement in changes.items():
            if replacement is None:
                del made["/" + key]
            else:
                made[name("/" + key)] = replacement
        writer.update_container(made)

    return change


def text_field(document: bytes) -> bytes:
    """Before signing: a text field that shows nothing."""

    def change(writer: Any) -> None:
        page_reference = writer.find_page_for_modification(0)[0]
        page = page_reference.get_object()
        made = writer.add_object(
            generic.DictionaryObject(
                {
                    name("/Type"): name("/Annot"),
                    name("/Subtype"): name("/Widget"),
                    name("/FT"): name("/Tx"),
                    name("/T"): generic.TextStringObject("金额"),
                    name("/V"): generic.TextStringObject("1"),
                    name("/F"): generic.NumberObject(4),
                    name("/P"): page_reference,
                    name("/Rect"): _numbers(100, 300, 500, 500),
                    name("/AP"): generic.DictionaryObject({name("/N"): _form(writer, b"")}),
                }
            )
        )
        page[name("/Annots")] = generic.ArrayObject([made])
        writer.update_container(page)
        writer.root[name("/AcroForm")] = generic.DictionaryObject(
            {name("/Fields"): generic.ArrayObject([made])}
        )
        writer.update_root()

    return revision(document, change)


def text_field_filled(writer: Any) -> None:
    """Shadow replace: after signing the field shows another amount over the page."""
    field = next(
        f.get_object()
        for f in writer.root["/AcroForm"]["/Fields"]
        if f.get_object().get("/FT") == "/Tx"
    )
    field[name("/V")] = generic.TextStringObject("999")
    field[name("/AP")] = generic.DictionaryObject({name("/N"): _form(writer, RED)})
    writer.update_container(field)


def byte_ranges(document: bytes) -> list[tuple[int, int, int, int]]:
    found = re.findall(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)\s*\]", document)
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in found]


def same_length(document: bytes, old: bytes, new: bytes) -> bytes:
    """`old` written over where it first stands, no offset moved."""
    assert old in document
    return document.replace(old, new.ljust(len(old)), 1)


def signature_broken(document: bytes) -> Iterator[tuple[str, bytes]]:
    """USF on the bytes themselves."""
    _, first, second, _ = byte_ranges(document)[0]
    span = re.search(rb"/ByteRange \[[^\]]*\]", document)
    assert span
    for label, text in {
        "no range": b"/ByteRangX " + span[0][len("/ByteRange ") :],
        "range of nothing": b"/ByteRange [0 0 0 0]",
        "negative range": b"/ByteRange [0 -1 5 9]",
        "range of two": b"/ByteRange [0 %d]" % first,
        "range null": b"/ByteRange null",
        "huge range": b"/ByteRange [0 9 99999999999999999999999 9]",
    }.items():
        yield label, same_length(document, span[0], text)
    zeros = b"<" + b"0" * (second - first - 2) + b">"
    yield "zero contents", document[:first] + zeros + document[second:]
    yield "empty contents", document[:first] + b"<>".ljust(second - first) + document[second:]
    yield "null contents", document[:first] + b"null".ljust(second - first) + document[second:]
    yield "no contents", same_length(document, b"/Contents <", b"/ContentX <")
    yield "unknown filter", same_length(document, b"/ETSI.CAdES.detached", b"/ETSI.CAdES.unknown_")
    yield "old filter", same_length(document, b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1")
    yield "no type", same_length(document, b"/Type /Sig", b"/Type /Gis")


def second_part_moved(document: bytes) -> bytes:
    """SWA: a forged revision in the gap, the signed second part behind it."""
    _, first, second, length = byte_ranges(document)[-1]
    forged = revision(document[: second + length], page_content)[second + length :]
    moved = document[:second] + forged + document[second:]
    return re.sub(
        rb"/ByteRange \[[^\]]*\]",
        lambda found: (
            (b"/ByteRange [0 %d %d %d" % (first, second + len(forged), length)).ljust(
                len(found[0]) - 1
            )
            + b"]"
        ),
        moved,
        count=1,
    )


def appended(document: bytes) -> Iterator[tuple[str, bytes]]:
    """ISA without and with a structure of its own."""
    start = re.findall(rb"startxref\s+(\d+)", document)[-1]
    yield "a newline", document + b"\n"
    yield "a comment", document + b"% hello\n"
    yield "a second end", document + b"\n%%EOF\n"
    yield "the old end again", document + b"\nstartxref\n" + start + b"\n%%EOF\n"
    yield "an object", document + b"\n999 0 obj\n<</A 1>>\nendobj\n"
    yield (
        "an object and the old end",
        (document + b"\n4 0 obj\n<</A 1>>\nendobj\nstartxref\n" + start + b"\n%%EOF\n"),
    )
    yield "blanks", document + b" " * 2000


REVISIONS: dict[str, Callable[[Any], None]] = {
    "page content replaced": page_content,
    "stamp laid over": annotation_overlay("/Stamp", 4),
    "square laid over": annotation_overlay("/Square", 196),
    "free text laid over": annotation_overlay("/FreeText", 4),
    "widget laid over": annotation_overlay("/Widget", 4),
    "field laid over": field_overlay,
    "seal swapped": seal_swapped,
    "layer added": hidden_layer,
    "page removed": page_removed,
    "script added": script_added,
    "permission taken away": permission_loosened,
    "signature without range": signature_object(ByteRange=None),
    "signature without contents": signature_object(Contents=None),
    "signature of null": signature_object(Contents=generic.NullObject()),
    "signature for nothing": signature_object(
        ByteRange=generic.ArrayObject([generic.NumberObject(0)] * 4)
    ),
    "signature by another name": signature_object(Name=generic.TextStringObject("别人")),
}
