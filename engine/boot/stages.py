"""Stages: throw-away demo worlds that a process serves beside its own, each a folder with its own database.

A world is a stage by where it lies and by its id, and never by what it says of itself: what is offered on
stages alone (`engine/http/lending`) is offered nowhere else. Only a demo world's process has any.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from pathlib import Path

from engine import boot
from engine.boot.world import World
from engine.kernel.reader import Hashing

_ID = re.compile(r"stage-[a-z0-9]{12}")
# Its people are made up and gone tomorrow: a guess of their PINs may be cheap, and their steps quick.
_HASHING = Hashing(memory_kib=8 * 1024, passes=1)
# Who opens or closes one holds it, so that nobody meets a stage whose files are being changed.
_guard = threading.RLock()


def is_id(world_id: str) -> bool:
    """Whether a stage could be called so."""
    return _ID.fullmatch(world_id) is not None


def folder() -> Path | None:
    """Where this process's stages are: beside its own world, in a folder for that; None if it has none."""
    own = boot.current()
    if own.kind != "demo" or own.path is None:
        return None
    return own.path.resolve().parent / "stages" / own.id


def find(world_id: str) -> World | None:
    """The stage of an id, opened where it was not, as after a restart of the process."""
    place = folder() if is_id(world_id) else None
    if place is None:
        return None
    with _guard:
        found = boot.worlds.get(world_id)
        if found is None and (place / world_id / "world.toml").is_file():
            found = boot.open_world(place / world_id, hashing=_HASHING)
        return found if found is not None and is_stage(found) else None


def is_stage(world: World) -> bool:
    """Whether a world is a stage of this process."""
    place = folder()
    return (
        place is not None
        and is_id(world.id)
        and world.kind == "demo"
        and world.path is not None
        and world.path.resolve() == (place / world.id).resolve()
    )


def served(world_id: str) -> World | None:
    """The world that browsers reach under an id: the process's own, or one of its stages."""
    own = boot.current()
    return own if own.id == world_id else find(world_id)


@contextlib.contextmanager
def closed(world_id: str) -> Iterator[None]:
    """Keep a stage closed while its files are changed; whoever asks for it meanwhile waits."""
    with _guard:
        found = boot.worlds.pop(world_id, None)
        if found is not None:
            found.close()
        yield
