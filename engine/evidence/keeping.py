"""Signed tree heads kept outside the database: one line after the other in a file that only grows.

`heads.jsonl` in the folder of heads is the truth; the tree's nodes beside it only save work and are made
anew where they do not lead to the newest head's root. One process at a time writes, by a lock on the
folder. The world keeps a note of its newest head besides, so that a folder that was lost, put back to an
older state or not mounted shows as that, and not as one that was never there.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.evidence import merkle
from engine.evidence.verifier.heads import TreeHead, parse
from engine.kernel.reader import Parts

FILE = "heads.jsonl"
_TAIL = 16_384


class HeadFolder:
    """The heads of one log."""

    def __init__(self, path: Path, note: Path) -> None:
        self.path, self.note = path, note

    @property
    def file(self) -> Path:
        """The heads, a line each."""
        return self.path / FILE

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else writes meanwhile, in this process or another; makes the folder."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _end(self, most: int) -> bytes:
        """The last whole lines of the file: a line that was torn by a crash was never a head."""
        try:
            with self.file.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - most))
                found = file.read()
        except FileNotFoundError:
            return b""
        if size > most:
            found = found.partition(b"\n")[2]
        return found[: found.rfind(b"\n") + 1]

    def newest(self) -> TreeHead | None:
        """The newest head, or None. Raises ValueError for a file of something else."""
        lines = self._end(_TAIL).splitlines()
        return parse(lines[-1]) if lines else None

    def last(self, most: int) -> list[TreeHead]:
        """The newest heads, newest first, at most so many."""
        lines = self._end(most * 1_024).splitlines()[-most:]
        return [parse(line) for line in reversed(lines)]

    def every(self) -> Iterator[TreeHead]:
        """Every head, oldest first. Raises ValueError for a line that is none."""
        if not self.file.exists():
            return
        with self.file.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield parse(line[:-1])

    def noted(self) -> TreeHead | None:
        """The newest head by the world's own note, or None where it has none that can be read."""
        try:
            return parse(self.note.read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def append(self, head: TreeHead) -> None:
        """Keep a head: on the disk when this returns. Only under the lock."""
        fresh = not self.file.exists()
        with self.file.open("a+b", buffering=0) as file:
            _cut_torn_line(file)
            file.write(head.line() + b"\n")
            os.fsync(file.fileno())
        if fresh:
            _sync(self.path)
        draft = self.note.with_name(f".{self.note.name}.new")
        draft.write_bytes(head.line())
        draft.replace(self.note)

    def nodes(self) -> merkle.Files:
        """The nodes of the tree."""
        return merkle.Files(self.path / "tree")

    def new_nodes(self) -> merkle.Files:
        """Where the nodes are made anew, beside those that are there."""
        shutil.rmtree(self.path / "tree.new", ignore_errors=True)
        return merkle.Files(self.path / "tree.new")

    def take_new_nodes(self) -> None:
        """Put the nodes that were made anew in the place of those that are there."""
        shutil.rmtree(self.path / "tree", ignore_errors=True)
        (self.path / "tree.new").rename(self.path / "tree")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cut_torn_line(file: io.FileIO) -> None:
    """Take away what a crash left after the last whole line."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    found = file.read()
    file.truncate(size - len(found) + found.rfind(b"\n") + 1)


def folder_of(parts: Parts) -> HeadFolder | None:
    """Where a world's heads are; None for one in memory, and for a run that is only looked at."""
    if parts.heads is None or parts.head_note is None or parts.db.frozen:
        return None
    return HeadFolder(parts.heads, parts.head_note)
