"""Taking up what a run has left as a demo world: its folder, its keys on disk, its clock, its next keys.

What was sealed and signed in the run stays so, under keys that come from the run's seed: whoever knows
the seed can make them again, and says so of them "TEST". From here on nothing new is under those: the
key-encryption key and that of the server's shares are changed, and root and agencies get their next keys
from the machine's own chance (decision 5: what a demo world issues never comes from a seeded stream).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.boot import hierarchy, key_changes, keys_kept, rotation, tables
from engine.boot.world import World, WorldFile
from engine.boot.worlds import run_keys, write_file
from engine.kernel import actors, blobs, database, ids, migrating
from engine.kernel.operation import Operation
from engine.pki.transcript import Roles

_BATCH = 200
_NOBODY = Roles(
    administrator="yinxin runs adopt",
    custodian="a demonstration: nobody",
    witnesses=("nobody (1)", "nobody (2)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKeys:
    """Keys that an adopted world got, as its log is told of them."""

    kind: str
    label: str
    digest: str


def settle(
    path: Path, left: Path, *, run: WorldFile, demo: WorldFile, now_ms: int
) -> tuple[NewKeys, ...]:
    """Make a demo world's folder out of the database that a run's world has left; its next keys.

    `now_ms` is where the run's clock stood. Raises: MigrationChanged.
    """
    path.mkdir(parents=True)
    _database(path, left)
    keyring, pki = run_keys(run)
    keyring.save(path / "keys")
    keys_kept.save(path, pki)
    old = keys_kept.offline_root(path, demo, path / "offline", None)
    root = key_changes.roll_root(
        path,
        demo,
        old=old,
        roles=_NOBODY,
        now=now_ms,
        entropy=ids.system_entropy,
        passphrase=None,
    )
    found = [NewKeys(kind="root.rolled", label=root.label, digest=root.transcript.sha256)]
    new = keys_kept.offline_root(path, demo, path / "offline", None)
    for name in hierarchy.declared_agencies():
        held = key_changes.rotate_agency(
            path, demo, name, root=new, roles=_NOBODY, now=now_ms, entropy=ids.system_entropy
        )
        told = held.transcript.sha256
        found.append(NewKeys(kind="authority.rotated", label=held.label, digest=told))
    write_file(path, demo)
    return tuple(found)


def _database(path: Path, left: Path) -> None:
    """A copy without the files that a world in memory keeps in its database: those go into a folder."""
    place, whole = path / "yinxin.sqlite3", path / "whole.sqlite3"
    whole.write_bytes(left.read_bytes())
    db = database.SqliteDatabase(whole)
    try:
        migrating.migrate(db, tables.STAGES)
        folder = blobs.FolderBlobs(path / "blobs")
        while _some_moved(db, folder):
            pass
        db.backup_to(place)
    finally:
        db.close()
    for one in path.glob("whole.sqlite3*"):
        one.unlink()


def _some_moved(db: database.Database, folder: blobs.FolderBlobs) -> int:
    with db.write() as connection:
        rows = connection.rows("SELECT digest, content FROM blob_content LIMIT ?", (_BATCH,))
        for row in rows:
            folder.write(connection, bytes(row["content"]))
            connection.run("DELETE FROM blob_content WHERE digest = ?", (row["digest"],))
    return len(rows)


def change_keys(world: World, made: tuple[NewKeys, ...]) -> None:
    """Seal anew what the run's keys wrapped, and put the next authorities on the trust list.

    Emits: keys.rotated, shares.rotated, root.rolled, authority.rotated, trust_list.adopted.
    """
    rotation.rotate(world)
    rotation.rotate_shares(world)
    for one in made:
        rotation.record_ceremony(world, kind=one.kind, label=one.label, digest=one.digest)


def set_out(op: Operation, *, run: str, shift_ms: int) -> None:
    """Let an adopted world's clock go on from where the run's stood, whatever the machine's says.

    From here on the shift only grows, as in any demo world.
    Emits: world.adopted. Raises: NotPermitted.
    """
    op.require_system()
    op.unlogged("INSERT INTO clock_shift (id, shift_ms) VALUES ('clock', ?)", (shift_ms,))
    op.record("world.adopted", op.parts.world_id, run=run, shift_ms=shift_ms)


def let_go_on(world: World, *, run: str, machine_ms: int, now_ms: int) -> None:
    """Start an adopted world's clock at the run's end.

    Emits: world.adopted.
    """
    world.engine.perform(
        set_out,
        {"run": run, "shift_ms": now_ms - machine_ms},
        actor=actors.System(job="setup"),
    )
