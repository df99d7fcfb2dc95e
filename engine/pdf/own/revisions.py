"""A document as it stands, and one more revision behind it (ISO 32000-2, 7.5.6).

qpdf reads (its objects, whatever they are stored in); what is appended is joined from bytes, with a table
or a stream of cross-references as the document has it. Nothing that stands is ever touched.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import pikepdf

from engine.kernel import errors

_TAIL = 2048
# The greatest generation is 65535 (ISO 32000-2, 7.5.4).
_IMPOSSIBLE = b" 65536 f"
_UNREADABLE = (
    pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError,
)  # fmt: skip
_MOST_PAGES_ABOVE = 50


class NotExtendable(errors.InvalidInput):
    """Nothing can be added to this document: {problem}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its dictionary and that one's number, what viewers show of it, and how they turn it."""

    entries: Any
    number: int
    box: tuple[float, ...]
    turned: int


class Existing:
    """A document that a revision can be put behind.

    Raises: NotExtendable, where it is encrypted, damaged, or shows other readers another document.
    """

    def __init__(self, document: bytes) -> None:
        self.document = document
        self._pages: dict[int, Page] = {}
        try:
            self._pdf = pikepdf.open(
                io.BytesIO(document),
                attempt_recovery=False,
                suppress_warnings=True,
                # Or each page would get what it inherits, in objects of numbers that are ours.
                inherit_page_attributes=False,
            )
            if self._pdf.is_encrypted:
                raise NotExtendable(problem="it is encrypted")
            self._read()
        except _UNREADABLE as problem:
            raise NotExtendable(problem=str(problem)) from problem

    def _read(self) -> None:
        mark = self.document.rfind(b"startxref", len(self.document) - _TAIL)
        self.newest = int(self.document[mark + 9 :].split()[0])
        section = self.document[self.newest : mark]
        self.has_table = section.startswith(b"xref")
        if self.has_table and b"/XRefStm" in section:
            raise NotExtendable(problem="readers of other versions see another document in it")
        if self.has_table and _IMPOSSIBLE in section:
            # qpdf reads on, pyHanko does not: who verifies has to be able to read it.
            raise NotExtendable(problem="its table counts further than a file may")
        trailer = self._pdf.trailer
        self.size = int(trailer.Size)
        self.root = self._pdf.Root
        self.info = trailer.Info.objgen[0] if "/Info" in trailer else 0
        self.identifier = bytes(trailer.ID[0]) if "/ID" in trailer else b""

    def __enter__(self) -> Existing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pdf.close()
        if isinstance(problem, _UNREADABLE):
            raise NotExtendable(problem=str(problem)) from problem

    @property
    def pages(self) -> int:
        """How many there are."""
        return int(self.root.Pages.Count)

    def page(self, number: int) -> Page:
        """A page by its number from 0."""
        found = self._pages.get(number)
        if found is None:
            entries = _page(self.root.Pages, number, 0)
            found = self._pages[number] = Page(
                entries=entries,
                number=number_of(entries),
                box=tuple(box(entries)),
                turned=turned(entries),
            )
        return found

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The signature fields and their full names, signed or not."""
        form = self.root.get("/AcroForm")
        if form is not None:
            yield from _fields(form.get("/Fields", []), "", 0)


def _page(node: Any, number: int, depth: int) -> Any:
    if depth > _MOST_PAGES_ABOVE:
        raise ValueError("pages nested beyond reason")
    for kid in node.Kids:
        count = int(kid.Count) if "/Kids" in kid else 1
        if number < count:
            return _page(kid, number, depth + 1) if "/Kids" in kid else kid
        number -= count
    raise IndexError("there are fewer pages than its catalog says")


def _fields(found: Any, above: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > _MOST_PAGES_ABOVE:
        raise ValueError("fields nested beyond reason")
    for one in found:
        name = f"{above}.{one.T}" if above and "/T" in one else str(one.get("/T", above))
        if one.get("/FT") == pikepdf.Name.Sig:
            yield name, one
        elif "/Kids" in one:
            yield from _fields(one.Kids, name, depth + 1)


def number_of(found: Any) -> int:
    """An object's number. Raises: ValueError where it has none, or is not the first of that number."""
    number, generation = found.objgen
    if not number or generation:
        raise ValueError("an object that has to change has no number of its own")
    return int(number)


def inherited(page: Any, key: str) -> Any:
    """What a page has, or one of those that it hangs on."""
    for _ in range(_MOST_PAGES_ABOVE):
        if page is None or key in page:
            return None if page is None else page[key]
        page = page.get("/Parent")
    raise ValueError("pages nested beyond reason")


def turned(page: Any) -> int:
    """The degrees by which a viewer turns a page clockwise."""
    return int(inherited(page, "/Rotate") or 0) % 360


def box(page: Any) -> list[float]:
    """What viewers show of a page, in user space."""
    return [float(one) for one in inherited(page, "/CropBox") or inherited(page, "/MediaBox")]


def text(value: str) -> bytes:
    """A text string: UTF-16 with its mark, as hexadecimal digits."""
    return b"<" + (b"\xfe\xff" + value.encode("utf-16-be")).hex().encode() + b">"


@functools.lru_cache(maxsize=64)
def date(seconds: int) -> bytes:
    """An instant (UTC seconds) as PDF writes it."""
    return (
        b"(D:%s)"
        % f"{datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC):%Y%m%d%H%M%SZ}".encode()
    )


def changed(entries: Any, without: tuple[str, ...], added: bytes) -> bytes:
    """A dictionary as text, without some entries and with others."""
    for key in without:
        if key in entries:
            del entries[key]
    body: bytes = entries.unparse(resolved=True)
    return body[: body.rindex(b">>")] + added + b" >>"


def longer(found: Any, further: list[int]) -> bytes:
    """An array as text, with further references behind."""
    body: bytes = b"[ ]" if found is None else found.unparse(resolved=True)
    return body[: body.rindex(b"]")] + b"".join(b"%d 0 R " % one for one in further) + b"]"


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
        begin = len(document)
        pieces = [] if document.endswith(b"\n") else [b"\n"]
        at = begin + sum(map(len, pieces))
        offsets, bodies = {}, {}
        for number, body in sorted(self.bodies.items()):
            head = b"%d 0 obj\n" % number
            offsets[number], bodies[number] = at, at + len(head)
            pieces += (head, body, b"\nendobj\n")
            at += len(head) + len(body) + 8
        pieces.append(
            self._table(offsets) if self.existing.has_table else self._stream(offsets, at)
        )
        pieces.append(b"startxref\n%d\n%%%%EOF\n" % at)
        return b"".join(pieces), bodies

    def _trailer(self, size: int) -> bytes:
        existing = self.existing
        own = hashlib.sha256(existing.document[-_TAIL:] + b"%d" % len(existing.document)).digest()[
            :16
        ]
        first = existing.identifier or own
        info = b" /Info %d 0 R" % existing.info if existing.info else b""
        return b"/Size %d /Root %d 0 R%s /ID [<%s> <%s>] /Prev %d" % (
            size,
            number_of(existing.root),
            info,
            first.hex().encode(),
            own.hex().encode(),
            existing.newest,
        )

    def _runs(self, numbers: list[int]) -> list[list[int]]:
        runs: list[list[int]] = []
        for number in sorted(numbers):
            if runs and runs[-1][-1] + 1 == number:
                runs[-1].append(number)
            else:
                runs.append([number])
        return runs

    def _table(self, offsets: dict[int, int]) -> bytes:
        made = [b"xref\n0 1\n0000000000 65535 f \n"]
        for run in self._runs(list(offsets)):
            made.append(b"%d %d\n" % (run[0], len(run)))
            made += [b"%010d 00000 n \n" % offsets[one] for one in run]
        made.append(b"trailer\n<< %s >>\n" % self._trailer(self._next))
        return b"".join(made)

    def _stream(self, offsets: dict[int, int], at: int) -> bytes:
        own = self.number()
        runs = self._runs([0, *offsets, own])
        known = {0: b"\0" + bytes(5) + b"\xff\xff"}
        known |= {one: b"\1" + where.to_bytes(5, "big") + b"\0\0" for one, where in offsets.items()}
        known[own] = b"\1" + at.to_bytes(5, "big") + b"\0\0"
        rows = b"".join(known[one] for run in runs for one in run)
        index = b" ".join(b"%d %d" % (run[0], len(run)) for run in runs)
        entries = b"/Type /XRef /W [1 5 2] /Index [%s] %s" % (index, self._trailer(own + 1))
        return b"%d 0 obj\n%s\nendobj\n" % (own, stream(rows, entries))
