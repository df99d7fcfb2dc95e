"""Blobs: encrypted, named by their ciphertext, swept when no row names them or nothing opens them."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from engine import boot, worker
from engine.boot import World, backup
from engine.kernel import blobs, clock, errors, events, vault
from engine.kernel.operation import Operation
from tests.support import worlds

CONTENT = "营业执照".encode() * 100


@pytest.fixture
def folder_world(tmp_path: Path):
    boot.create_world(tmp_path / "w", kind="demo", world_id="blobs")
    made = boot.open_world(tmp_path / "w")
    yield made
    made.close()


@pytest.fixture(params=["folder", "database", "postgresql"])
def stored(request: pytest.FixtureRequest) -> World:
    """A world of each kind of store."""
    name = {"folder": "folder_world", "database": "world", "postgresql": "postgres_world"}
    return request.getfixturevalue(name[request.param])


def keep(op: Operation, *, fail: bool) -> str:
    op.new_subject("sub_x", "person")
    blob_id = op.put_blob(CONTENT, media_type="text/plain", subject_id="sub_x")
    op.record("test.kept", blob_id)
    if fail:
        raise errors.Conflict()
    return blob_id


def files(world: World) -> list[Path]:
    assert world.path is not None
    return sorted((world.path / "blobs").glob("??/*"))


def test_a_blob_is_a_file_without_its_content_in_the_clear(folder_world):
    blob_id = folder_world.engine.perform(keep, {"fail": False}, actor=worlds.SYSTEM)
    [path] = files(folder_world)
    assert CONTENT[:12] not in path.read_bytes()
    row = worlds.rows(folder_world, "SELECT * FROM blob")[0]
    assert (row["digest"], row["size"]) == (path.name, len(CONTENT))
    with folder_world.engine.reader(worlds.SYSTEM) as q:
        assert q.blob(blob_id) == CONTENT


def test_a_content_without_a_row_is_swept_and_the_others_stay(folder_world):
    with pytest.raises(errors.Conflict):
        folder_world.engine.perform(keep, {"fail": True}, actor=worlds.SYSTEM)
    assert len(files(folder_world)) == 1
    kept = folder_world.engine.perform(keep, {"fail": False}, actor=worlds.SYSTEM)
    make_older(folder_world)
    assert worker.sweep(folder_world) == 1
    with folder_world.engine.reader(worlds.SYSTEM) as q:
        assert q.blob(kept) == CONTENT


def test_a_lost_file_is_told(folder_world):
    blob_id = folder_world.engine.perform(keep, {"fail": False}, actor=worlds.SYSTEM)
    files(folder_world)[0].unlink()
    with folder_world.engine.reader(worlds.SYSTEM) as q, pytest.raises(blobs.BlobMissing):
        q.blob(blob_id)


def test_the_world_s_keys_are_readable_by_their_owner_alone(folder_world):
    keys = folder_world.path / "keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir() if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (keys / "pki").glob("*.key.pem")} == {0o600}


# -- swept -----------------------------------------------------------------------------------------


def make_older(world: World, seconds: int = clock.HOUR // 1000 + 1) -> None:
    """What is in the store was written so long ago."""
    if world.path is not None:
        for path in files(world):
            then = path.stat().st_mtime - seconds
            os.utime(path, (then, then))


def keep_two(op: Operation) -> tuple[str, str, str]:
    """A profile's and an evidence's file of one person, and a file of another."""
    for subject_id in ("sub_a", "sub_b"):
        op.new_subject(subject_id, "person")
    made = (
        op.put_blob(CONTENT, media_type="text/plain", subject_id="sub_a"),
        op.put_blob(CONTENT, media_type="text/plain", subject_id="sub_a", purpose="evidence"),
        op.put_blob(CONTENT, media_type="text/plain", subject_id="sub_b"),
    )
    op.record("test.kept", "sub_a")
    return made


def forget(op: Operation, *, purpose: vault.Purpose) -> None:
    op.destroy_key("sub_a", purpose)
    op.record("test.forgotten", "sub_a")


def archive(op: Operation) -> None:
    op.lock_evidence("sub_a")
    op.record("test.archived", "sub_a")


def contents(world: World) -> int:
    """How many contents the store holds."""
    if world.path is not None:
        return len(files(world))
    return len(worlds.rows(world, "SELECT digest FROM blob_content"))


@pytest.mark.row("S-PI-4")
def test_a_content_whose_key_was_destroyed_is_swept_and_its_row_stays(stored):
    perform = stored.engine.perform
    profile, evidence, other = perform(keep_two, {}, actor=worlds.SYSTEM)
    perform(forget, {"purpose": "profile"}, actor=worlds.SYSTEM)
    perform(archive, {}, actor=worlds.SYSTEM)
    make_older(stored)
    rows = worlds.rows(stored, "SELECT * FROM blob ORDER BY id")
    before = contents(stored)
    assert worker.sweep(stored) == 1
    assert worker.sweep(stored) == 0
    assert contents(stored) == before - 1
    assert worlds.rows(stored, "SELECT * FROM blob ORDER BY id") == rows
    with stored.engine.reader(worlds.SYSTEM) as q:
        assert q.blob(other) == CONTENT
        with pytest.raises(vault.Destroyed):
            q.blob(profile)
        # The archive's guardians still find it, and no ordinary question does.
        with pytest.raises(vault.Destroyed):
            q.blob(evidence)
        assert q.data_key("sub_a", "archive")
    with stored.engine.parts.db.read() as connection:
        assert events.verify(connection, stored.keyring)[1] == []
    perform(forget, {"purpose": "archive"}, actor=worlds.SYSTEM)
    assert worker.sweep(stored) == 1


def test_what_a_running_operation_wrote_is_never_swept(folder_world):
    """It is swept while the row is not there yet, by another thread, and read after the commit."""

    def keep_slowly(op: Operation) -> str:
        blob_id = keep(op, fail=False)
        sweeper = threading.Thread(target=lambda: swept.append(store.sweep(parts.db)))
        sweeper.start()
        sweeper.join()
        return blob_id

    swept, parts = list[int](), folder_world.engine.parts
    store = parts.blobs
    keep_slowly.__module__ = keep.__module__
    blob_id = folder_world.engine.perform(keep_slowly, {}, actor=worlds.SYSTEM)
    assert swept == [0]
    with folder_world.engine.reader(worlds.SYSTEM) as q:
        assert q.blob(blob_id) == CONTENT


def test_a_content_written_again_is_as_young_as_its_newest_operation(folder_world):
    parts = folder_world.engine.parts
    with parts.db.read() as connection:
        digest = parts.blobs.write(connection, CONTENT)
        make_older(folder_world)
        assert parts.blobs.write(connection, CONTENT) == digest
    assert parts.blobs.sweep(parts.db) == 0
    make_older(folder_world)
    assert parts.blobs.sweep(parts.db) == 1


def test_a_backup_of_a_world_with_swept_contents_is_whole(folder_world, tmp_path):
    perform = folder_world.engine.perform
    perform(keep_two, {}, actor=worlds.SYSTEM)
    perform(forget, {"purpose": "profile"}, actor=worlds.SYSTEM)
    make_older(folder_world)
    assert worker.sweep(folder_world) == 1
    secret = "a long enough passphrase"
    copied = backup.backup(folder_world, tmp_path / "copy", secret)
    restored = backup.restore(tmp_path / "copy", tmp_path / "again", secret)
    assert restored.head == copied.head
    assert len(list((tmp_path / "again" / "blobs").glob("??/*"))) == 2
