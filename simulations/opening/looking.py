"""Looking at a finished run: the world of a shard over the very file that the run left.

The world has the keys that the run had, which come from its seed, and a clock that stands at the run's
end. It is registered under an address of its own, so that pictures and files are found, and never under
the world's id: two runs of one scenario have the same.
"""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from engine import boot
from engine.boot import World
from engine.boot.worlds import frozen_world
from engine.kernel import database, errors, events
from simulations import shards
from simulations.runs import plan as plans
from simulations.runs.folder import Folder
from simulations.shards import Spec

# So many worlds are kept open at once; each has its keys and its connections.
_MOST = 4
_guard = threading.Lock()


class NothingKept(errors.NotFound):
    """The run “{run}” has no data of shard {shard}. A run can be opened once that shard is finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A shard of a run that somebody looks at."""

    run: str
    replication: int
    shard: int
    shards: int
    ends_at: int
    world: World


_open: OrderedDict[tuple[str, int, int], Opened] = OrderedDict()


def spec_of(folder: Path, shard: int = 0, replication: int = 0) -> Spec:
    """What a shard of the run in a folder was computed from.

    Raises: NoRun, PlanWrong, NothingKept where the plan has no such shard.
    """
    for spec in Folder(folder).plan().specs(folder):
        if (spec.replication, spec.shard) == (replication, shard):
            return spec
    raise NothingKept(what="shard", run=folder.name, shard=shard)


def shards_of(folder: Path) -> list[tuple[int, int]]:
    """(replication, shard) of everything that the run in a folder has left to look at.

    Raises: NoRun, PlanWrong.
    """
    return [
        (spec.replication, spec.shard)
        for spec in Folder(folder).plan().specs(folder)
        if file_of(spec).is_file()
    ]


def file_of(spec: Spec) -> Path:
    """Where a shard's database is."""
    return spec.out / shards.world_name(spec.shard)


def open_read_only(folder: Path, shard: int = 0, replication: int = 0) -> World:
    """The world of a shard of the run in a folder, to look at.

    Raises: NoRun, PlanWrong, NothingKept, MadeByAnother.
    """
    return opened(folder, shard, replication).world


def opened(folder: Path, shard: int = 0, replication: int = 0) -> Opened:
    """What `open_read_only` opens, with where it comes from; the same one while its file is the same.

    Raises: NoRun, PlanWrong, NothingKept, MadeByAnother.
    """
    path = (plans.place(folder, replication) / shards.world_name(shard)).resolve()
    try:
        found = path.stat()
    except FileNotFoundError as problem:
        spec_of(folder, shard, replication)
        raise NothingKept(what="shard", run=folder.name, shard=shard) from problem
    # By the file itself: a run that was begun anew under the old name is another one.
    key = (str(path), found.st_ino, found.st_mtime_ns)
    with _guard:
        if key in _open:
            _open.move_to_end(key)
            return _open[key]
        made = _open_anew(folder, spec_of(folder, shard, replication), path)
        _open[key] = made
        boot.worlds[made.world.id] = made.world
        while len(_open) > _MOST:
            _forget(_open.popitem(last=False)[1])
        return made


def _open_anew(folder: Path, spec: Spec, path: Path) -> Opened:
    world = frozen_world(
        path,
        world_id=spec.world_id,
        seed=spec.world_seed,
        start=spec.scenario.start_ms,
        now_ms=_end(folder, spec, path),
    )
    own = hashlib.sha256(str(path).encode()).hexdigest()[:10]
    return Opened(
        run=folder.name,
        replication=spec.replication,
        shard=spec.shard,
        shards=spec.scenario.shards,
        ends_at=world.engine.now(),
        world=dataclasses.replace(world, id=f"run-{own}"),
    )


def _end(folder: Path, spec: Spec, path: Path) -> int:
    """Where the clock stands: at the run's end, or where a broken one stopped."""
    done = {(one.replication, one.shard) for one in Folder(folder).outcomes()}
    if (spec.replication, spec.shard) in done:
        return spec.scenario.end_ms
    db = database.FrozenDatabase(path)
    try:
        with db.read() as connection:
            return events.head(connection).occurred_at
    finally:
        db.close()


def close_all() -> None:
    """Close every run that is looked at."""
    with _guard:
        while _open:
            _forget(_open.popitem()[1])


def _forget(one: Opened) -> None:
    boot.worlds.pop(one.world.id, None)
    one.world.close()
