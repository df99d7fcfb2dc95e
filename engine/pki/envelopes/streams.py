"""Reading BER and DER from a stream, without ever holding more than a piece of a large value.

Values that are small by nature are read whole and must be DER. Around them, and around a large octet
string, indefinite lengths and strings in pieces are read too: that is how a file is written whose length
was not known beforehand (`openssl cms -stream`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from engine.pki import der

PIECE = 1024 * 1024
# A thousand recipients with RSA keys need half of it.
SMALL = 1024 * 1024
_END = b"\0\0"


class Stream:
    """A source and how far it was read. What cannot be read raises `der.NotDer`."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._ahead = b""
        self.place = 0

    def exactly(self, size: int) -> bytes:
        """The next so many bytes."""
        made = self._ahead[:size]
        self._ahead = self._ahead[size:]
        while len(made) < size:
            read = self._source.read(size - len(made))
            if not read:
                raise der.NotDer
            made += read
        self.place += size
        return made

    def at_end(self) -> bool:
        """Whether nothing follows."""
        if not self._ahead:
            self._ahead = self._source.read(1)
        return not self._ahead

    def peek(self) -> int:
        """The next byte, which stays to be read."""
        if self.at_end():
            raise der.NotDer
        return self._ahead[0]

    def head(self) -> tuple[int, int | None]:
        """Tag and length of what begins here; an indefinite length is None."""
        tag, size = self.exactly(2)
        if tag & 0x1F == 0x1F:
            raise der.NotDer
        if size == 0x80:
            if not tag & 0x20:
                raise der.NotDer
            return tag, None
        if size < 0x80:
            return tag, size
        width = size & 0x7F
        if width > 8:
            raise der.NotDer
        return tag, int.from_bytes(self.exactly(width), "big")

    def enter(self, tag: int) -> int | None:
        """Go into a constructed value of this tag; where it ends, or None where it says so itself."""
        found, size = self.head()
        if found != tag:
            raise der.NotDer
        return None if size is None else self.place + size

    def more(self, end: int | None) -> bool:
        """Whether something follows in a value that was entered."""
        return self.peek() != 0 if end is None else self.place < end

    def leave(self, end: int | None) -> None:
        """Out of a value again, of which nothing may be left."""
        if self.place != end if end is not None else self.exactly(2) != _END:
            raise der.NotDer

    def small(self) -> der.Element:
        """A whole value that must be DER and cannot be large."""
        head = self.exactly(2)
        size = head[1]
        if size & 0x80:
            width = size & 0x7F
            if not 1 <= width <= 4:
                raise der.NotDer
            head += self.exactly(width)
            size = int.from_bytes(head[2:], "big")
        if size > SMALL:
            raise der.NotDer
        return der.single(head + self.exactly(size), head[0])

    def octets(self, tag: int) -> Iterator[bytes]:
        """The content of a large octet string under a tag, in pieces, however it was cut up."""
        found, size = self.head()
        if found == tag and size is not None:
            yield from self._pieces(size)
            return
        if found != tag | 0x20:
            raise der.NotDer
        if size is not None:
            yield from self._counted(size)
            return
        while self.peek() != 0:
            inner, length = self.head()
            if inner != der.OCTET_STRING or length is None:
                raise der.NotDer
            yield from self._pieces(length)
        self.leave(None)

    def _counted(self, left: int) -> Iterator[bytes]:
        """Pieces that together have a known length."""
        while left > 0:
            tag, first = self.exactly(2)
            width = first & 0x7F if first & 0x80 else 0
            length = int.from_bytes(self.exactly(width), "big") if width else first
            if tag != der.OCTET_STRING or first == 0x80 or width > 8:
                raise der.NotDer
            left -= 2 + width + length
            yield from self._pieces(length)
        if left:
            raise der.NotDer

    def _pieces(self, size: int) -> Iterator[bytes]:
        while size:
            piece = self.exactly(min(size, PIECE))
            size -= len(piece)
            yield piece


def head_of(tag: int, size: int) -> bytes:
    """Tag and shortest length of a value of `size` bytes that follows."""
    if size < 0x80:
        return bytes((tag, size))
    width = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | width)) + size.to_bytes(width, "big")
