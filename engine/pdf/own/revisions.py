"""One more revision behind a document (ISO 32000-2, 7.5.6): joined from bytes, with a table of its own.

Nothing that stands is ever touched.
"""

from __future__ import annotations

import datetime
import functools
import hashlib

from engine.pdf.own.reading import Existing

_TAIL = 2048


def text(value: str) -> bytes:
    """A text string: UTF-16 with its mark, as hexadecimal digits."""
    return b"<" + (b"\xfe\xff" + value.encode("utf-16-be")).hex().encode() + b">"


@functools.lru_cache(maxsize=64)
def date(seconds: int) -> bytes:
    """An instant (UTC seconds) as PDF writes it."""
    at = datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)
    return f"(D:{at:%Y%m%d%H%M%SZ})".encode()


def longer(array: bytes | None, further: list[int]) -> bytes:
    """An array as text, with further references behind."""
    kept = b"[ " if array is None else array[:-1] + b" "
    return kept + b"".join(b"%d 0 R " % one for one in further) + b"]"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def packed(deflated: bytes) -> bytes:
    """A stream of what zlib has compressed."""
    return stream(deflated, b"/Filter /FlateDecode")


class Revision:
    """What is appended: bodies by the numbers of their objects."""

    def __init__(self, existing: Existing) -> None:
        self.existing = existing
        self.bodies: dict[int, bytes] = {}
        self._next = existing.size

    def number(self) -> int:
        """A number that nothing has."""
        self._next += 1
        return self._next - 1

    def add(self, body: bytes) -> int:
        """A further object; its number."""
        number = self.number()
        self.bodies[number] = body
        return number

    def written(self) -> tuple[bytes, dict[int, int]]:
        """What stands behind the document, and where in the whole file each body begins."""
        document = self.existing.document
        pieces = [] if document.endswith(b"\n") else [b"\n"]
        at = len(document) + sum(map(len, pieces))
        offsets, bodies = {}, {}
        for number, body in sorted(self.bodies.items()):
            head = b"%d 0 obj\n" % number
            offsets[number], bodies[number] = at, at + len(head)
            pieces += (head, body, b"\nendobj\n")
            at += len(head) + len(body) + 8
        pieces += (*self._table(offsets), b"startxref\n%d\n%%%%EOF\n" % at)
        return b"".join(pieces), bodies

    def _trailer(self) -> bytes:
        existing = self.existing
        seen = existing.document[-_TAIL:] + b"%d" % len(existing.document)
        own = b"<%s>" % hashlib.sha256(seen).hexdigest()[:32].encode()
        info = b" /Info %d 0 R" % existing.info if existing.info else b""
        return b"/Size %d /Root %d 0 R%s /ID [%s %s] /Prev %d" % (
            self._next,
            existing.root.number,
            info,
            existing.identifier or own,
            own,
            existing.newest,
        )

    def _table(self, offsets: dict[int, int]) -> list[bytes]:
        made = [b"xref\n0 1\n0000000000 65535 f \n"]
        numbers = list(offsets)
        begin = 0
        for at, number in enumerate(numbers):
            if at + 1 == len(numbers) or numbers[at + 1] != number + 1:
                run = numbers[begin : at + 1]
                made.append(b"%d %d\n" % (run[0], len(run)))
                made += [b"%010d 00000 n \n" % offsets[one] for one in run]
                begin = at + 1
        made.append(b"trailer\n<< %s >>\n" % self._trailer())
        return made
