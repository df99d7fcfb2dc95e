"""DOCX documents: their parts checked one by one and packed anew. Runs in the child.

A zip is believed in nothing: names, sizes and types are checked against what is really read. XML may
have no document type, so that no entity can grow or fetch anything.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from xml.parsers import expat

from engine.kernel import files
from engine.uploads import pictures, refusals

MAX_ENTRIES = 2_000
MAX_UNPACKED = 100 * files.MEGABYTE
MAX_RATIO = 200
_STEP = 1 << 16
_MOMENT = (1980, 1, 1, 0, 0, 0)
_NEEDED = ("[Content_Types].xml", "word/document.xml")
# Parts of a name that refuse the document, and what the person is told.
_ACTIVE_NAMES = {
    "vbaproject": "VBA",
    "vbadata": "VBA",
    "oleobject": "OLE",
    "embeddings/": "OLE",
    "activex": "ActiveX",
    "afchunk": "altChunk",
}
_ACTIVE_CONTENT = {b"\xd0\xcf\x11\xe0": "OLE", b"MZ": "EXE", b"PK\x03\x04": "ZIP"}
_PICTURES = {"png": files.PNG, "jpg": files.JPEG, "jpeg": files.JPEG}


def rebuild(content: bytes, *, links: bool = False) -> bytes:
    """The document packed anew from its checked parts; with `links`, it may have some to the outside.

    Raises: PackedWord, ActiveWord, BrokenWord, and the refusals of `pictures`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = _parts(packed, len(content), links)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as problem:
        raise refusals.BrokenWord from problem
    if any(name not in parts for name in _NEEDED):
        raise refusals.BrokenWord
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(zipfile.ZipInfo(name, _MOMENT), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _parts(packed: zipfile.ZipFile, size: int, links: bool) -> dict[str, bytes]:
    entries = packed.infolist()
    if len(entries) > MAX_ENTRIES:
        raise refusals.PackedWord
    told = sum(entry.file_size for entry in entries)
    if told > MAX_UNPACKED or told > MAX_RATIO * size:
        raise refusals.PackedWord
    parts: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        _check_name(entry, parts)
        if entry.is_dir():
            continue
        part = _read(packed, entry, MAX_UNPACKED - total)
        total += len(part)
        if total > MAX_RATIO * size:
            raise refusals.PackedWord
        parts[entry.filename] = _checked(entry.filename, part, links)
    return parts


def _check_name(entry: zipfile.ZipInfo, known: dict[str, bytes]) -> None:
    name = entry.orig_filename
    steps = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in steps or "\\" in name or ":" in name or "\0" in name:
        raise refusals.ActiveWord(feature="zip slip")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise refusals.ActiveWord(feature="symlink")
    if entry.flag_bits & 0x1:
        raise refusals.ActiveWord(feature="encryption")
    if name in known:
        raise refusals.BrokenWord
    for mark, feature in _ACTIVE_NAMES.items():
        if mark in name.lower():
            raise refusals.ActiveWord(feature=feature)


def _read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """What really unpacks, which may be less or more than the zip says."""
    out = io.BytesIO()
    with packed.open(entry) as stream:
        while piece := stream.read(_STEP):
            if out.tell() + len(piece) > left:
                raise refusals.PackedWord
            out.write(piece)
    return out.getvalue()


def _checked(name: str, part: bytes, links: bool) -> bytes:
    """A part that may stay: XML without a document type, or a picture made anew."""
    for magic, feature in _ACTIVE_CONTENT.items():
        if part.startswith(magic):
            raise refusals.ActiveWord(feature=feature)
    ending = name.rsplit(".", 1)[-1].lower()
    if ending in ("xml", "rels"):
        _check_xml(part, links)
        return part
    media_type = _PICTURES.get(ending)
    if media_type is None:
        raise refusals.ActiveWord(feature=ending.upper()[:12] or "?")
    return pictures.rebuild(pictures.load(part, media_type), media_type)


def _check_xml(part: bytes, links: bool) -> None:
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise refusals.ActiveWord(feature="DOCTYPE")

    def element(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode", "").lower() != "external":
            return
        # Nothing follows a link: what is read of it is its text.
        if not (links and attributes.get("Type", "").endswith("/hyperlink")):
            raise refusals.ActiveWord(feature="external relationship")

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        parser.Parse(part, True)
    except expat.ExpatError as problem:
        raise refusals.BrokenWord from problem
