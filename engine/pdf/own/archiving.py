"""Validation data and document time-stamps behind a document of our own (PAdES B-LT and B-LTA)."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from cryptography import x509

from engine.pdf import archiving, container, validation_info
from engine.pdf.own import containers
from engine.pdf.own.listing import list_in_form, list_on
from engine.pdf.own.revisions import (
    Existing,
    NotExtendable,
    Revision,
    changed,
    longer,
    number_of,
    packed,
    text,
)
from engine.pdf.own.room import filled, with_room
from engine.pki import certificates as x509_certificates

_KEYS = ("/Certs", "/CRLs", "/OCSPs")
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

    Raises: validation_info.ValidationInfoUnusable.
    """
    return append(
        document, [x509_certificates.to_der(one) for one in certificates], list(crls), list(ocsps)
    )


def append(
    document: bytes, certificates: list[bytes], crls: list[bytes], ocsps: list[bytes]
) -> bytes:
    """`add_validation_info` for values in DER, in the order given."""
    try:
        with Existing(document) as existing:
            return _with_info(existing, (certificates, crls, ocsps))
    except NotExtendable as problem:
        raise validation_info.ValidationInfoUnusable from problem


def _with_info(existing: Existing, wanted: tuple[list[bytes], list[bytes], list[bytes]]) -> bytes:
    revision = Revision(existing)
    store = existing.root.get("/DSS")
    lists, anything = b"", False
    for key, values in zip(_KEYS, wanted, strict=True):
        listed: Any = None if store is None else store.get(key)
        numbers = [revision.add(packed(_deflated(one))) for one in _new(values, listed)]
        anything = anything or bool(numbers)
        if listed is not None or numbers:
            lists += b" %s %s" % (key.encode(), longer(listed, numbers))
    if not anything:
        return existing.document
    if store is None:
        number = revision.add(b"<< /Type /DSS%s >>" % lists)
        added = b" /DSS %d 0 R" % number
        revision.bodies[number_of(existing.root)] = changed(existing.root, (), added)
    else:
        revision.bodies[number_of(store)] = changed(store, _KEYS, lists)
    return existing.document + revision.written()[0]


def _new(values: list[bytes], listed: Any) -> list[bytes]:
    """What of these is not listed yet, each once; what we packed ourselves is known as it is packed."""
    new = list(dict.fromkeys(values))
    if listed is None:
        return new
    packed = {bytes(one.read_raw_bytes()) for one in listed}
    new = [one for one in new if _deflated(one) not in packed]
    if not new:
        return new
    known = {bytes(one.read_bytes()) for one in listed}
    return [one for one in new if one not in known]


def _deflated(content: bytes) -> bytes:
    return _kept(content) if len(content) <= _KEPT_BYTES else zlib.compress(content)


@functools.lru_cache(maxsize=64)
def _kept(content: bytes) -> bytes:
    return zlib.compress(content)


def add_timestamp(document: bytes, timestamp: Callable[[bytes], bytes]) -> bytes:
    """As `engine.pdf.archiving.add_timestamp`: one more time-stamp over all of it.

    Raises: archiving.NotArchivable, container.TimestampUnusable, and those of the source.
    """
    try:
        with Existing(document) as existing:
            revision = Revision(existing)
            value = _field(existing, revision)
            head = b"<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161"
            made, (begin, end), digest = with_room(revision, value, head, container.TOKEN_DIGITS)
    except NotExtendable as problem:
        raise archiving.NotArchivable(problem=problem.params["problem"]) from problem
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
