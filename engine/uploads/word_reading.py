"""What a DOCX document says, out of the part of its language that can be shown exactly. Runs in the child.

The subset: paragraphs with their alignment, headings by style, bold, italic and underlined text, tabs, line
and page breaks, tables (with cells over several columns), and pictures in the line. Whatever else would be
seen in the document is refused by its name: a reviewer must never see less than what was signed (decision
23). The parts were checked before: none has a document type.

A contract may have more: automatic numbers, which become text; links, of which the text stays; page numbers
in headers and footers, which give way to our own. How much of each is told.
"""

from __future__ import annotations

import base64
import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as Tree

from engine.uploads import refusals, word, word_numbering, word_subset
from engine.uploads.word_subset import WordNotShown

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DOCUMENT, _RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
_STYLES = "word/styles.xml"
_NUMBERING = "word/numbering.xml"
_MOST_PICTURE_BYTES = 1_500_000
_EMU_A_MM = 36_000
_ALIGNED = {
    "center": "center",
    "right": "right",
    "end": "right",
    "both": "justify",
    "distribute": "justify",
}
_HEADINGS = {"title": 1, "heading1": 2, "heading2": 3, "heading3": 4, "1": 2, "2": 3, "3": 4}


def read(content: bytes, *, contract: bool = False) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The blocks of a document that `word.rebuild` made, and how much of what was made otherwise.

    Raises: WordNotShown, BrokenWord.
    """
    with zipfile.ZipFile(io.BytesIO(word.rebuild(content, links=contract))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    reading = _Reading(parts, contract)
    try:
        return reading.blocks(), dict(reading.changed)
    except word_numbering.UnknownNumbering as problem:
        raise WordNotShown(feature=word_subset.NAMES["numPr"]) from problem


class _Reading:
    def __init__(self, parts: dict[str, bytes], contract: bool) -> None:
        self._parts, self._contract = parts, contract
        self.changed: Counter[str] = Counter()
        self._numbering = word_numbering.Numbering(parts.get(_NUMBERING) if contract else None)
        self._style_numbers: dict[str, Tree.Element] = {}
        self._targets: dict[str, str] = {}
        self._bytes = 0
        if _RELATIONS in parts:
            for one in Tree.fromstring(parts[_RELATIONS]):
                target = posixpath.normpath(posixpath.join("word", one.get("Target", "")))
                self._targets[one.get("Id", "")] = target

    def blocks(self) -> list[dict[str, Any]]:
        body = Tree.fromstring(self._parts[_DOCUMENT]).find(f"{_W}body")
        if body is None:
            raise refusals.BrokenWord
        self._refuse_within(body)
        for style in self._styles_of(body):
            self._refuse_within(style)
            number = style.find(f"{_W}pPr/{_W}numPr")
            if number is not None:
                self._style_numbers[style.get(f"{_W}styleId", "")] = number
        dropped = word_subset.page_numbers(self._parts) if self._contract else 0
        if dropped:
            self.changed["page_numbers"] = dropped
        return list(self._blocks(body))

    def _styles_of(self, body: Tree.Element) -> Iterator[Tree.Element]:
        """The styles that the document uses, and those that they rest on."""
        if _STYLES not in self._parts:
            return
        known = {
            one.get(f"{_W}styleId", ""): one
            for one in Tree.fromstring(self._parts[_STYLES]).iter(f"{_W}style")
        }
        wanted = [
            one.get(f"{_W}val", "")
            for one in body.iter()
            if word_subset.local(one) in ("pStyle", "rStyle", "tblStyle")
        ]
        wanted += [name for name, one in known.items() if one.get(f"{_W}default") == "1"]
        seen: set[str] = set()
        while wanted:
            name = wanted.pop()
            if name in seen or name not in known:
                continue
            seen.add(name)
            yield known[name]
            below = known[name].find(f"{_W}basedOn")
            if below is not None:
                wanted.append(below.get(f"{_W}val", ""))

    def _refuse_within(self, body: Tree.Element) -> None:
        """Whatever is named stands out wherever it is; what it is set to be off is not there."""
        for one in body.iter():
            name = word_subset.local(one)
            if self._contract and name in word_subset.OF_CONTRACTS:
                continue
            if name in word_subset.NAMES and not word_subset.is_off(name, one):
                raise WordNotShown(feature=word_subset.NAMES[name])

    def _blocks(self, within: Tree.Element) -> Iterator[dict[str, Any]]:
        for one in within:
            if one.tag == f"{_W}p":
                yield self._paragraph(one)
            elif one.tag == f"{_W}tbl":
                yield {
                    "kind": "table",
                    "rows": [self._row(row) for row in self._children(one, "tr")],
                }
            else:
                word_subset.require_silent(one)

    @staticmethod
    def _children(within: Tree.Element, name: str) -> Iterator[Tree.Element]:
        for one in within:
            if one.tag == f"{_W}{name}":
                yield one
            else:
                word_subset.require_silent(one)

    def _row(self, row: Tree.Element) -> list[dict[str, Any]]:
        cells = []
        for cell in self._children(row, "tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            wide = 1 if span is None else int(span.get(f"{_W}val", "1"))
            cells.append({"span": max(1, min(wide, 20)), "blocks": list(self._blocks(cell))})
        return cells

    def _paragraph(self, paragraph: Tree.Element) -> dict[str, Any]:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        aligned = paragraph.find(f"{_W}pPr/{_W}jc")
        named = "" if style is None else style.get(f"{_W}val", "").replace(" ", "").lower()
        runs = [*self._number(paragraph), *self._runs(paragraph)]
        return {
            "kind": "paragraph",
            "level": _HEADINGS.get(named, 0),
            "align": _ALIGNED.get("" if aligned is None else aligned.get(f"{_W}val", ""), "left"),
            "runs": runs,
        }

    def _runs(self, within: Tree.Element) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = []
        for one in within:
            if one.tag == f"{_W}r":
                runs += self._run(one)
            elif self._contract and one.tag == f"{_W}hyperlink":
                self.changed["links"] += 1
                runs += self._runs(one)
            else:
                word_subset.require_silent(one)
        return runs

    def _number(self, paragraph: Tree.Element) -> list[dict[str, Any]]:
        """The number that Word would write before a paragraph, as text."""
        if not self._contract:
            return []
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        named = self._style_numbers.get("" if style is None else style.get(f"{_W}val", ""))
        number = own if own is not None else named
        if number is None or word_subset.is_off("numPr", number):
            return []
        which, level = number.find(f"{_W}numId"), number.find(f"{_W}ilvl")
        if which is None and named is not None:
            which = named.find(f"{_W}numId")
        text = self._numbering.next(
            "" if which is None else which.get(f"{_W}val", ""),
            0 if level is None else int(level.get(f"{_W}val", "0")),
        )
        if not text:
            return []
        self.changed["numbers"] += 1
        plain = {"bold": False, "italic": False, "underline": False}
        return [{"kind": "text", "text": f"{text} ", **plain}]

    def _run(self, run: Tree.Element) -> list[dict[str, Any]]:
        style = run.find(f"{_W}rPr")
        shown = {name: _is_on(style, mark) for name, mark in (("bold", "b"), ("italic", "i"))}
        shown["underline"] = _is_on(style, "u")
        found: list[dict[str, Any]] = []
        for one in run:
            name = word_subset.local(one)
            if one.tag == f"{_W}t":
                found.append({"kind": "text", "text": one.text or "", **shown})
            elif name == "tab":
                found.append({"kind": "tab"})
            elif name in ("br", "cr"):
                page = one.get(f"{_W}type") == "page"
                found.append({"kind": "page" if page else "break"})
            elif name == "noBreakHyphen":
                found.append({"kind": "text", "text": "-", **shown})
            elif name == "drawing":
                found.append(self._picture(one))
            else:
                word_subset.require_silent(one)
        return found

    def _picture(self, drawing: Tree.Element) -> dict[str, Any]:
        inline = drawing.find(f"{_DRAWING}inline")
        blips = list(drawing.iter(f"{_A}blip"))
        size = None if inline is None else inline.find(f"{_DRAWING}extent")
        if size is None or len(blips) != 1:
            raise WordNotShown(feature="drawings")
        target = self._targets.get(blips[0].get(f"{_R}embed", ""), "")
        content = self._parts.get(target)
        if content is None:
            raise refusals.BrokenWord
        self._bytes += len(content)
        if self._bytes > _MOST_PICTURE_BYTES:
            raise WordNotShown(feature="large pictures")
        return {
            "kind": "picture",
            "format": "png" if content.startswith(b"\x89PNG") else "jpg",
            "width_mm": min(160, max(1, int(size.get("cx", "0")) // _EMU_A_MM)),
            "content": base64.b64encode(content).decode(),
        }


def _is_on(style: Tree.Element | None, mark: str) -> bool:
    found = None if style is None else style.find(f"{_W}{mark}")
    return found is not None and found.get(f"{_W}val", "true") not in ("0", "false", "none")
