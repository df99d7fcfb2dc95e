"""The door for uploaded PDFs: what a file is, and refusal by name of what may not come in.

Follows security.md 3.5: `%PDF-` at offset 0, size, pages, no encryption, nothing active, no
embedded files, no chains of compression. It reads and never rewrites. Any exception of the parser
is `BrokenPdf`. A forged stamp inside a picture cannot be seen here; that is the reviewers' work.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from engine.kernel import errors

MAX_SIZE = 20 * 1024 * 1024
MAX_PAGES = 500
MAX_OBJECTS = 50_000
MAX_UNPACKED = 256 * 1024 * 1024
_MAX_DEPTH = 24
_STEP = 1024 * 1024
_FEED = 64 * 1024

# Keys whose mere presence in a dictionary refuses the file, and what the person is told.
_FORBIDDEN_KEYS = {
    "/OpenAction": "OpenAction",
    "/AA": "AA",
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
    "/EmbeddedFiles": "EmbeddedFiles",
    "/EF": "EmbeddedFiles",
    "/AF": "EmbeddedFiles",
    "/XFA": "XFA",
    "/RichMediaContent": "RichMedia",
    "/RichMediaSettings": "RichMedia",
}
# The same by the kind of an action (/S) or of an annotation (/Subtype).
_FORBIDDEN_KINDS = {
    "/JavaScript": "JavaScript",
    "/Launch": "Launch",
    "/SubmitForm": "SubmitForm",
    "/ImportData": "ImportData",
    "/GoToE": "EmbeddedFiles",
    "/GoToR": "Launch",
    "/URI": "URI",
    "/Rendition": "RichMedia",
    "/RichMedia": "RichMedia",
    "/RichMediaExecute": "RichMedia",
    "/Movie": "RichMedia",
    "/Sound": "RichMedia",
    "/Screen": "RichMedia",
    "/3D": "RichMedia",
    "/FileAttachment": "EmbeddedFiles",
}
_TEXT_FILTERS = frozenset(("/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"))


class NotPdf(errors.InvalidInput):
    """This is not a PDF file. Choose a PDF."""


class TooLargePdf(errors.InvalidInput):
    """The PDF has {size} bytes; at most {limit} are allowed."""


class TooManyPages(errors.InvalidInput):
    """The PDF has {pages} pages; at most {limit} are allowed."""


class EncryptedPdf(errors.InvalidInput):
    """The PDF is encrypted. Remove the password and upload it again."""


class ActivePdf(errors.InvalidInput):
    """The PDF contains {feature}, which is not allowed. Print it to a new PDF and upload that."""


class OverpackedPdf(errors.InvalidInput):
    """The PDF unpacks to more than is allowed. Print it to a new PDF and upload that."""


class BrokenPdf(errors.InvalidInput):
    """The PDF is damaged and cannot be read. Create it again and upload it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFacts:
    """What is known of a PDF that came through the door; `size` in bytes."""

    pages: int
    size: int
    version: str
    has_signatures: bool
    has_form_fields: bool


def _check_unpacked_size(data: bytes) -> None:
    """Bound what Flate streams unpack to before a parser unpacks any (memory is one step)."""
    total = 0
    for mark in re.finditer(rb"(?<!end)stream\r?\n", data):
        unpacker = zlib.decompressobj()
        rest = memoryview(data)[mark.end() :]
        try:
            piece = unpacker.decompress(rest[:_FEED], _STEP)
            offset = _FEED
            while piece or (not unpacker.eof and offset < len(rest)):
                total += len(piece)
                if total > MAX_UNPACKED:
                    raise OverpackedPdf
                tail = unpacker.unconsumed_tail
                if not tail and not unpacker.eof:
                    tail = bytes(rest[offset : offset + _FEED])
                    offset += _FEED
                if unpacker.eof or not tail:
                    break
                piece = unpacker.decompress(tail, _STEP)
        except zlib.error:
            # Not a Flate stream, or a damaged one: the parser below has the last word.
            continue


def _dictionaries(value: Any, depth: int = 0) -> Iterator[Any]:
    """The dictionaries within one object, not following references.

    Raises: BrokenPdf when they are nested beyond reason.
    """
    if depth > _MAX_DEPTH:
        raise BrokenPdf
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        entries = value.stream_dict if isinstance(value, pikepdf.Stream) else value
        yield entries
        items = [entries.get(key) for key in list(entries.keys())]
    elif isinstance(value, pikepdf.Array):
        items = list(value)
    else:
        return
    for item in items:
        if isinstance(item, pikepdf.Object) and not item.is_indirect:
            yield from _dictionaries(item, depth + 1)


def _check_inactive(entries: Any, tolerated: frozenset[str]) -> None:
    for key in list(entries.keys()):
        if key in _FORBIDDEN_KEYS and key not in tolerated:
            raise ActivePdf(feature=_FORBIDDEN_KEYS[key])
    for key in ("/S", "/Subtype"):
        kind = entries.get(key)
        if not isinstance(kind, pikepdf.Name) or str(kind) in tolerated:
            continue
        if str(kind) in _FORBIDDEN_KINDS:
            raise ActivePdf(feature=_FORBIDDEN_KINDS[str(kind)])
    filters = entries.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        names = [str(item) for item in filters]
        if len([name for name in names if name not in _TEXT_FILTERS]) > 1 or len(names) > 2:
            raise OverpackedPdf


def _facts(pdf: pikepdf.Pdf, size: int, tolerated: frozenset[str]) -> PdfFacts:
    pages = len(pdf.pages)
    if pages == 0:
        raise BrokenPdf
    if pages > MAX_PAGES:
        raise TooManyPages(pages=pages, limit=MAX_PAGES)
    if len(pdf.objects) > MAX_OBJECTS:
        raise OverpackedPdf
    signed = False
    fields = False
    for top in (pdf.trailer, *pdf.objects):
        for entries in _dictionaries(top):
            _check_inactive(entries, tolerated)
            kind = entries.get("/FT")
            fields = fields or kind is not None
            signed = signed or (kind == pikepdf.Name.Sig and entries.get("/V") is not None)
            signed = signed or "/ByteRange" in entries
    return PdfFacts(
        pages=pages,
        size=size,
        version=pdf.pdf_version,
        has_signatures=signed,
        has_form_fields=fields,
    )


def inspect(data: bytes, *, tolerated: frozenset[str] = frozenset()) -> PdfFacts:
    """What the uploaded file is; at most 20 MiB and 500 pages.

    `tolerated` are keys and kinds of action that the caller takes out itself (`rebuilding`).
    Raises: TooLargePdf, NotPdf, EncryptedPdf, TooManyPages, ActivePdf, OverpackedPdf, BrokenPdf.
    """
    if len(data) > MAX_SIZE:
        raise TooLargePdf(size=len(data), limit=MAX_SIZE)
    if not data.startswith(b"%PDF-"):
        raise NotPdf
    _check_unpacked_size(data)
    try:
        # No recovery: a file that needs repair is not the file that somebody read and agreed to.
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise EncryptedPdf
            return _facts(pdf, len(data), tolerated)
    except errors.EngineError:
        raise
    except pikepdf.PasswordError as problem:
        raise EncryptedPdf from problem
    except Exception as problem:
        raise BrokenPdf from problem
