from __future__ import annotations

import contextlib
import io
import re
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel import errors
from engine.pdf import intake


def _saved(change: Callable[[pikepdf.Pdf], None], **options: object) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    change(pdf)
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def _nothing(pdf: pikepdf.Pdf) -> None:
    return


def _action(kind: str, **more: object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name("/" + kind), **more)


def _annotation(kind: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=_action(kind)
        )
        pdf.pages[0].Annots = pikepdf.Array([annotation])

    return change


def _root(key: str, value: object) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root[key] = value

    return change


def _names(key: str) -> Callable[[pikepdf.Pdf], None]:
    return _root("/Names", pikepdf.Dictionary({key: pikepdf.Dictionary(Names=[])}))


def _hidden_deep(pdf: pikepdf.Pdf) -> None:
    inner = pikepdf.Dictionary(Next=pikepdf.Array([_action("JavaScript", JS="app.alert(1)")]))
    pdf.pages[0].PieceInfo = pikepdf.Dictionary(X=pikepdf.Dictionary(Private=inner))


def _attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.exe"] = b"MZ"


ACTIVE = {
    "OpenAction": _root("/OpenAction", pikepdf.Array([0, pikepdf.Name.Fit])),
    "AA": _root("/AA", pikepdf.Dictionary(WC=_action("Named"))),
    "JavaScript": _hidden_deep,
    "JavaScript by name": _names("/JavaScript"),
    "EmbeddedFiles": _attached,
    "Launch": _annotation("Launch"),
    "SubmitForm": _annotation("SubmitForm"),
    "ImportData": _annotation("ImportData"),
    "URI": _annotation("URI"),
    "RichMedia": _annotation("RichMediaExecute"),
    "XFA": _root("/AcroForm", pikepdf.Dictionary(Fields=[], XFA=pikepdf.Array([]))),
}


@pytest.mark.parametrize("feature", ACTIVE)
def test_an_active_document_is_refused_by_the_name_of_what_is_in_it(feature: str) -> None:
    with pytest.raises(intake.ActivePdf) as caught:
        intake.inspect(_saved(ACTIVE[feature]))
    assert caught.value.params["feature"] == feature.split()[0]
    assert caught.value.code == "pdf.active_pdf"


def test_a_name_written_in_hexadecimal_is_still_found() -> None:
    plain = _saved(ACTIVE["JavaScript"], object_stream_mode=pikepdf.ObjectStreamMode.disable)
    hidden = plain.replace(b"/JavaScript", b"/#4aavaScrip#74").replace(b"/JS ", b"/#4aS ")
    with pytest.raises(intake.ActivePdf):
        intake.inspect(_repaired(hidden))


def _repaired(data: bytes) -> bytes:
    """Offsets moved by an edit, put right without touching the spelling of names."""
    body, _, _ = data.rpartition(b"xref\n")
    found = {int(m[1]): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 obj", body)}
    rows = b"".join(b"%010d 00000 n \n" % found[n] for n in range(1, len(found) + 1))
    root = re.search(rb"/Root (\d+) 0 R", data)
    assert root
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root %s 0 R>>\n"
        % (
            len(found) + 1,
            rows,
            len(found) + 1,
            root[1],
        )
        + b"startxref\n%d\n%%%%EOF\n" % len(body)
    )


def test_facts_of_an_ordinary_document(contract: bytes, signed: bytes) -> None:
    facts = intake.inspect(contract)
    assert (facts.pages, facts.size, facts.has_signatures) == (2, len(contract), False)
    facts = intake.inspect(signed)
    assert facts.has_signatures
    assert facts.has_form_fields


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"PK\x03\x04", b"<html>%PDF-1.7", b"\n%PDF-1.7\n", b"\x89PNG\r\n\x1a\n"],
)
def test_what_is_not_a_pdf_from_its_first_byte_is_refused(data: bytes) -> None:
    with pytest.raises(intake.NotPdf):
        intake.inspect(data)


def test_an_encrypted_document_is_refused_also_with_an_empty_password() -> None:
    for password in ("", "secret"):
        data = _saved(_nothing, encryption=pikepdf.Encryption(owner="o", user=password))
        with pytest.raises(intake.EncryptedPdf):
            intake.inspect(data)


def test_too_large_and_too_many_pages() -> None:
    with pytest.raises(intake.TooLargePdf):
        intake.inspect(b"%PDF-1.7" + bytes(intake.MAX_SIZE))

    def many(pdf: pikepdf.Pdf) -> None:
        for _ in range(intake.MAX_PAGES):
            pdf.add_blank_page()

    with pytest.raises(intake.TooManyPages):
        intake.inspect(_saved(many))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    packer = zlib.compressobj(9)
    block = bytes(4 * 1024 * 1024)
    packed = b"".join(packer.compress(block) for _ in range(70)) + packer.flush()

    def bomb(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Contents = pdf.make_stream(b"")
        pdf.pages[0].Contents.write(packed, filter=pikepdf.Name.FlateDecode)

    with pytest.raises(intake.OverpackedPdf):
        intake.inspect(_saved(bomb))


def test_a_chain_of_compressions_is_refused() -> None:
    def chain(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(b"")
        stream.write(
            zlib.compress(zlib.compress(b"q Q")),
            filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode]),
        )
        pdf.pages[0].Contents = stream

    with pytest.raises(intake.OverpackedPdf):
        intake.inspect(
            _saved(
                chain, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
            )
        )


def test_a_truncated_document_is_broken(contract: bytes) -> None:
    for cut in (12, 200, len(contract) // 2, len(contract) - 40):
        with pytest.raises(intake.BrokenPdf):
            intake.inspect(contract[:cut])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_never_escapes_as_anything_but_a_refusal(data: st.DataObject) -> None:
    good = bytearray(_saved(_annotation("Launch")))
    for _ in range(data.draw(st.integers(1, 12))):
        good[data.draw(st.integers(5, len(good) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(errors.InvalidInput):
        intake.inspect(bytes(good))
