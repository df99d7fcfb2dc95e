"""DER written by hand (X.690): enough for OCSP, time-stamps and the reading of certificates.

Object models cost hundreds of microseconds per answer and a responder answers thousands a second,
so answers are joined from bytes. Reading is strict: definite, minimal lengths, nothing left over.
It knows no schema; callers walk the elements they expect.
"""

from __future__ import annotations

import datetime
import functools
from typing import NamedTuple

from engine.kernel import clock, errors

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING = 0x01, 0x02, 0x03, 0x04
NULL, OID, ENUMERATED, UTF8_STRING = 0x05, 0x06, 0x0A, 0x0C
PRINTABLE_STRING, IA5_STRING, UTC_TIME, GENERALIZED_TIME = 0x13, 0x16, 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31


class NotDer(errors.InvalidInput):
    """These bytes are not valid DER."""


def tlv(tag: int, content: bytes) -> bytes:
    """One element: tag, shortest length, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    width = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | width)) + size.to_bytes(width, "big") + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of elements already encoded."""
    return tlv(SEQUENCE, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """SET OF, in the order which X.690 11.6 demands."""
    return tlv(SET, b"".join(sorted(parts)))


def explicit(number: int, content: bytes) -> bytes:
    """`[number] EXPLICIT` around an element, or IMPLICIT around a constructed content."""
    return tlv(0xA0 | number, content)


def integer(value: int, tag: int = INTEGER) -> bytes:
    """INTEGER in two's complement, as short as possible."""
    width = value.bit_length() // 8 + 1
    if value < 0:
        width = (value + 1).bit_length() // 8 + 1
    return tlv(tag, value.to_bytes(width, "big", signed=True))


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return tlv(OCTET_STRING, content)


def bits(content: bytes, unused: int = 0) -> bytes:
    """BIT STRING of whole octets, or with `unused` bits at the end."""
    return tlv(BIT_STRING, bytes((unused,)) + content)


def utf8(text: str) -> bytes:
    """UTF8String."""
    return tlv(UTF8_STRING, text.encode())


@functools.lru_cache(maxsize=256)
def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    encoded = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        encoded += bytes(reversed(groups))
    return tlv(OID, bytes(encoded))


def generalized_time(at_ms: int) -> bytes:
    """GeneralizedTime of whole seconds, UTC (RFC 5280 4.1.2.5.2)."""
    return _generalized(at_ms // 1000)


@functools.lru_cache(maxsize=1024)
def _generalized(seconds: int) -> bytes:
    told = f"{clock.to_datetime(seconds * 1000):%Y%m%d%H%M%SZ}"
    return tlv(GENERALIZED_TIME, told.encode())


def boolean(value: bool) -> bytes:
    """BOOLEAN."""
    return tlv(BOOLEAN, b"\xff" if value else b"\x00")


class Element(NamedTuple):
    """One element that was read: its tag, its content and its whole encoding."""

    tag: int
    content: bytes
    encoded: bytes


def _read(data: bytes, start: int) -> tuple[Element, int]:
    if start + 2 > len(data) or data[start] & 0x1F == 0x1F:
        raise NotDer
    size, body = data[start + 1], start + 2
    if size >= 0x80:
        width = size & 0x7F
        size = int.from_bytes(data[body : body + width], "big")
        # A long form that would have fitted a shorter one is BER, and so is the indefinite one.
        if not 1 <= width <= 4 or size < 0x80 or size >> (8 * (width - 1)) == 0:
            raise NotDer
        body += width
    end = body + size
    if end > len(data):
        raise NotDer
    return Element(data[start], data[body:end], data[start:end]), end


def elements(content: bytes) -> tuple[Element, ...]:
    """The elements that follow each other in `content`.

    Raises: NotDer.
    """
    found, place = [], 0
    while place < len(content):
        element, place = _read(content, place)
        found.append(element)
    return tuple(found)


def single(data: bytes, tag: int) -> Element:
    """The one element that `data` is.

    Raises: NotDer when it is another one or something follows.
    """
    element, end = _read(data, 0)
    if end != len(data) or element.tag != tag:
        raise NotDer
    return element


def children(data: bytes, tag: int = SEQUENCE) -> tuple[Element, ...]:
    """What is inside the one constructed element that `data` is.

    Raises: NotDer.
    """
    return elements(single(data, tag).content)


def to_integer(element: Element, tag: int = INTEGER) -> int:
    """The value of an INTEGER.

    Raises: NotDer.
    """
    content = element.content
    if element.tag != tag or not content:
        raise NotDer
    if len(content) > 1 and content[0] in (0, 0xFF) and content[0] >> 7 == content[1] >> 7:
        raise NotDer
    return int.from_bytes(content, "big", signed=True)


def to_oid(element: Element) -> str:
    """The dotted form of an OBJECT IDENTIFIER.

    Raises: NotDer.
    """
    if element.tag != OID or not element.content or element.content[-1] & 0x80:
        raise NotDer
    arcs, value = [], 0
    for byte in element.content:
        if value == 0 and byte == 0x80:
            raise NotDer
        value = value << 7 | (byte & 0x7F)
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


def to_algorithm(element: Element) -> str:
    """The dotted form of an AlgorithmIdentifier whose parameters are absent or NULL.

    Raises: NotDer.
    """
    name, *parameters = elements(element.content) or (element,)
    if element.tag != SEQUENCE or [one.encoded for one in parameters] not in ([], [b"\x05\x00"]):
        raise NotDer
    return to_oid(name)


def to_time_ms(element: Element) -> int:
    """The instant of a UTCTime or GeneralizedTime in UTC milliseconds.

    Raises: NotDer.
    """
    digits = element.content
    if element.tag == UTC_TIME:
        # RFC 5280 4.1.2.5.1: two digits from 50 mean the twentieth century.
        digits = (b"19" if digits[:2] >= b"50" else b"20") + digits
    elif element.tag != GENERALIZED_TIME:
        raise NotDer
    if len(digits) != 15 or digits[14:] != b"Z" or not digits[:14].isdigit():
        raise NotDer
    month, day, hour, minute, second = (int(digits[i : i + 2]) for i in range(4, 14, 2))
    try:
        moment = datetime.datetime(
            int(digits[:4]), month, day, hour, minute, second, tzinfo=clock.UTC
        )
        return clock.from_datetime(moment)
    except ValueError as problem:
        raise NotDer from problem
