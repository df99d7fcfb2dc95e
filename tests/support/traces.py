"""Looking for personal values in every byte that was written, whatever they are written as."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·"
_WORDS = re.compile(f"[{_HAN}]{{2,60}}|[0-9]{{11,19}}X?")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}")
_CHUNK = 16 << 20
_OVERLAP = 512


class Traces:
    """The values that must not be found, and where they were."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = frozenset(value for value in values if value)
        self._lengths = sorted({len(value) for value in self.values})
        self.found: dict[str, set[str]] = {}

    def look_into(self, folder: Path) -> int:
        """Read every file below a folder; how many bytes there were."""
        total = 0
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                total += path.stat().st_size
                for piece in _pieces(path):
                    self.look_at(piece, path.name)
        return total

    def look_at(self, content: bytes, place: str) -> None:
        """Look for the values as UTF-8, UTF-16, base64 and hexadecimal."""
        for text in _readings(content):
            for run in _WORDS.findall(text):
                for value in self._within(run):
                    self.found.setdefault(value, set()).add(place)

    def _within(self, run: str) -> Iterator[str]:
        for length in self._lengths:
            for start in range(len(run) - length + 1):
                if run[start : start + length] in self.values:
                    yield run[start : start + length]


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        before = b""
        while piece := file.read(_CHUNK):
            yield before + piece
            before = piece[-_OVERLAP:]


def _readings(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "ignore")
    for start in (0, 1):
        yield content[start:].decode("utf-16-le", "ignore")
        yield content[start:].decode("utf-16-be", "ignore")
    for run in _HEX.findall(content):
        yield bytes.fromhex(run.decode()).decode("utf-8", "ignore")
    for run in _BASE64.findall(content):
        plain = run.translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):
            part = plain[start:]
            # A single character left over holds less than a byte.
            part = part[: len(part) - (len(part) % 4 == 1)]
            yield base64.b64decode(part + b"=" * (-len(part) % 4)).decode("utf-8", "ignore")
