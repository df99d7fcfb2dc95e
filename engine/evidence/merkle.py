"""The Merkle tree over the event log (RFC 9162 2.1) with all its nodes: it grows, and it proves.

A tree only ever gets more complete nodes, and each has its place from the first: a level is a file to which
nodes are appended. So growing by n events costs n, and a proof a few reads, however long the log is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from engine.evidence.verifier.tree import EMPTY, above, joined

_WIDTH = 32


class Nodes(Protocol):
    """Where the complete nodes of a tree are: by level (leaves: 0) and place in it."""

    def read(self, level: int, place: int) -> bytes:
        """One node; fewer than 32 bytes where it is not there."""

    def write(self, level: int, place: int, nodes: Sequence[bytes]) -> None:
        """Nodes of a level from this place on; what stood there goes."""


class Kept:
    """Nodes in memory."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = []

    def read(self, level: int, place: int) -> bytes:
        """One node."""
        return self._levels[level][place]

    def write(self, level: int, place: int, nodes: Sequence[bytes]) -> None:
        """Nodes of a level from this place on."""
        if level == len(self._levels):
            self._levels.append([])
        self._levels[level][place:] = nodes


class Files:
    """Nodes in a folder, a file for each level. Lost or torn files are made anew from the log."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _file(self, level: int) -> Path:
        return self._folder / f"level-{level:02d}"

    def read(self, level: int, place: int) -> bytes:
        """One node, or less where the file ends before."""
        try:
            with self._file(level).open("rb", buffering=0) as file:
                file.seek(place * _WIDTH)
                return file.read(_WIDTH)
        except FileNotFoundError:
            return b""

    def write(self, level: int, place: int, nodes: Sequence[bytes]) -> None:
        """Nodes of a level from this place on."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._file(level)
        path.touch()
        with path.open("r+b", buffering=0) as file:
            file.truncate(place * _WIDTH)
            file.seek(place * _WIDTH)
            file.write(b"".join(nodes))

    def leaves(self, begin: int, end: int) -> list[bytes]:
        """The leaves from one place up to another, as far as they are there."""
        try:
            with self._file(0).open("rb") as file:
                file.seek(begin * _WIDTH)
                found = file.read((end - begin) * _WIDTH)
        except FileNotFoundError:
            return []
        return [found[at : at + _WIDTH] for at in range(0, len(found), _WIDTH)]


def _split(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << ((count - 1).bit_length() - 1)


class Tree:
    """The tree of `size` leaves over the nodes that are there of it."""

    def __init__(self, nodes: Nodes, size: int = 0) -> None:
        self._nodes, self.size = nodes, size

    @classmethod
    def of(cls, leaves: Sequence[bytes]) -> Tree:
        """The tree of some leaves, in memory."""
        made = cls(Kept())
        made.extend(leaves)
        return made

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaves at the right, with every node that becomes complete by them."""
        nodes, start, level = list(leaves), self.size, 0
        while nodes:
            self._nodes.write(level, start, nodes)
            if start % 2:
                start -= 1
                nodes.insert(0, self._nodes.read(level, start))
            nodes, start, level = above(nodes), start // 2, level + 1
        self.size += len(leaves)

    def _over(self, begin: int, end: int) -> bytes:
        """The node over the leaves from one to another: that of a tree of its own."""
        if begin == end:
            return EMPTY
        count = end - begin
        if count & (count - 1) == 0:
            return self._nodes.read(count.bit_length() - 1, begin // count)
        middle = begin + _split(count)
        return joined(self._over(begin, middle), self._over(middle, end))

    def root(self, size: int | None = None) -> bytes:
        """The root, of the whole tree or of its first leaves."""
        return self._over(0, self.size if size is None else size)

    def path(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that the leaf with this index (from 0) is among the first `size` (RFC 9162 2.1.3.1)."""
        begin, end, made = 0, self.size if size is None else size, []
        while end - begin > 1:
            middle = begin + _split(end - begin)
            if index < middle:
                made.append(self._over(middle, end))
                end = middle
            else:
                made.append(self._over(begin, middle))
                begin = middle
        return made[::-1]

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """The proof that the first `first` leaves are the beginning of the first `second` (2.1.4.1)."""
        begin, end, made = 0, self.size if second is None else second, []
        if not 0 < first < end:
            return []
        while first != end:
            middle = begin + _split(end - begin)
            if first <= middle:
                made.append(self._over(middle, end))
                end = middle
            else:
                made.append(self._over(begin, middle))
                begin = middle
        if begin:
            made.append(self._over(begin, end))
        return made[::-1]
