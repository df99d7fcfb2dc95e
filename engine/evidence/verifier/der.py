"""DER as far as signatures, time-stamps and seals need it: a strict reader that raises `ValueError`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """One element: its tag, its content, and all of its bytes."""

    tag: int
    content: bytes
    raw: bytes

    def children(self) -> list[Node]:
        """The elements within a constructed one."""
        found, at = [], 0
        while at < len(self.content):
            node, at = read(self.content, at)
            found.append(node)
        return found

    def integer(self) -> int:
        """The number that an INTEGER is."""
        return int.from_bytes(self.content, "big", signed=True)

    def oid(self) -> str:
        """The dotted form of an OBJECT IDENTIFIER."""
        if self.tag != 0x06 or not self.content:
            raise ValueError("no object identifier")
        first = self.content[0]
        parts, value = [min(first // 40, 2), first - 40 * min(first // 40, 2)], 0
        for byte in self.content[1:]:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                parts.append(value)
                value = 0
        return ".".join(map(str, parts))


def read(data: bytes, at: int = 0) -> tuple[Node, int]:
    """The element at an offset, and where the next one begins."""
    if at + 2 > len(data):
        raise ValueError("an element is cut off")
    tag, length, begin = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F or length == 0x80:
        raise ValueError("an element that DER does not have")
    if length & 0x80:
        count = length & 0x7F
        length = int.from_bytes(data[begin : begin + count], "big")
        begin += count
    end = begin + length
    if end > len(data):
        raise ValueError("an element is cut off")
    return Node(tag, data[begin:end], data[at:end]), end


def whole(data: bytes) -> Node:
    """The element that some bytes begin with; zeros may follow it (padding in a PDF)."""
    node, end = read(data)
    if data[end:].strip(b"\0"):
        raise ValueError("something follows the element")
    return node
