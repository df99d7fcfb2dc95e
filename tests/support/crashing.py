"""Kill a process at every Python line of an action, and look at what it left.

The action runs in a forked child over its own copy of an SQLite file. A first child records the lines
that it passes; then one child after the other is killed (SIGKILL) just before one of them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from engine.boot import World
from engine.kernel import actors, database, ids, migrating
from engine.kernel.engine import Engine
from tests.support import counting

Line = tuple[str, int]
_OURS = str(migrating.ENGINE)


@dataclasses.dataclass(frozen=True)
class Act:
    """An action with everything that performing it needs."""

    action: Callable[..., Any]
    arguments: dict[str, Any]
    actor: actors.Actor
    key: str = "the-act"


@contextlib.contextmanager
def over(world: World, path: Path, chance: str = "operations") -> Iterator[World]:
    """The same world over another database file, with entropy of its own that is always the same.

    Processes one after the other over one file need a `chance` each: no two of them draw the same ids.
    """
    parts = dataclasses.replace(
        world.engine.parts,
        db=database.SqliteDatabase(path),
        entropy=ids.seeded("crash", chance),
    )
    yield dataclasses.replace(world, engine=Engine(parts))
    parts.db.close()


@contextlib.contextmanager
def copy_of(base: Path) -> Iterator[Path]:
    """A copy of a database at rest, in a folder that goes away afterwards."""
    with tempfile.TemporaryDirectory(dir=base.parent) as folder:
        yield Path(shutil.copy(base, folder))


def forked(work: Callable[[], None]) -> int:
    """Do something in a process of its own; its id. It ends with 0 where that raised nothing."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return pid


def _tracer(passed: list[Line], kill_at: int) -> Callable[[FrameType, str, Any], Any]:
    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(_OURS):
            return None
        if event == "line":
            passed.append((frame.f_code.co_filename, frame.f_lineno))
            if len(passed) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def run(world: World, path: Path, act: Act, kill_at: int = 0) -> tuple[bool, list[Line]]:
    """Perform in a child; whether it reported success, and the lines it passed (when not killed)."""
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            passed: list[Line] = []
            with over(world, path) as own:
                sys.settrace(_tracer(passed, kill_at))
                own.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
                sys.settrace(None)
            with os.fdopen(send, "w") as pipe:
                pipe.write("done\n" + "".join(f"{file}\t{line}\n" for file, line in passed))
            status = 0
        finally:
            os._exit(status)
    os.close(send)
    with os.fdopen(receive) as pipe:
        told = pipe.read().splitlines()
    ended = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(ended) or os.waitstatus_to_exitcode(ended) == 0, "the act itself failed"
    lines = [(part[0], int(part[1])) for part in (line.split("\t") for line in told[1:])]
    return told[:1] == ["done"], lines


def moments(lines: Sequence[Line], *, every: bool) -> list[int]:
    """Where to kill: before each line passed, or only before the first pass of each line."""
    if every:
        return list(range(1, len(lines) + 1))
    seen: set[Line] = set()
    return [
        number
        for number, line in enumerate(lines, start=1)
        if not (line in seen or seen.add(line))  # type: ignore[func-returns-value]
    ]


def spread(lines: Sequence[Line], wanted: int) -> list[int]:
    """As many moments, evenly spread: first of all one before each line, then before its other passes.

    Where a share of the full counts is asked for, no line is left out, however small the share.
    """
    first = moments(lines, every=False)
    if counting.SHARE:
        wanted = max(wanted, len(first))
    if wanted <= len(first):
        return _evenly(first, wanted)
    others = sorted(set(range(1, len(lines) + 1)) - set(first))
    return sorted(first + _evenly(others, min(wanted - len(first), len(others))))


def _evenly(found: Sequence[int], wanted: int) -> list[int]:
    """So many of them, the first and the last among them."""
    return [found[place * (len(found) - 1) // max(1, wanted - 1)] for place in range(wanted)]
