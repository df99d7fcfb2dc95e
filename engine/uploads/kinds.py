"""Kinds of files by their first bytes: what may come in, and what is refused by name."""

from __future__ import annotations

from engine.kernel import files
from engine.uploads import refusals

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ZIP = b"PK\x03\x04"
_NAMES = {files.PDF: "PDF", files.PNG: "PNG", files.JPEG: "JPEG", DOCX: "DOCX"}
# First bytes → the name that a refusal gives.
_REFUSED = (
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"),
    (b"\xd0\xcf\x11\xe0", "DOC"),
    (b"\xca\xfe\xba\xbe", "CLASS"),
    (b"%!PS", "PostScript"),
    (b"{\\rtf", "RTF"),
    (b"#!", "script"),
    (b"RIFF", "RIFF"),
)
# Split, so that no scanner mistakes this source for the test file that it names.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"


def _refused_name(content: bytes) -> str | None:
    for magic, name in _REFUSED:
        if content.startswith(magic):
            return name
    head = content[:1024].lstrip(b"\xef\xbb\xbf\x00 \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml")) and b"<svg" in head:
        return "SVG"
    if head.startswith((b"<!doctype html", b"<html", b"<script", b"<body", b"<head", b"<!--")):
        return "HTML"
    if head.startswith(b"<?xml"):
        return "XML"
    return "ZIP" if content.startswith(b"PK") else None


def require(
    content: bytes, allowed: tuple[str, ...], *, field: str, limit_bytes: int = 10 * files.MEGABYTE
) -> str:
    """The media type of an upload, one of `allowed`, by what stands at its very beginning.

    Raises: files.FileEmpty, files.FileTooBig, files.FileKindRefused, KindNamed, Malicious.
    """
    if content and len(content) <= limit_bytes:
        if _EICAR in content:
            raise refusals.Malicious(field=field, found="EICAR")
        if content.startswith(_ZIP) and DOCX in allowed:
            return DOCX
        found = _refused_name(content)
        if found is not None:
            names = ", ".join(_NAMES[one] for one in allowed)
            raise refusals.KindNamed(field=field, found=found, allowed=names)
    taken = tuple(one for one in allowed if one != DOCX)
    return files.require(content, *taken, field=field, limit_bytes=limit_bytes)
