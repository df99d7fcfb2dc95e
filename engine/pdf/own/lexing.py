"""The text of PDF objects, taken apart no further than is needed (ISO 32000-2, 7.3).

A value stays the bytes that it is written as. What our own documents never hold (escapes in names,
comments, keys twice) is not understood here, which sends the document to pyHanko.
"""

from __future__ import annotations

import re

# Nothing is given back once it is taken, so no text has two readings and none takes long.
_SPACE = rb"[\0\t\n\f\r ]*+"
_APART = rb"[\0\t\n\f\r ]++"
_NAME = rb"/[^\0\t\n\f\r ()<>\[\]{}/%#]++"
# A value that holds no other, and the commonest that do: their end is beyond doubt.
_VALUE = (
    rb"(?>\d++" + _APART + rb"\d++" + _APART + rb"R(?![A-Za-z0-9])"
    rb"|[+-]?(?:\d++(?:\.\d*+)?|\.\d++)|" + _NAME + rb"|<[0-9A-Fa-f\0\t\n\f\r ]*+>"
    rb"|\((?:[^()\\]|\\.)*+\)|true|false|null|\[[^\[\]()<>%#]*+\]|<<[^\[\]()<>%#]*+>>)"
)  # fmt: skip
_PAIR = re.compile(_SPACE + b"(" + _NAME + b")" + _SPACE + b"(" + _VALUE + b")", re.DOTALL)
_DICTIONARY = re.compile(
    b"<<(?:" + _SPACE + _NAME + _SPACE + _VALUE + b")*+" + _SPACE + b">>", re.DOTALL
)
_KEY = re.compile(_SPACE + b"(?:(" + _NAME + b")|(>>))" + _SPACE)
_SIMPLE = re.compile(_SPACE + _VALUE, re.DOTALL)
_OPENED = re.compile(_SPACE + rb"(<<|\[|>>|\]|\()")
_PARENTHESES = re.compile(rb"\\.|[()]", re.DOTALL)
_REFERENCE = re.compile(rb"(\d+)[\0\t\n\f\r ]+(\d+)[\0\t\n\f\r ]+R")
_OPENS = {b"<<": b">>", b"[": b"]"}
_DEEPEST = 50


class NotPlain(Exception):
    """A document is not written in the plain way in which this platform writes its own."""


def entries(text: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """A dictionary that begins at a place: values as they are written, by key; and where it ends.

    Raises: NotPlain.
    """
    if text[at : at + 2] != b"<<":
        raise NotPlain("a dictionary is missing")
    whole = _DICTIONARY.match(text, at)
    if whole is not None:
        pairs, end = _PAIR.findall(text, at + 2, whole.end() - 2), whole.end()
    else:
        pairs, end = _pairs(text, at + 2)
    found: dict[bytes, bytes] = dict(pairs)
    if len(found) != len(pairs):
        raise NotPlain("a key stands twice")
    return found, end


def _pairs(text: bytes, at: int) -> tuple[list[tuple[bytes, bytes]], int]:
    """What a dictionary holds whose values hold others in turn, and where it ends."""
    found: list[tuple[bytes, bytes]] = []
    while key := _KEY.match(text, at):
        if key[2]:
            return found, key.end(2)
        at = _behind(text, key.end())
        found.append((key[1], text[key.end() : at]))
    raise NotPlain("a dictionary has no end")


def items(text: bytes) -> list[bytes]:
    """The values of an array as they are written.

    Raises: NotPlain.
    """
    if text[:1] != b"[" or text[-1:] != b"]":
        raise NotPlain("an array is missing")
    found, at, end = [], 1, len(text) - 1
    while text[at:end].strip(b"\0\t\n\f\r "):
        behind = _behind(text, at)
        found.append(text[at:behind].strip(b"\0\t\n\f\r "))
        at = behind
    return found


def _behind(text: bytes, at: int) -> int:
    """Where the value that begins at a place ends."""
    waiting: list[bytes] = []
    while True:
        simple = _SIMPLE.match(text, at)
        if simple is not None:
            at = simple.end()
        else:
            mark = _OPENED.match(text, at)
            if mark is None or len(waiting) > _DEEPEST:
                raise NotPlain("a value is not understood")
            at = mark.end()
            if mark[1] == b"(":
                at = _behind_text(text, at)
            elif mark[1] in _OPENS:
                waiting.append(_OPENS[mark[1]])
            elif not waiting or mark[1] != waiting.pop():
                raise NotPlain("a bracket closes what none opened")
        # Names stand among the values of a dictionary within: they are passed over like these.
        if not waiting:
            return at


def _behind_text(text: bytes, at: int) -> int:
    """Where a text ends that has parentheses within."""
    deep = 1
    for one in _PARENTHESES.finditer(text, at):
        deep += {b"(": 1, b")": -1}.get(one[0], 0)
        if not deep:
            return one.end()
    raise NotPlain("a text has no end")


def reference(value: bytes) -> int:
    """The number of the object that a value refers to, or 0 where it is none.

    Raises: NotPlain, for an object of a later generation.
    """
    found = _REFERENCE.fullmatch(value)
    if found is None:
        return 0
    if int(found[2]):
        raise NotPlain("an object of a later generation")
    return int(found[1])


def number(value: bytes) -> int:
    """A whole number. Raises: NotPlain."""
    try:
        return int(value)
    except ValueError as problem:
        raise NotPlain("a number is missing") from problem


def string(value: bytes) -> str:
    """A text string in hexadecimal digits or in parentheses. Raises: NotPlain."""
    try:
        if value[:1] == b"<":
            raw = bytes.fromhex(value[1:-1].decode("ascii"))
            return raw[2:].decode("utf-16-be") if raw[:2] == b"\xfe\xff" else raw.decode("ascii")
        if value[:1] == b"(" and b"\\" not in value:
            return value[1:-1].decode("ascii")
    except ValueError as problem:
        raise NotPlain("a text of another encoding") from problem
    raise NotPlain("a text is written with escapes")
