"""The bundled faces and what they can draw.

Decision 23: a character that no bundled face can draw is an error which names it, wherever it must
be drawn; never an empty box. This module draws nothing itself.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont

from engine.kernel import errors

SANS = "Noto Sans SC"
SERIF = "Noto Serif SC"

# Laid out by the typesetter and never drawn.
_LAYOUT_CHARACTERS = frozenset("\n\r\t")


class CharacterNotDrawable(errors.InvalidInput):
    """The character "{character}" ({codepoint}) cannot be printed. Replace it and try again."""


def sans_path() -> Path:
    """The file of Noto Sans SC."""
    return Path(pylopdf_fonts_zh_cn.sans_path())


def serif_path() -> Path:
    """The file of Noto Serif SC."""
    return Path(pylopdf_fonts_zh_cn.serif_path())


def folder() -> Path:
    """The folder that holds both faces and nothing else that is a face."""
    return sans_path().parent


@functools.cache
def _drawable() -> frozenset[int]:
    """The code points which both faces have, so that a style may be swapped without a gap."""
    tables = []
    for path in (sans_path(), serif_path()):
        with TTFont(path, lazy=True) as face:
            tables.append(frozenset(face.getBestCmap()))
    return tables[0] & tables[1]


def undrawable(text: str) -> tuple[str, ...]:
    """The characters of `text` that the bundled faces lack, each once, in order of appearance."""
    known = _drawable()
    return tuple(
        dict.fromkeys(c for c in text if c not in _LAYOUT_CHARACTERS and ord(c) not in known)
    )


def require_drawable(text: str) -> None:
    """Refuse `text` when a character of it cannot be drawn.

    Raises: CharacterNotDrawable naming the first such character.
    """
    for character in undrawable(text):
        visible = unicodedata.category(character)[0] not in "CZ"
        raise CharacterNotDrawable(
            character=character if visible else "�", codepoint=f"U+{ord(character):04X}"
        )
