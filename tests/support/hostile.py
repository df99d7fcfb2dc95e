"""Home-made hostile files (`security.md` 3.5): what each is called, its bytes, and what may come of it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

import pikepdf
from PIL import Image, PngImagePlugin

from simulations import papers

# Stands inside every file that carries something along; a file taken must not have it.
MARK = b"HOSTILE-PAYLOAD"
SCRIPT = b"<script>alert('HOSTILE-PAYLOAD')</script>"


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """A file. `taken` says that it may come in, without what it carried."""

    name: str
    content: bytes
    taken: bool = False


def _zip(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return out.getvalue()


_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_DOCUMENT = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>授权书</w:t></w:r></w:p></w:body></w:document>"
).encode()


def word(*more: tuple[str | zipfile.ZipInfo, bytes], document: bytes = _DOCUMENT) -> bytes:
    """A small DOCX with more parts."""
    return _zip(("[Content_Types].xml", _TYPES), ("word/document.xml", document), *more)


def pdf(change: str = "", *, password: str = "") -> bytes:
    """A PDF of one page; `change` adds one forbidden thing."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 200))
    page, dictionary = made.pages[0], pikepdf.Dictionary
    script = dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('HOSTILE-PAYLOAD')")
    link = dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9])
    if change == "open action":
        made.Root.OpenAction = script
    elif change == "additional action":
        page.obj.AA = dictionary(O=script)
    elif change in ("launch", "uri", "submit form"):
        kinds = {"launch": "/Launch", "uri": "/URI", "submit form": "/SubmitForm"}
        link.A = dictionary(S=pikepdf.Name(kinds[change]), F="HOSTILE-PAYLOAD.exe")
        page.obj.Annots = pikepdf.Array([made.make_indirect(link)])
    elif change == "embedded file":
        made.attachments["x.exe"] = MARK
    elif change == "xfa":
        made.Root.AcroForm = dictionary(XFA=made.make_stream(MARK), Fields=pikepdf.Array([]))
    elif change == "rich media":
        page.obj.Annots = pikepdf.Array([dictionary(Subtype=pikepdf.Name.RichMedia)])
    elif change == "filter chain":
        packed = zlib.compress(zlib.compress(bytes(10_000_000)))
        stream = pikepdf.Stream(made, packed)
        stream.Filter = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
        page.obj.Contents = made.make_indirect(stream)
    elif change == "bomb":
        stream = pikepdf.Stream(made, zlib.compress(bytes(300_000_000), 1))
        stream.Filter = pikepdf.Name.FlateDecode
        page.obj.Contents = made.make_indirect(stream)
    elif change == "metadata":
        made.docinfo["/Author"] = MARK.decode()
    out = io.BytesIO()
    if password:
        made.save(out, encryption=pikepdf.Encryption(owner=password, user=password))
    else:
        # Streams as they are, or a chain of filters would be undone here.
        as_it_is = pikepdf.StreamDecodeLevel.none
        made.save(out, compress_streams=False, stream_decode_level=as_it_is)
    return out.getvalue()


def _pdf_with_hidden_object() -> bytes:
    """An object that nothing refers to: half of a hide-and-replace attack."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 200 ] >>",
        b"(" + MARK + b")",
    )
    made, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n" % (len(objects) + 1)
    return made + head + table + trailer + b"%d\n%%%%EOF\n" % len(made)


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _huge_png() -> bytes:
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", head)
        + _png_chunk(b"IDAT", rows)
        + _png_chunk(b"IEND", b"")
    )


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _pictures() -> list[Hostile]:
    good = papers.picture("stamp")
    image = Image.open(io.BytesIO(good))
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", MARK.decode())
    jar = _zip(("Evil.class", MARK))
    jpeg = _saved(image, "JPEG", exif=exif, comment=MARK)
    return [
        Hostile(name="900 megapixels in 1 KB", content=_huge_png()),
        Hostile(name="PNG cut off", content=good[: len(good) // 2]),
        Hostile(name="PNG magic alone", content=good[:8] + SCRIPT),
        Hostile(name="PNG + ZIP + script", content=good + jar + SCRIPT, taken=True),
        Hostile(name="PNG with a comment", content=_saved(image, "PNG", pnginfo=told), taken=True),
        Hostile(name="JPEG with EXIF", content=jpeg, taken=True),
        Hostile(name="JPEG + JAR", content=jpeg + jar, taken=True),
        Hostile(name="GIFAR", content=_saved(image.convert("P"), "GIF") + jar),
        Hostile(name="TIFF", content=_saved(image, "TIFF")),
        Hostile(name="SVG", content=b'<?xml version="1.0"?><svg>' + SCRIPT + b"</svg>"),
        Hostile(name="HTML", content=b"<!DOCTYPE html><html>" + SCRIPT),
    ]


def _programs() -> list[Hostile]:
    eicar = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    return [
        Hostile(name="EXE called PDF", content=b"MZ\x90\x00" + MARK + b"%PDF-1.7"),
        Hostile(name="ELF", content=b"\x7fELF" + MARK),
        Hostile(name="shell script", content=b"#!/bin/sh\necho " + MARK),
        Hostile(name="EICAR", content=eicar),
        Hostile(name="EICAR in a PDF", content=pdf() + eicar),
        Hostile(name="ZIP", content=_zip(("x.pdf", MARK))),
        Hostile(name="GZIP", content=b"\x1f\x8b\x08" + MARK),
        Hostile(name="RAR", content=b"Rar!\x1a\x07" + MARK),
    ]


def _pdfs() -> list[Hostile]:
    active = (
        *("open action", "additional action", "launch", "uri", "submit form", "embedded file"),
        *("xfa", "rich media", "filter chain", "bomb"),
    )
    return [
        *(Hostile(name=f"PDF: {change}", content=pdf(change)) for change in active),
        Hostile(name="PDF: encrypted", content=pdf(password="secret")),
        Hostile(name="PDF: cut off", content=pdf()[:-200]),
        Hostile(name="HTML/PDF polyglot", content=b"<html>" + SCRIPT + b"<!--" + pdf() + b"-->"),
        Hostile(name="PDF: hidden object", content=_pdf_with_hidden_object(), taken=True),
        Hostile(name="PDF: author in the metadata", content=pdf("metadata"), taken=True),
        Hostile(name="PDF + ZIP", content=pdf() + _zip(("x", MARK)), taken=True),
    ]


def _words() -> list[Hostile]:
    link = zipfile.ZipInfo("word/link.xml")
    link.external_attr = 0o120777 << 16
    rels = (
        b'<?xml version="1.0"?>'
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Target="http://evil.example/" TargetMode="External"/>'
        b"</Relationships>"
    )
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (b"" if n == 1 else b"%d" % (n - 1)) * 10)
        for n in range(1, 10)
    )
    many = _zip(*((f"word/{n}.xml", b"<x/>") for n in range(2_100)))
    lying = word(("word/big.xml", bytes(30_000_000)))
    place = lying.rfind(b"PK\x01\x02", 0, lying.rfind(b"word/big.xml"))
    lying = lying[: place + 24] + struct.pack("<I", 10) + lying[place + 28 :]
    return [
        Hostile(name="DOCX: bomb", content=word(("word/big.xml", bytes(120_000_000)))),
        Hostile(name="DOCX: size in the index lies", content=lying),
        Hostile(name="DOCX: 2,100 entries", content=many),
        Hostile(name="DOCX: billion laughs", content=word(document=laughs + b"]><l>&a9;</l>")),
        Hostile(name="DOCX: zip slip", content=word(("../../etc/cron.d/x.xml", MARK))),
        Hostile(name="DOCX: absolute name", content=word(("/etc/x.xml", MARK))),
        Hostile(name="DOCX: symlink", content=word((link, b"/etc/passwd"))),
        Hostile(name="DOCX: VBA", content=word(("word/vbaProject.bin", MARK))),
        Hostile(name="DOCX: OLE", content=word(("word/embeddings/oleObject1.bin", MARK))),
        Hostile(
            name="DOCX: external relationship",
            content=word(("word/_rels/document.xml.rels", rels)),
        ),
        Hostile(name="DOCX: program inside", content=word(("word/media/image1.png", b"MZ" + MARK))),
        Hostile(name="DOCX: HTML chunk", content=word(("word/afchunk.mht", SCRIPT))),
        Hostile(name="DOCX: no document", content=_zip(("x.xml", b"<x/>"))),
        Hostile(
            name="DOCX: picture with a trailer",
            content=word(("word/media/image1.png", papers.picture("stamp") + MARK)),
            taken=True,
        ),
    ]


def corpus() -> list[Hostile]:
    """All of them."""
    return [*_pictures(), *_programs(), *_pdfs(), *_words()]
