"""A writer of PDFs of every outward shape: versions, cross-reference tables, streams and both at once.

Other libraries write what they think right; what people upload was written by hundreds of programs. So
each object is given as its own text here, and how it is stored is chosen file by file.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field


def stream(content: bytes, entries: str = "", *, packed: bool = False) -> bytes:
    """A stream object's body."""
    if packed:
        content, entries = zlib.compress(content), entries + " /Filter /FlateDecode"
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(content), content)


@dataclass
class Pdf:
    """Objects by number; the catalog is 1, the root of the pages 2."""

    version: str = "1.7"
    eol: bytes = b"\n"
    objects: dict[int, bytes] = field(default_factory=dict)
    trailer: str = ""
    tail: bytes = b""
    free: tuple[int, ...] = ()

    def add(self, body: bytes | str) -> int:
        """A further object; its number."""
        number = max(self.objects, default=0) + 1
        self.objects[number] = body.encode() if isinstance(body, str) else body
        return number

    def _head(self) -> bytes:
        return b"%PDF-" + self.version.encode() + self.eol + b"%\xe2\xe3\xcf\xd3" + self.eol

    def _bodies(self, out: bytearray, numbers: list[int]) -> dict[int, int]:
        offsets = {}
        for number in numbers:
            offsets[number] = len(out)
            out += b"%d 0 obj" % number + self.eol + self.objects[number]
            out += self.eol + b"endobj" + self.eol
        return offsets

    def _table(self, offsets: dict[int, int], size: int, extra: str = "") -> bytes:
        """The table and trailer of a file whose entries have 20 bytes, whatever the line's end."""
        unused = [n for n in range(size) if n not in offsets]
        following = dict(zip(unused, [*unused[1:], 0], strict=True))
        rows = [b"xref", b"0 %d" % size]
        made = self.eol.join(rows) + self.eol
        for number in range(size):
            if number in offsets:
                made += b"%010d 00000 n\r\n" % offsets[number]
            else:
                made += b"%010d %05d f\r\n" % (following[number], 65535 if number == 0 else 1)
        text = f"<< /Size {size} /Root 1 0 R {self.trailer} {extra} >>"
        return made + b"trailer" + self.eol + text.encode() + self.eol

    def _end(self, at: int) -> bytes:
        return b"startxref" + self.eol + b"%d" % at + self.eol + b"%%EOF" + self.eol + self.tail

    def with_table(self) -> bytes:
        """With a cross-reference table, as every version can have it."""
        out = bytearray(self._head())
        offsets = self._bodies(out, sorted(self.objects))
        at = len(out)
        size = max(self.objects) + 1
        return bytes(out + self._table(offsets, size) + self._end(at))

    def _packed(self, out: bytearray) -> tuple[dict[int, int], dict[int, tuple[int, int]], int]:
        """Everything that may lie in an object stream in one, the rest beside it."""
        inside = [
            n
            for n, body in sorted(self.objects.items())
            if not body.rstrip().endswith(b"endstream")
        ]
        holder = max(self.objects) + 1
        head, bodies = [], b""
        for number in inside:
            head.append(b"%d %d" % (number, len(bodies)))
            bodies += self.objects[number] + b"\n"
        first = b" ".join(head) + b"\n"
        entries = f"/Type /ObjStm /N {len(inside)} /First {len(first)}"
        offsets = self._bodies(out, [n for n in sorted(self.objects) if n not in inside])
        offsets[holder] = len(out)
        body = stream(first + bodies, entries, packed=True)
        out += b"%d 0 obj" % holder + self.eol + body + self.eol + b"endobj" + self.eol
        return offsets, {n: (holder, at) for at, n in enumerate(inside)}, holder

    def _stream_of(
        self, offsets: dict[int, int], inside: dict[int, tuple[int, int]], own: int, extra: str = ""
    ) -> bytes:
        """A cross-reference stream that stands at `offsets[own]`; `inside` lie in object streams."""
        numbers = sorted({0, *offsets, *inside})
        rows = b""
        for number in numbers:
            if number in offsets:
                rows += b"\1" + offsets[number].to_bytes(4, "big") + b"\0\0"
            elif number in inside:
                holder, at = inside[number]
                rows += b"\2" + holder.to_bytes(4, "big") + at.to_bytes(2, "big")
            else:
                rows += b"\0" + bytes(4) + b"\xff\xff"
        index = " ".join(f"{n} 1" for n in numbers)
        entries = f"/Type /XRef /Size {max(numbers) + 1} /W [1 4 2] /Index [{index}]"
        body = stream(rows, f"{entries} {extra}", packed=True)
        return b"%d 0 obj" % own + self.eol + body + self.eol + b"endobj" + self.eol

    def with_stream(self, *, packed: bool = True) -> bytes:
        """With a cross-reference stream (PDF 1.5), and objects in an object stream where `packed`."""
        out = bytearray(self._head())
        if packed:
            offsets, inside, last = self._packed(out)
        else:
            offsets, inside = self._bodies(out, sorted(self.objects)), {}
            last = max(self.objects)
        own, at = last + 1, len(out)
        offsets[own] = at
        root = f"/Root 1 0 R {self.trailer}"
        return bytes(out + self._stream_of(offsets, inside, own, root) + self._end(at))

    def hybrid(self, hidden: tuple[int, ...]) -> bytes:
        """A table for readers of 1.4, and a stream beside it for what they need not see."""
        out = bytearray(self._head())
        shown = {n: b for n, b in self.objects.items() if n not in hidden}
        kept = self.objects
        self.objects = {n: kept[n] for n in hidden}
        offsets: dict[int, int] = {}
        try:
            first = max(kept) + 1
            head, bodies = [], b""
            for number in hidden:
                head.append(b"%d %d" % (number, len(bodies)))
                bodies += kept[number] + b"\n"
            start = b" ".join(head) + b"\n"
            self.objects = {
                **shown,
                first: stream(
                    start + bodies,
                    f"/Type /ObjStm /N {len(hidden)} /First {len(start)}",
                    packed=True,
                ),
            }
            offsets = self._bodies(out, sorted(self.objects))
        finally:
            self.objects = kept
        own, beside = first + 1, len(out)
        inside = {n: (first, at) for at, n in enumerate(hidden)}
        of_stream = {first: offsets[first], own: beside}
        out += self._stream_of(of_stream, inside, own, "")
        at = len(out)
        table = {n: o for n, o in offsets.items() if n in shown}
        return bytes(out + self._table(table, own + 1, f"/XRefStm {beside}") + self._end(at))

    def revised(
        self, before: bytes, changed: dict[int, bytes], *, by_stream: bool = False
    ) -> bytes:
        """One more revision behind `before`, as a program that saves changes alone writes it."""
        previous = int(before.rsplit(b"startxref", 1)[1].split()[0])
        out = bytearray(before)
        size = max(int(one) for one in re.findall(rb"(?:^|\s)(\d+) 0 obj", before)) + 1
        offsets = {}
        for number, body in sorted(changed.items()):
            offsets[number] = len(out)
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        at = len(out)
        if by_stream:
            own = size
            offsets[own] = at
            extra = f"/Root 1 0 R /Prev {previous} {self.trailer}"
            return bytes(out + self._stream_of(offsets, {}, own, extra) + self._end(at))
        made = b"xref\n0 1\n0000000000 65535 f\r\n"
        for number, offset in sorted(offsets.items()):
            made += b"%d 1\n%010d 00000 n\r\n" % (number, offset)
        text = f"<< /Size {size} /Root 1 0 R /Prev {previous} {self.trailer} >>"
        return bytes(out + made + b"trailer\n" + text.encode() + b"\n" + self._end(at))
