"""Whoever makes a tree head is killed before each line: no head is lost, none is half."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.boot import World
from engine.evidence import growing
from engine.evidence.verifier.heads import parse
from engine.kernel import clock
from tests.support import crashing, worlds
from tests.support import heads as support


def _grow(world: World, told: int, kill_at: int) -> None:
    """Make a head, tell its digest, and be killed before a line (never, for 0)."""
    passed: list[crashing.Line] = []
    sys.settrace(crashing._tracer(passed, kill_at))
    head = growing.grow(world.engine.parts)
    sys.settrace(None)
    os.write(told, head.digest().encode())
    if not kill_at:
        os.write(told, b"\n" + "".join(f"{f}\t{n}\n" for f, n in passed).encode())


def _child(world: World, kill_at: int) -> tuple[str, list[crashing.Line]]:
    """What a child that makes a head told before it ended: the head's digest, and its lines."""
    receive, send = os.pipe()
    pid = crashing.forked(lambda: _grow(world, send, kill_at))
    os.close(send)
    with os.fdopen(receive) as pipe:
        told = pipe.read().splitlines()
    os.waitpid(pid, 0)
    lines = [(part[0], int(part[1])) for part in (line.split("\t") for line in told[1:])]
    return (told[0] if told else ""), lines


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize("begun", ["with heads", "at the first"])
def test_a_killed_head_is_whole_or_not_there(
    file_world: World, tmp_path: Path, count: Callable[[int, int], int], begun: str
) -> None:
    kept = support.with_heads(file_world, tmp_path / "kept")
    if begun == "with heads":
        growing.grow(kept.engine.parts)
        worlds.clock_of(kept).advance(clock.MINUTE)
        support.write(kept, 1)
    (tmp_path / "kept").mkdir(exist_ok=True)
    before = support.heads(kept)

    def again() -> World:
        shutil.rmtree(tmp_path / "tried", ignore_errors=True)
        shutil.copytree(tmp_path / "kept", tmp_path / "tried")
        return support.with_heads(file_world, tmp_path / "tried")

    _, lines = _child(again(), 0)
    assert len(lines) > 100
    lost = half = 0
    for moment in crashing.spread(lines, count(30, 600)):
        tried = again()
        told, _ = _child(tried, moment)
        found = support.heads(tried)
        lost += bool(told) and found[-1].digest() != told
        lost += found[: len(before)] != before
        half += not growing.signed(tried.engine.parts, found[-1]) if found else 0
        # The next one who looks goes on as if nothing had happened.
        growing.require_sound(tried.engine.parts)
        head = growing.grow(tried.engine.parts)
        lines_kept = support.folder_of(tried).file.read_bytes().splitlines()
        assert [parse(line) for line in lines_kept][-1] == head
        assert head.size == support.size(tried)
        checked = support.checked(tried)
        assert (checked.breaks, checked.young) == ((), 0)
    assert (lost, half) == (0, 0)
