"""The entries of a revocation list in their own encoding (RFC 5280 5.1.2.6).

A list of a million entries has no room for a million objects: what is listed is kept in columns, an entry
is written in about a microsecond, and a list that was signed before is amended where its entries are.
"""

from __future__ import annotations

import array
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.kernel import clock
from engine.pki import der

# RFC 5280 4.1.2.2: no serial has more.
_SERIAL_BYTES = 20
_CRL_REASON = der.oid("2.5.29.21")
_FIRST_GENERALIZED_YEAR = 2050
REMOVE_FROM_CRL = 8


class Entry(NamedTuple):
    """A serial, since when it is listed (UTC milliseconds), and the number of its CRLReason."""

    serial: int
    at_ms: int
    reason: int = 0


class Table:
    """Entries in columns: 29 bytes each instead of some 300."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._serials = bytearray()
        self._instants = array.array("q")
        self._reasons = bytearray()
        self._last, self._ordered = -1, True
        self.add(entries)

    def add(self, entries: Iterable[Entry]) -> None:
        """Some more at the end."""
        for serial, at_ms, reason in entries:
            self._serials += serial.to_bytes(_SERIAL_BYTES, "big")
            self._instants.append(at_ms)
            self._reasons.append(reason)
            self._ordered, self._last = self._ordered and serial > self._last, serial

    def __len__(self) -> int:
        return len(self._reasons)

    def __iter__(self) -> Iterator[Entry]:
        return map(self._at, range(len(self)))

    def in_order(self) -> Iterator[Entry]:
        """By serial; at once where they came in order, as a database gives them."""
        if self._ordered:
            return iter(self)
        return map(self._at, sorted(range(len(self)), key=self._serial))

    def _serial(self, place: int) -> bytes:
        return bytes(self._serials[_SERIAL_BYTES * place : _SERIAL_BYTES * (place + 1)])

    def _at(self, place: int) -> Entry:
        serial = int.from_bytes(self._serial(place), "big")
        return Entry(serial, self._instants[place], self._reasons[place])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an authority knows at one instant.

    `revision` rises with each change of status. `changed` has the serials that changed after the revision
    that was asked for, with their entry as it is now, None where it is listed no more. `table` has
    everything that is listed, where that was asked for.
    """

    revision: int
    changed: Mapping[int, Entry | None]
    table: Table | None = None


@functools.lru_cache(maxsize=4096)
def _day(days: int) -> tuple[bytes, int]:
    """The beginning of an encoded instant that lies in this day since 1970, and its whole length."""
    moment = clock.to_datetime(days * clock.DAY)
    # RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
    if moment.year < _FIRST_GENERALIZED_YEAR:
        return b"\x17\x0d" + f"{moment:%y%m%d}".encode(), 15
    return b"\x18\x0f" + f"{moment:%Y%m%d}".encode(), 17


def instant(at_ms: int) -> bytes:
    """An instant as certificates and lists have it, of whole seconds."""
    days, seconds = divmod(at_ms // 1000, 86_400)
    return _day(days)[0] + b"%02d%02d%02dZ" % (seconds // 3600, seconds // 60 % 60, seconds % 60)


@functools.cache
def _reason(number: int) -> bytes:
    """The extensions of an entry; RFC 5280 5.3.1: an unspecified reason is left out."""
    if number == 0:
        return b""
    value = der.octets(der.integer(number, der.ENUMERATED))
    return der.sequence(der.sequence(_CRL_REASON, value))


def encoded(entries: Iterable[Entry]) -> bytes:
    """Entries one after the other."""
    return b"".join(map(_encoded, entries))


def _encoded(entry: Entry) -> bytes:
    serial, at_ms, reason = entry
    width = serial.bit_length() // 8 + 1
    days, seconds = divmod(at_ms // 1000, 86_400)
    day, length = _day(days)
    why = _reason(reason)
    # Never more than 64 bytes, so that lengths are of one octet.
    return b"0%c\x02%c%b%b%02d%02d%02dZ%b" % (
        2 + width + length + len(why), width, serial.to_bytes(width, "big"),
        day, seconds // 3600, seconds // 60 % 60, seconds % 60, why,
    )  # fmt: skip


class NotOurEntries(der.NotDer):
    """The entries are not written as this module writes them."""


def amended(entries: bytes, changes: Mapping[int, Entry | None]) -> bytes:
    """Encoded entries in order of their serials, where each serial of `changes` stands anew or no more.

    Raises: NotOurEntries.
    """
    starts = _starts(entries)
    parts: list[bytes | memoryview] = []
    seen, whole = 0, memoryview(entries)
    for serial in sorted(changes):
        place = _place(entries, starts, serial)
        begin = starts[place]
        there = begin < len(entries) and _serial_at(entries, begin) == serial
        parts.append(whole[seen:begin])
        entry = changes[serial]
        if entry is not None:
            parts.append(_encoded(entry))
        seen = starts[place + 1] if there else begin
    parts.append(whole[seen:])
    return b"".join(parts)


def _starts(entries: bytes) -> array.array[int]:
    """Where each entry begins, and the end."""
    starts, at, end = array.array("Q"), 0, len(entries)
    note = starts.append
    try:
        while at < end:
            note(at)
            if entries[at] != der.SEQUENCE or entries[at + 1] >= 0x80:
                raise NotOurEntries
            at += 2 + entries[at + 1]
    except IndexError as problem:
        raise NotOurEntries from problem
    if at != end:
        raise NotOurEntries
    note(end)
    return starts


def _serial_at(entries: bytes, at: int) -> int:
    if entries[at + 2] != der.INTEGER:
        raise NotOurEntries
    return int.from_bytes(entries[at + 4 : at + 4 + entries[at + 3]], "big")


def _place(entries: bytes, starts: array.array[int], serial: int) -> int:
    """The first entry whose serial is not below this one."""
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high) // 2
        if _serial_at(entries, starts[middle]) < serial:
            low = middle + 1
        else:
            high = middle
    return low
