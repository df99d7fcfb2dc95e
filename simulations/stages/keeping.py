"""What of a stage is in files: how far its story has come, what browsers are handed, and the marks.

A mark is a copy of all that changes (database, phones, state), made after each step; going back puts one in
place. Blobs are only ever added, so a mark needs none of its own.
"""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.boot import World, stages
from engine.http import handing_over
from engine.kernel import database
from simulations.background.folder import read_json, write_json
from simulations.stories import Persona, Story

STATE, DATABASE, HANDSETS, MARKS = "stage.json", "yinxin.sqlite3", "handsets", "marks"


@dataclass
class State:
    """How far a story has come.

    `starts[n]` is the event after which step n began; `turns` grows whenever the apps beside have to be
    drawn anew; `view` is what they show.
    """

    story: str
    made_at: int
    at: int = 0
    starts: list[int] = field(default_factory=lambda: [0])
    by_hand: list[int] = field(default_factory=list)
    turns: int = 0
    view: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    cast: dict[str, dict[str, Any]] = field(default_factory=dict)


def read(folder: Path) -> State | None:
    """The state in a stage's folder; None where there is none that this version understands."""
    found = read_json(folder / STATE)
    try:
        return None if found is None else State(**found)
    except TypeError:
        return None


def write(folder: Path, state: State) -> None:
    """Write the state down whole or not at all."""
    write_json(folder / STATE, dataclasses.asdict(state))


def hand_over(world: World, story: Story, cast: dict[str, Persona]) -> None:
    """Say what a browser gets that takes the part of a persona (`engine/http/handing_over`)."""
    assert world.path is not None
    phones = {
        story.part(who).phone: {"token": one.token, "join": one.invitation}
        for who, one in cast.items()
    }
    pcs = {
        who: {
            "platform": one.platform_id,
            "nonce": one.nonce,
            "session": one.browser.token,
            "account": one.mall_account_id,
        }
        for who, one in cast.items()
    }
    place = world.path / handing_over.FILE
    write_json(place, {"phones": phones, "pcs": pcs})
    place.chmod(0o600)


def mark(world: World, number: int) -> None:
    """Keep everything as it is now."""
    assert world.path is not None
    place = world.path / MARKS / str(number)
    shutil.rmtree(place, ignore_errors=True)
    (place / HANDSETS).mkdir(parents=True)
    db = world.engine.parts.db
    assert isinstance(db, database.SqliteDatabase)
    db.backup_to(place / DATABASE)
    for phone in (world.path / HANDSETS).glob("*.sqlite3"):
        with _opened(phone) as kept:
            kept.backup_to(place / HANDSETS / phone.name)
    for name in (STATE, handing_over.FILE):
        shutil.copy2(world.path / name, place / name)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[database.SqliteDatabase]:
    db = database.SqliteDatabase(path)
    try:
        yield db
    finally:
        db.close()


def go_back(folder: Path, number: int) -> None:
    """Put everything as it was at a mark; later marks are forgotten. The stage's world is opened anew."""
    place = folder / MARKS / str(number)
    with stages.closed(folder.name):
        for changed in (folder / DATABASE, *(folder / HANDSETS).glob("*.sqlite3")):
            for end in ("", "-wal", "-shm"):
                changed.with_name(changed.name + end).unlink(missing_ok=True)
        shutil.copy2(place / DATABASE, folder / DATABASE)
        for phone in (place / HANDSETS).iterdir():
            shutil.copy2(phone, folder / HANDSETS / phone.name)
        for name in (STATE, handing_over.FILE):
            shutil.copy2(place / name, folder / name)
    for later in (folder / MARKS).iterdir():
        if int(later.name) > number:
            shutil.rmtree(later)


def forget(folder: Path) -> None:
    """Close a stage and delete everything of it."""
    with stages.closed(folder.name):
        shutil.rmtree(folder, ignore_errors=True)
