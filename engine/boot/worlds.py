"""A world: a folder with a database, blobs, keys, a clock and `world.toml`; or all of it in memory.

The kind is written once. A production world has a system clock and CSPRNG entropy, refuses clock jumps
and needs roots made by `yinxin ceremony`; demo and run roots say TEST (decisions 5 and 6).
"""

from __future__ import annotations

import os
from pathlib import Path

from engine.boot import ceremonies, joining, keys_kept, tables
from engine.boot.world import World, WorldFile
from engine.kernel import (
    actors,
    catalog,
    clock,
    database,
    errors,
    ids,
    migrating,
    vault,
)
from engine.kernel.reader import Hashing, WorldKind
from engine.policies import actions as policy_actions
from engine.policies import queries as policies
from engine.providers import messages
from engine.trusting import jobs as trusting

DEFAULT_URL = "http://127.0.0.1:8501"
# Enough to keep hashing honest and a population quick; said in a run's manifest.
QUICK_HASHING = Hashing(memory_kib=64, passes=1)


class WorldExists(errors.ConfigurationError):
    """There already is a world in {file}: {problem}"""


# The open worlds of this process, by id.
worlds: dict[str, World] = {}


def memory_world(
    *,
    seed: int = 1,
    start: int = 1_780_272_000_000,
    world_id: str = "run",
    db: database.Database | None = None,
) -> World:
    """A throw-away run world in memory (or over a given empty database), all of it seeded.

    `start` is the first instant of its manual clock (default 2026-06-01 08:00 in Shanghai).
    """
    own = db or database.SqliteDatabase(None)
    migrating.migrate(own, tables.STAGES)
    world = _of_run(run_file(world_id, seed, start), own, start)
    world.engine.perform(policy_actions.seed, {}, actor=actors.System(job="setup"))
    trusting.publish_due(world)
    worlds[world.id] = world
    return world


def run_file(world_id: str, seed: int, start: int) -> WorldFile:
    """What stands for `world.toml` in a run's world."""
    return WorldFile(
        id=world_id,
        kind="run",
        public_url=DEFAULT_URL,
        seed=seed,
        engine_version=tables.ENGINE_VERSION,
        database="memory",
        reference_ms=start,
    )


def run_keys(file: WorldFile) -> tuple[vault.Keyring, keys_kept.Pki]:
    """The secrets and the PKI of a run's world: the same ones for the same seed."""
    return (
        vault.Keyring.fresh(ids.seeded(file.seed, "keyring")),
        keys_kept.make(file, file.reference_ms, ids.seeded(file.seed, "pki")),
    )


def _of_run(file: WorldFile, db: database.Database, now_ms: int) -> World:
    keyring, pki = run_keys(file)
    return joining.join(
        file=file,
        path=None,
        db=db,
        keyring=keyring,
        pki=pki,
        the_clock=clock.ManualClock(now_ms),
        entropy=ids.seeded(file.seed, "operations"),
        hashing=QUICK_HASHING,
    )


def frozen_world(path: Path, *, world_id: str, seed: int, start: int, now_ms: int) -> World:
    """The world of a finished run over the file it left: to look at, with its clock standing still.

    Nothing can happen in it: the database refuses every write, and the engine every act before it begins.
    Raises: MadeByAnother.
    """
    db = database.FrozenDatabase(path)
    migrating.require_current(db, tables.STAGES, path.name)
    return _of_run(run_file(world_id, seed, start), db, now_ms)


def create_world(
    path: Path,
    *,
    kind: WorldKind,
    world_id: str,
    public_url: str = DEFAULT_URL,
    seed: int = 0,
    reference_ms: int | None = None,
    address: str = "sqlite",
) -> None:
    """Make a world's folder: keys, PKI (demo and run), database and settings of version 1.

    Raises: WorldExists; ConfigurationError for a production world whose ceremony was not held.
    """
    if (path / "world.toml").exists():
        raise WorldExists(file=str(path), problem="choose another folder")
    if kind == "production":
        # Refused before anything is written: what is missing can't be made here.
        keys_kept.require_ceremony(path)
        messages.require_simulated(kind)
    start = clock.SystemClock().now_ms() if reference_ms is None else reference_ms
    file = WorldFile(
        id=world_id,
        kind=kind,
        public_url=public_url,
        seed=seed,
        engine_version=tables.ENGINE_VERSION,
        database=address,
        reference_ms=start,
    )
    path.mkdir(parents=True, exist_ok=True)
    vault.Keyring.fresh(ids.system_entropy).save(path / "keys")
    if kind != "production":
        keys_kept.save(path, keys_kept.make(file, start, ids.system_entropy))
    draft = write_file(path, file, name="world.toml.new")
    world = open_world(path, file_name=draft.name, the_clock=clock.ManualClock(start))
    world.close()
    worlds.pop(world.id, None)
    draft.rename(path / "world.toml")


def write_file(path: Path, file: WorldFile, *, name: str = "world.toml") -> Path:
    """Write a world's own file into its folder."""
    lines = [
        f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"'
        for key, value in file.model_dump().items()
    ]
    place = path / name
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


def open_world(
    path: Path,
    *,
    file_name: str = "world.toml",
    the_clock: clock.Clock | None = None,
    entropy: ids.Entropy | None = None,
    hashing: Hashing | None = None,
    waits_for_disk: bool = True,
) -> World:
    """Open the world in a folder and bring its database up to date.

    Without `waits_for_disk` what is written to SQLite is lost with the machine's power, up to a checkpoint:
    for a folder that is thrown away unless it gets done.
    Raises: ConfigurationError for a wrong `world.toml`, missing keys, or what production refuses.
    """
    file = catalog.load(path / file_name, WorldFile)
    if file.kind == "production" and (the_clock or entropy or hashing or not waits_for_disk):
        raise errors.ConfigurationError(
            file=file_name,
            problem="a production world has its own clock, entropy and hashing, and waits for its disk",
        )
    pki = keys_kept.load(path, file)
    if file.kind == "production":
        ceremonies.require_own_roots(path, file, pki.roots)
    address = os.environ.get("YINXIN_DATABASE", file.database)
    db = database.open_database(
        str(path / "yinxin.sqlite3") if address == "sqlite" else address,
        synchronous="FULL" if waits_for_disk else "OFF",
    )
    migrating.migrate(db, tables.STAGES)
    if not tables.any_shares(db):
        # With shares there, a file that is missing was lost: a new one in its place would hide that.
        vault.add_later(path / "keys", ids.system_entropy)
    world = joining.join(
        file=file,
        path=path,
        db=db,
        keyring=vault.Keyring.load(path / "keys"),
        pki=pki,
        the_clock=the_clock or clock.SystemClock(),
        entropy=entropy or ids.system_entropy,
        hashing=hashing or Hashing(),
    )
    # Settings of a kind that came with a newer engine than the world was made by (or of all kinds).
    setup = actors.System(job="setup")
    if world.engine.ask(policies.unknown_kinds, setup):
        world.engine.perform(policy_actions.seed, {}, actor=setup)
    trusting.publish_due(world)
    worlds[world.id] = world
    return world


def current() -> World:
    """The process's world: `YINXIN_WORLD`, by default `data/var/demo`; opened once."""
    path = Path(os.environ.get("YINXIN_WORLD", catalog.DATA / "var" / "demo"))
    for world in worlds.values():
        if world.path == path:
            return world
    return open_world(path)
