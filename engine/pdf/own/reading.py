"""Documents written in the plain way: tables of cross-references, every object for itself.

Those are all that this platform makes and makes anew. Only what a revision has to change is read: a row
of a table, an object's text. Everything is checked as it is met, and whatever is otherwise than our own
documents are (encrypted, damaged, compressed, hybrid, repaired) is left to pyHanko.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.pdf.own import lexing
from engine.pdf.own.lexing import NotPlain

_TAIL = 2048
_ROW = 20
_MOST_NESTED = 50
# So many pages are looked at one by one.
_FEW = 10
_MOST_REVISIONS = 500
# The greatest generation is 65535 (ISO 32000-2, 7.5.4).
_IMPOSSIBLE = b" 65536 f"
_HEAD = re.compile(rb"(\d+) 0 obj[\0\t\n\f\r ]*")
_END = re.compile(rb"[\0\t\n\f\r ]*endobj")
_STREAM = re.compile(rb"[\0\t\n\f\r ]*stream\r?\n")
_PART = re.compile(rb"(\d+) (\d+)[ ]*\r?\n")
_TRAILER = re.compile(rb"trailer[\0\t\n\f\r ]*")
_USED = re.compile(rb"(\d{10}) (\d{5}) ([nf])[ \r][\r\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """A dictionary: values as they are written by key, and the number of its object or 0."""

    entries: dict[bytes, bytes]
    number: int

    def changed(self, without: tuple[bytes, ...], added: bytes) -> bytes:
        """As text, without some entries and with others."""
        kept = [b"%s %s" % one for one in self.entries.items() if one[0] not in without]
        return b"<< " + b" ".join(kept) + added + b" >>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, what viewers show of it in user space, and how they turn it."""

    own: Dictionary
    box: tuple[float, ...]
    turned: int

    @property
    def number(self) -> int:
        """The number of its object."""
        return self.own.number


class Existing:
    """A document that a revision can be put behind.

    Raises: NotPlain.
    """

    def __init__(self, document: bytes) -> None:
        self.document = document
        self._parts: list[tuple[int, int, int]] = []
        self._pages: dict[int, Page] = {}
        self._known: dict[int, Dictionary] = {}
        mark = document.rfind(b"startxref", max(0, len(document) - _TAIL))
        if mark < 0:
            raise NotPlain("its end is missing")
        self.newest = lexing.number(document[mark + 9 : mark + 40].split(b"%%EOF")[0])
        trailer = self._trailers()
        self.size = lexing.number(trailer.get(b"/Size", b""))
        self.info = lexing.reference(trailer.get(b"/Info", b""))
        told = trailer.get(b"/ID")
        self.identifier = lexing.items(told)[0] if told else b""
        self.root = self.dictionary(trailer.get(b"/Root", b""))

    def _trailers(self) -> dict[bytes, bytes]:
        """The newest trailer; every section is noted on the way."""
        newest: dict[bytes, bytes] | None = None
        at, before = self.newest, len(self.document)
        for _ in range(_MOST_REVISIONS):
            if not 0 < at < before:
                raise NotPlain("its sections do not follow each other")
            trailer = self._section(at)
            newest = newest or trailer
            if b"/Prev" not in trailer:
                return newest
            at, before = lexing.number(trailer[b"/Prev"]), at
        raise NotPlain("more revisions than are looked at")

    def _section(self, at: int) -> dict[bytes, bytes]:
        text = self.document
        if text[at : at + 4] != b"xref":
            raise NotPlain("its objects are listed in a stream")
        begins = at
        at += 4 + (2 if text[at + 4 : at + 6] == b"\r\n" else 1)
        while part := _PART.match(text, at):
            first, count = int(part[1]), int(part[2])
            at = part.end() + count * _ROW
            self._parts.append((first, first + count, part.end()))
        head = _TRAILER.match(text, at)
        if head is None:
            raise NotPlain("a section has no trailer")
        if text.find(_IMPOSSIBLE, begins, at) > 0:
            # Nothing here reads that row, but pyHanko does: who verifies has to be able to.
            raise NotPlain("its table counts further than a file may")
        trailer, _ = lexing.entries(text, head.end())
        if b"/XRefStm" in trailer or b"/Encrypt" in trailer:
            raise NotPlain("it is encrypted, or other readers see another document")
        return trailer

    def _place(self, number: int) -> int:
        """Where the text of an object begins."""
        for first, behind, rows in self._parts:
            if first <= number < behind:
                at = rows + (number - first) * _ROW
                row = _USED.fullmatch(self.document[at : at + _ROW])
                if row is None or row[3] != b"n" or int(row[2]):
                    break
                head = _HEAD.match(self.document, int(row[1]))
                if head is None or int(head[1]) != number:
                    break
                return head.end()
        raise NotPlain("an object is not where its table says")

    def dictionary(self, value: bytes) -> Dictionary:
        """What a value is, or refers to."""
        number = lexing.reference(value)
        if not number:
            return Dictionary(entries=lexing.entries(value, 0)[0], number=0)
        if number not in self._known:
            entries, end = lexing.entries(self.document, self._place(number))
            if not _END.match(self.document, end):
                raise NotPlain("an object has no end")
            self._known[number] = Dictionary(entries=entries, number=number)
        return self._known[number]

    def array(self, value: bytes) -> tuple[bytes, int]:
        """An array as text, and the number of its object or 0."""
        number = lexing.reference(value)
        if not number:
            return value, 0
        begin = self._place(number)
        # An array ends where its object does: its values hold no such word.
        end = self.document.find(b"endobj", begin)
        text = self.document[begin:end].strip(b"\0\t\n\f\r ")
        lexing.items(text)
        return text, number

    def stream(self, value: bytes) -> tuple[dict[bytes, bytes], bytes]:
        """A stream's entries, and its content as it is stored."""
        entries, end = lexing.entries(self.document, self._place(lexing.reference(value)))
        begin = _STREAM.match(self.document, end)
        if begin is None:
            raise NotPlain("a stream is missing")
        behind = begin.end() + lexing.number(entries.get(b"/Length", b""))
        return entries, self.document[begin.end() : behind]

    @property
    def pages(self) -> int:
        """How many there are."""
        top = self.dictionary(self.root.entries.get(b"/Pages", b""))
        return lexing.number(top.entries.get(b"/Count", b""))

    def page(self, number: int) -> Page:
        """A page by its number from 0."""
        if number not in self._pages:
            self._pages[number] = self._page(self.root.entries.get(b"/Pages", b""), number, ())
        return self._pages[number]

    def _page(self, value: bytes, number: int, above: tuple[Dictionary, ...]) -> Page:
        """A page below a node; `above` is what hangs above it, the nearest first."""
        node = self.dictionary(value)
        if b"/Kids" not in node.entries:
            return Page(
                own=node,
                box=_numbers(_inherited((b"/CropBox", b"/MediaBox"), node, *above)),
                turned=lexing.number(_inherited((b"/Rotate",), node, *above) or b"0") % 360,
            )
        if len(above) > _MOST_NESTED:
            raise NotPlain("pages nested beyond reason")
        kids = lexing.items(self.array(node.entries[b"/Kids"])[0])
        # Where nothing else in the file has any, all of them are pages.
        if _FEW < number < len(kids) and self.document.count(b"/Kids") == 1:
            return self._page(kids[number], 0, (node, *above))
        for kid in kids:
            below = self.dictionary(kid).entries
            count = lexing.number(below.get(b"/Count", b"")) if b"/Kids" in below else 1
            if number < count:
                return self._page(kid, number, (node, *above))
            number -= count
        raise NotPlain("there are fewer pages than its catalog says")

    def form(self) -> Dictionary | None:
        """The form that lists the fields."""
        listed = self.root.entries.get(b"/AcroForm")
        return None if listed is None else self.dictionary(listed)

    def fields(self) -> Iterator[tuple[str, Dictionary]]:
        """The signature fields and their full names, signed or not."""
        form = self.form()
        if form is not None and b"/Fields" in form.entries:
            yield from self._fields(form.entries[b"/Fields"], "", 0)

    def _fields(self, listed: bytes, above: str, depth: int) -> Iterator[tuple[str, Dictionary]]:
        if depth > _MOST_NESTED:
            raise NotPlain("fields nested beyond reason")
        for one in lexing.items(self.array(listed)[0]):
            found = self.dictionary(one)
            told = found.entries.get(b"/T")
            name = above if told is None else lexing.string(told)
            if above and told is not None:
                name = f"{above}.{name}"
            if found.entries.get(b"/FT") == b"/Sig":
                yield name, found
            elif b"/Kids" in found.entries:
                yield from self._fields(found.entries[b"/Kids"], name, depth + 1)

    def turned(self, page: bytes) -> int:
        """The degrees by which a viewer turns a page that a widget names."""
        found = self.dictionary(page)
        for _ in range(_MOST_NESTED):
            if b"/Rotate" in found.entries or b"/Parent" not in found.entries:
                return lexing.number(found.entries.get(b"/Rotate", b"0")) % 360
            found = self.dictionary(found.entries[b"/Parent"])
        raise NotPlain("pages nested beyond reason")


def _inherited(keys: tuple[bytes, ...], *nodes: Dictionary) -> bytes:
    """What a page has, or the nearest of those that it hangs on: one key, or else the next."""
    for key in keys:
        for one in nodes:
            if key in one.entries:
                return one.entries[key]
    return b""


def _numbers(array: bytes) -> tuple[float, ...]:
    try:
        found = tuple(float(one) for one in lexing.items(array))
    except ValueError as problem:
        raise NotPlain("a number is missing") from problem
    if len(found) != 4:
        raise NotPlain("a box has four numbers")
    return found


def rectangle(widget: Dictionary) -> tuple[float, ...] | None:
    """Where a widget stands on its page; None without a place."""
    if b"/Rect" not in widget.entries:
        return None
    found = _numbers(widget.entries[b"/Rect"])
    return found if any(found) else None
