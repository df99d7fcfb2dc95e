"""What of a Word document's language is shown, what is silent, and what is refused by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as Tree

from engine.uploads import refusals

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARGINS = re.compile(r"word/(header|footer)[0-9]*\.xml\Z")
# What shows nothing by itself.
_SILENT = frozenset(
    {
        *("bookmarkStart", "bookmarkEnd", "proofErr", "lastRenderedPageBreak", "sectPr", "pPr"),
        *("rPr", "softHyphen", "tblPr", "tblGrid", "trPr", "tcPr", "permStart", "permEnd"),
    }
)
# What is refused, as a person knows it.
NAMES = {
    "ins": "tracked changes",
    "del": "tracked changes",
    "moveFrom": "tracked changes",
    "moveTo": "tracked changes",
    "commentReference": "comments",
    "commentRangeStart": "comments",
    "commentRangeEnd": "comments",
    "footnoteReference": "footnotes",
    "endnoteReference": "footnotes",
    "fldChar": "fields",
    "fldSimple": "fields",
    "instrText": "fields",
    "hyperlink": "links",
    "sdt": "form controls",
    "pict": "drawings",
    "object": "embedded objects",
    "AlternateContent": "drawings",
    "anchor": "floating pictures",
    "oMath": "formulas",
    "oMathPara": "formulas",
    "sym": "symbol fonts",
    "numPr": "automatic numbering",
    "vMerge": "cells over several rows",
    "headerReference": "headers and footers",
    "footerReference": "headers and footers",
    "vanish": "hidden text",
    "altChunk": "altChunk",
    "framePr": "text frames",
    "cols": "columns",
    "textDirection": "vertical text",
}
# What a contract may have beside: numbers become text, the text of links stays, page numbers are our own.
OF_CONTRACTS = frozenset({"numPr", "hyperlink", "headerReference", "footerReference"})
_PAGE_NUMBERS = re.compile(r"(?:[\s0-9第页共/\-—–.·|]|Page|PAGE|of)*\Z")


class WordNotShown(refusals.ActiveWord):
    """This document contains {feature}, which cannot be shown exactly. Remove it, or save it as a PDF and upload that."""  # noqa: E501


def local(one: Tree.Element) -> str:
    """An element's name without its namespace."""
    return str(one.tag).rpartition("}")[2]


def is_off(name: str, one: Tree.Element) -> bool:
    """Whether an element only says that what it names is not there."""
    if name == "cols":
        return one.get(f"{_W}num", "1") == "1"
    if name == "numPr":
        number = one.find(f"{_W}numId")
        return number is not None and number.get(f"{_W}val") == "0"
    return name == "vanish" and one.get(f"{_W}val") in ("0", "false")


def require_silent(one: Tree.Element) -> None:
    """Raises: WordNotShown when an element could show something."""
    name = local(one)
    if name not in _SILENT:
        raise WordNotShown(feature=NAMES.get(name, name[:20]))


def page_numbers(parts: Mapping[str, bytes]) -> int:
    """How many headers and footers hold page numbers, which give way to our own; no other may be there.

    Raises: WordNotShown.
    """
    found = 0
    for name, part in parts.items():
        if not _MARGINS.match(name):
            continue
        root = Tree.fromstring(part)
        shown = "".join(one.text or "" for one in root.iter(f"{_W}t"))
        pictures = [one for one in root.iter() if local(one) in ("drawing", "pict", "object")]
        if pictures or not _PAGE_NUMBERS.match(shown):
            raise WordNotShown(feature=NAMES["headerReference"])
        if shown.strip() or any(True for _ in root.iter(f"{_W}instrText")):
            found += 1
    return found
