"""The revisions of a file: where each begins and ends, and what it brought (for the bar of coverage)."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from engine.pdf import coverage

DOCUMENT, SIGNATURE, TIMESTAMP, VALIDATION, OTHER = (
    "document",
    "signature",
    "timestamp",
    "validation",
    "other",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One revision: its bytes (from, up to), what it brought, and the field that was signed by it."""

    number: int
    begin: int
    end: int
    kind: str
    field: str = ""


def read(
    data: bytes, reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature]
) -> tuple[Revision, ...]:
    """The revisions of a file, oldest first."""
    signed = {int(one.signed_revision): one for one in signatures}
    total = int(reader.xrefs.total_revisions)
    made: list[Revision] = []
    begin = 0
    for index in range(total):
        one = signed.get(index)
        end = len(data) if index == total - 1 else _end(data, reader, index)
        if one is not None:
            end = max(begin, min(coverage.end_of(one), len(data)))
        kind, field = OTHER, ""
        if one is not None:
            kind = TIMESTAMP if one.sig_object_type == "/DocTimeStamp" else SIGNATURE
            field = str(one.field_name)
        elif index == 0:
            kind = DOCUMENT
        elif _brings_validation(reader, index):
            kind = VALIDATION
        made.append(Revision(number=index + 1, begin=begin, end=end, kind=kind, field=field))
        begin = end
    if begin < len(data):
        made.append(Revision(number=total + 1, begin=begin, end=len(data), kind=OTHER))
    return tuple(made)


def _end(data: bytes, reader: PdfFileReader, index: int) -> int:
    """Where a revision that no signature covers ends: behind the %%EOF after its cross references."""
    start = int(reader.xrefs.get_xref_container_info(index).end_location)
    found = data.find(b"%%EOF", start)
    end = len(data) if found < 0 else found + 5
    while end < len(data) and data[end : end + 1] in b"\r\n" and data[end : end + 1]:
        end += 1
    return end


def _brings_validation(reader: PdfFileReader, index: int) -> bool:
    """Whether a revision first brought the DSS, or changed it."""
    now = reader.get_historical_root(index)
    if "/DSS" not in now:
        return False
    if "/DSS" not in reader.get_historical_root(index - 1):
        return True
    store = now.raw_get("/DSS")
    written = reader.xrefs.explicit_refs_in_revision(index)
    return isinstance(store, generic.IndirectObject) and store.reference in written
