"""Automatic numbering of a Word document, worked out as the text that a reader sees (OOXML 17.9).

The usual formats of Chinese and English contracts are known; another one is refused by name, so that no
number is ever shown other than as its author saw it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree import ElementTree as Tree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_PLACE = re.compile(r"%([1-9])")
_CHINESE = frozenset(
    (
        *("chineseCounting", "chineseCountingThousand", "japaneseCounting"),
        *("taiwaneseCounting", "taiwaneseCountingThousand"),
    )
)
_MOST = 999


class UnknownNumbering(Exception):
    """A format that is not known here."""


def chinese(number: int) -> str:
    """1 to 999 as 一, 十二, 一百零三."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _letters(number: int) -> str:
    """1 as a, 27 as aa, 28 as bb: letters are repeated, as Word does."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


def written(number: int, form: str) -> str:
    """A number as a format writes it.

    Raises: UnknownNumbering.
    """
    if not 1 <= number <= _MOST:
        raise UnknownNumbering(str(number))
    if form in _CHINESE:
        return chinese(number)
    if form == "decimal":
        return str(number)
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("lowerLetter", "upperLetter"):
        text = _letters(number)
    elif form in ("lowerRoman", "upperRoman"):
        text = _roman(number)
    elif form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and number <= 20:
        return chr(0x2460 + number - 1)
    else:
        raise UnknownNumbering(form)
    return text.upper() if form.startswith("upper") else text


class _Level:
    def __init__(self, level: Tree.Element) -> None:
        def value(name: str, default: str) -> str:
            found = level.find(f"{_W}{name}")
            return default if found is None else found.get(f"{_W}val", default)

        self.start = int(value("start", "1"))
        self.form, self.text = value("numFmt", "decimal"), value("lvlText", "")
        self.legal = level.find(f"{_W}isLgl") is not None


class Numbering:
    """The numbers of a document, counted paragraph by paragraph in reading order."""

    def __init__(self, part: bytes | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[str] = set()
        if part is not None:
            self._read(Tree.fromstring(part))

    def _read(self, root: Tree.Element) -> None:
        for abstract in root.iter(f"{_W}abstractNum"):
            self._levels[abstract.get(f"{_W}abstractNumId", "")] = {
                int(one.get(f"{_W}ilvl", "0")): _Level(one) for one in abstract.iter(f"{_W}lvl")
            }
        for number in root.iter(f"{_W}num"):
            name = number.get(f"{_W}numId", "")
            abstract_id = number.find(f"{_W}abstractNumId")
            if abstract_id is not None:
                self._abstract_of[name] = abstract_id.get(f"{_W}val", "")
            for override in number.iter(f"{_W}lvlOverride"):
                if override.find(f"{_W}lvl") is not None:
                    raise UnknownNumbering("lvlOverride")
                start = override.find(f"{_W}startOverride")
                if start is not None:
                    level = int(override.get(f"{_W}ilvl", "0"))
                    self._starts[name, level] = int(start.get(f"{_W}val", "1"))

    def next(self, number: str, level: int) -> str:
        """What stands before the next paragraph of a list at a level.

        Raises: UnknownNumbering.
        """
        abstract = self._abstract_of.get(number, "")
        levels = self._levels.get(abstract, {})
        if level not in levels:
            raise UnknownNumbering(number)
        # Lists of one definition count on together, unless one of them says where it starts.
        counts = self._counts[abstract]
        if number not in self._begun:
            self._begun.add(number)
            for (name, at), start in self._starts.items():
                if name == number:
                    counts[at] = start - 1
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        here = levels[level]
        if here.form == "bullet":
            return "•"
        if here.form == "none":
            return ""

        def put(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            if at not in levels:
                raise UnknownNumbering(place[0])
            form = "decimal" if here.legal else levels[at].form
            return written(counts.get(at, levels[at].start), form)

        return _PLACE.sub(put, here.text)
