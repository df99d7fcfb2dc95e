"""The room for a signature or a time-stamp in a file: left open, digested around, filled later."""

from __future__ import annotations

import hashlib

from engine.pdf import container
from engine.pdf.own.revisions import Revision

_RANGE_DIGITS = 10


def with_room(
    revision: Revision, number: int, entries: bytes, digits: int
) -> tuple[bytes, tuple[int, int], bytes]:
    """The whole file with a gap for the contents of an object, where that is, and the digest around it."""
    before = entries + b" /Contents "
    room = b"<" + b"0" * digits + b">"
    ranges = b" /ByteRange [0 %s]" % b" ".join([b"0" * _RANGE_DIGITS] * 3)
    revision.bodies[number] = before + room + ranges + b" >>"
    appended, bodies = revision.written()
    document = revision.existing.document
    begin = bodies[number] + len(before)
    end, whole = begin + len(room), len(document) + len(appended)
    told = b" /ByteRange [0 %d %d %d]" % (begin, end, whole - end)
    appended = _put(appended, end - len(document), told.ljust(len(ranges)))
    digest = hashlib.sha256(document)
    view = memoryview(appended)
    digest.update(view[: begin - len(document)])
    digest.update(view[end - len(document) :])
    return document + appended, (begin, end), digest.digest()


def _put(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at] + piece + content[at + len(piece) :]


def filled(document: bytes, begin: int, end: int, made: bytes) -> bytes:
    """A file with an object in the room that was left for it.

    Raises: container.TimestampUnusable, for only a token can be longer than the room for it.
    """
    digits = made.hex().encode()
    if len(digits) > end - begin - 2:
        raise container.TimestampUnusable
    padded = digits.ljust(end - begin - 2, b"0")
    return b"".join((document[: begin + 1], padded, document[end - 1 :]))
