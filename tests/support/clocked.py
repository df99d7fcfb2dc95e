"""Demo worlds whose machine clock stands still, populated once and copied for who moves the clock."""

from __future__ import annotations

import contextlib
import functools
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from engine import boot
from engine.boot.worlds import QUICK_HASHING
from engine.kernel import actors, clock, ids
from simulations import states

START = 1_780_272_000_000
MOVER = actors.System(job="test")


class ByInstant:
    """Chance that depends on the instant alone: cutting a jump takes nothing from what follows."""

    def __init__(self, the_clock: clock.ManualClock) -> None:
        self._clock, self._drawn = the_clock, Counter[int]()
        self.world: boot.World | None = None

    def __call__(self, n: int, /) -> bytes:
        """The next bytes of this instant."""
        now = self._clock.now_ms() if self.world is None else self.world.engine.now()
        self._drawn[now] += 1
        return ids.seeded(now, f"drawn {self._drawn[now]}")(n)


@contextlib.contextmanager
def opened(folder: Path, now_ms: int) -> Iterator[boot.World]:
    """The demo world of a folder at an instant; only its shift moves."""
    the_clock = clock.ManualClock(now_ms)
    chance = ByInstant(the_clock)
    world = boot.open_world(folder, the_clock=the_clock, entropy=chance, hashing=QUICK_HASHING)
    chance.world = world
    try:
        yield world
    finally:
        boot.worlds.pop(world.id, None)
        world.close()


@functools.cache
def populated(wanted: tuple[str, ...], seed: int) -> tuple[Path, int]:
    """A closed demo world with somebody in each of these states, and its instant."""
    folder = Path(tempfile.mkdtemp()) / "demo"
    boot.create_world(folder, kind="demo", world_id="demo", reference_ms=START)
    with opened(folder, START) as world:
        for one in wanted:
            for _ in states.each(world, one, 1, seed):
                pass
        return folder, world.engine.now()


@contextlib.contextmanager
def copied(wanted: tuple[str, ...], seed: int = 1) -> Iterator[boot.World]:
    """A copy of one's own of a populated world."""
    folder, now = populated(wanted, seed)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "demo"
        shutil.copytree(folder, copy)
        with opened(copy, now) as world:
            yield world
