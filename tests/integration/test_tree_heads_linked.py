"""Every signed head names the one before: none is taken out of their row, exchanged or written anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.boot import World
from engine.evidence import growing
from engine.evidence.verifier.heads import TreeHead
from engine.kernel import clock
from tests.support import heads as support
from tests.support import worlds

pytestmark = pytest.mark.row("AUD-1")
Rows = list[TreeHead]


@pytest.fixture
def kept(file_world: World, tmp_path: Path) -> World:
    """A world with four signed heads."""
    made = support.with_heads(file_world, tmp_path)
    for number in range(4):
        worlds.clock_of(made).advance(clock.MINUTE)
        support.write(made, number)
        growing.grow(made.engine.parts)
    return made


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda rows: [rows[0], *rows[2:]],
        lambda rows: [rows[0], rows[2], rows[1], rows[3]],
        lambda rows: [rows[0], dataclasses.replace(rows[1], root=rows[0].root), *rows[2:]],
        lambda rows: [rows[0], dataclasses.replace(rows[1], timestamp=1), *rows[2:]],
    ],
    ids=["taken out", "exchanged", "another root", "another time"],
)
def test_a_row_of_heads_that_somebody_changed_is_told(
    kept: World, spoilt: Callable[[Rows], Rows]
) -> None:
    rows = support.heads(kept)
    assert support.checked(kept).breaks == ()
    support.folder_of(kept).file.write_bytes(b"".join(one.line() + b"\n" for one in spoilt(rows)))
    told = support.texts(support.checked(kept))
    assert any("does not name the head before it" in one for one in told), told
