"""Validation data and document time-stamps behind a document of our own (PAdES B-LT and B-LTA)."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Sequence

from cryptography import x509

from engine.pdf import container
from engine.pdf.own import containers
from engine.pdf.own.lexing import NotPlain, items
from engine.pdf.own.listing import list_in_form, list_on
from engine.pdf.own.reading import Existing
from engine.pdf.own.revisions import Revision, longer, packed, text
from engine.pdf.own.room import filled, with_room
from engine.pki import certificates as x509_certificates

_KEYS = (b"/Certs", b"/CRLs", b"/OCSPs")
_NAME = "archive"
# Certificates and short lists are the same in many documents; a list of a million is not kept.
_KEPT_BYTES = 1 << 17


def add_validation_info(
    document: bytes,
    *,
    certificates: Sequence[x509.Certificate] = (),
    crls: Sequence[bytes] = (),
    ocsps: Sequence[bytes] = (),
) -> bytes:
    """As `engine.pdf.validation_info.add_validation_info`: what is there already is not repeated.

    Raises: NotPlain.
    """
    return append(
        document, [x509_certificates.to_der(one) for one in certificates], list(crls), list(ocsps)
    )


def append(
    document: bytes, certificates: list[bytes], crls: list[bytes], ocsps: list[bytes]
) -> bytes:
    """`add_validation_info` for values in DER, in the order given."""
    existing = Existing(document)
    revision = Revision(existing)
    told = existing.root.entries.get(b"/DSS")
    store = None if told is None else existing.dictionary(told)
    lists, anything = b"", False
    for key, values in zip(_KEYS, (certificates, crls, ocsps), strict=True):
        listed = None if store is None else store.entries.get(key)
        array = None if listed is None else existing.array(listed)[0]
        numbers = [revision.add(packed(_deflated(one))) for one in _new(existing, values, array)]
        anything = anything or bool(numbers)
        if listed is not None or numbers:
            lists += b" %s %s" % (key, longer(array, numbers))
    if not anything:
        return document
    if store is None:
        number = revision.add(b"<< /Type /DSS%s >>" % lists)
        made = existing.root.changed((), b" /DSS %d 0 R" % number)
        revision.bodies[existing.root.number] = made
    elif store.number:
        revision.bodies[store.number] = store.changed(_KEYS, lists)
    else:
        raise NotPlain("its validation data stand within its catalog")
    return document + revision.written()[0]


def _new(existing: Existing, values: list[bytes], array: bytes | None) -> list[bytes]:
    """What of these is not listed yet, each once; what we packed ourselves is known as it is packed."""
    new = list(dict.fromkeys(values))
    if array is None:
        return new
    stored = [existing.stream(one) for one in items(array)]
    there = {content for _, content in stored}
    new = [one for one in new if _deflated(one) not in there]
    if not new:
        return new
    known = {_content(*one) for one in stored}
    return [one for one in new if one not in known]


def _content(entries: dict[bytes, bytes], stored: bytes) -> bytes:
    filtered = entries.get(b"/Filter")
    if filtered is None:
        return stored
    if filtered not in (b"/FlateDecode", b"[/FlateDecode]") or b"/DecodeParms" in entries:
        raise NotPlain("its validation data are packed in another way")
    try:
        return zlib.decompress(stored)
    except zlib.error as problem:
        raise NotPlain("its validation data are damaged") from problem


def _deflated(content: bytes) -> bytes:
    return _kept(content) if len(content) <= _KEPT_BYTES else zlib.compress(content)


@functools.lru_cache(maxsize=64)
def _kept(content: bytes) -> bytes:
    return zlib.compress(content)


def add_timestamp(document: bytes, timestamp: Callable[[bytes], bytes]) -> bytes:
    """As `engine.pdf.archiving.add_timestamp`: one more time-stamp over all of it.

    Raises: NotPlain, container.TimestampUnusable, and those of the source.
    """
    existing = Existing(document)
    revision = Revision(existing)
    value = _field(existing, revision)
    head = b"<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161"
    made, (begin, end), digest = with_room(revision, value, head, container.TOKEN_DIGITS)
    return filled(made, begin, end, containers.checked(timestamp, digest))


def _field(existing: Existing, revision: Revision) -> int:
    """A field of its own without a place, on the first page; the number of its value."""
    taken = {name for name, _ in existing.fields()}
    name = next(one for n in range(1, len(taken) + 2) if (one := f"{_NAME}-{n}") not in taken)
    value, number = revision.number(), revision.number()
    page = existing.page(0)
    revision.bodies[number] = (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T %s /Rect [0 0 0 0] /P %d 0 R /V %d 0 R >>"
        % (text(name), page.number, value)
    )
    list_on(revision, page, [number])
    list_in_form(revision, [number])
    return value
