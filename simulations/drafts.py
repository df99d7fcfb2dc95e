"""A demo world's folder while it is filled: built beside its place, and renamed when it is whole.

A stopped start leaves nothing half made, so nothing waits for the disk before the end.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from engine import boot
from engine.boot.worlds import WorldExists
from engine.kernel import clock, database, ids, passwords
from engine.kernel.reader import Hashing

_PASSWORD_BYTES = 9


@contextlib.contextmanager
def begun(path: Path) -> Iterator[Path]:
    """An empty place beside `path`, which is renamed to it unless what fills it fails.

    Raises: WorldExists.
    """
    if (path / "world.toml").exists():
        raise WorldExists(file=str(path), problem="choose another folder")
    draft = path.with_name(f".{path.name}.new")
    if draft.exists():
        shutil.rmtree(draft)
    yield draft
    draft.rename(path)


@contextlib.contextmanager
def opened(draft: Path, start_ms: int, *, hashing: Hashing | None = None) -> Iterator[boot.World]:
    """The world in a draft on a clock of its own; all of it is in its file, and on the disk, then."""
    world = boot.open_world(
        draft, the_clock=clock.ManualClock(start_ms), hashing=hashing, waits_for_disk=False
    )
    try:
        yield world
    finally:
        db = world.engine.parts.db
        if isinstance(db, database.SqliteDatabase):
            db.checkpoint()
        world.close()
        boot.worlds.pop(world.id, None)


def new_password(login: str) -> str:
    """One that its login doesn't stand in: a short login does, now and then, in what chance writes."""
    while True:
        password = ids.token(ids.system_entropy, _PASSWORD_BYTES)
        with contextlib.suppress(passwords.PasswordContainsLogin):
            passwords.check(password, login)
            return password
