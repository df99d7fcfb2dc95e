"""Looking for personal values in every byte that was written, whatever they are written as."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

import ahocorasick_rs

# Four bytes, a name of two characters as UTF-16, are met by chance in every few megabytes of ciphertext;
# six, as UTF-8, once in ten million megabytes. Flows that leaked short names leak the long ones too.
_LEAST = 6
_CHUNK = 16 << 20
_OVERLAP = 2048


class Traces:
    """The values that must not be found, and where they were."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = frozenset(value for value in values if value)
        self._written = {
            form: value
            for value in sorted(self.values)
            for form in _forms(value)
            if len(form) >= _LEAST
        }
        self._value = list(self._written.values())
        self._search = ahocorasick_rs.BytesAhoCorasick(list(self._written))
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
        """Look for the values as UTF-8, UTF-16, GB 18030, base64, hexadecimal, and escaped."""
        for form, _, _ in self._search.find_matches_as_indexes(content, overlapping=True):
            self.found.setdefault(self._value[form], set()).add(place)


def _forms(value: str) -> Iterator[bytes]:
    """Every way that a value may stand in a file."""
    plain = value.encode()
    yield plain
    for encoding in ("utf-16-le", "utf-16-be", "gb18030"):
        yield value.encode(encoding)
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    escaped = json.dumps(value)[1:-1]
    yield escaped.encode()
    quoted = urllib.parse.quote(value)
    yield quoted.encode()
    yield quoted.lower().encode()
    yield from _within_base64(plain)


def _within_base64(plain: bytes) -> Iterator[bytes]:
    """The characters that depend on nothing but the value, wherever in a text of base64 it begins."""
    for before in range(3):
        text = base64.b64encode(bytes(before) + plain + bytes(2))
        inside = text[-(-before * 8 // 6) : (before + len(plain)) * 8 // 6]
        yield inside
        yield inside.translate(bytes.maketrans(b"+/", b"-_"))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        before = b""
        while piece := file.read(_CHUNK):
            yield before + piece
            before = piece[-_OVERLAP:]
