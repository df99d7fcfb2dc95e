"""Blobs in a folder: encrypted, named by their ciphertext, swept when no row names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import boot
from engine.boot import World
from engine.kernel import blobs, errors
from engine.kernel.operation import Operation
from tests.support import worlds

CONTENT = "营业执照".encode() * 100


@pytest.fixture
def folder_world(tmp_path: Path):
    boot.create_world(tmp_path / "w", kind="demo", world_id="blobs")
    made = boot.open_world(tmp_path / "w")
    yield made
    made.close()


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
    store = folder_world.engine.parts.blobs
    assert isinstance(store, blobs.FolderBlobs)
    with folder_world.engine.parts.db.read() as connection:
        assert store.sweep(connection) == 1
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
