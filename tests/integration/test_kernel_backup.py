"""A restored world is the world: its chain, its files, its people; a changed backup is refused."""

from __future__ import annotations

import dataclasses
import json
import shutil
import threading
from pathlib import Path

import pytest

from engine import boot
from engine.boot import World, backup
from engine.kernel import database, events
from engine.kernel.operation import Operation
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.support import fold, worlds

PHRASE = "十二个字以上的一句话才够长啊"


def keep(op: Operation, *, content: bytes) -> str:
    subject = op.new_id("sub")
    op.new_subject(subject, "person")
    blob_id = op.put_blob(content, media_type="text/plain", subject_id=subject, purpose="evidence")
    op.record("test.kept", blob_id)
    return blob_id


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo world in a folder, with staff and a blob."""
    path = tmp_path_factory.mktemp("worlds") / "first"
    boot.create_world(path, kind="demo", world_id="kept")
    made = boot.open_world(path)
    worlds.staff(made, Role.LEAD, login="lead")
    made.engine.perform(keep, {"content": b"contract"}, actor=worlds.SYSTEM)
    made.close()
    return path


@pytest.fixture
def lived(folder: Path, tmp_path: Path):
    """That world, opened in a folder of the test's own."""
    made = boot.open_world(Path(shutil.copytree(folder, tmp_path / "first")))
    yield made
    made.close()


def head(world: World) -> events.Head:
    with world.engine.parts.db.read() as connection:
        return events.head(connection)


def test_a_restored_world_verifies_opens_its_files_and_signs_people_in(lived, tmp_path):
    copied = backup.backup(lived, tmp_path / "copy", PHRASE)
    assert copied.head == head(lived)
    before = worlds.content(lived)
    lived.close()
    shutil.rmtree(lived.path)
    restored = backup.restore(tmp_path / "copy", tmp_path / "second", PHRASE)
    assert (restored.world_id, restored.head, restored.missing) == ("kept", copied.head, 0)
    again = boot.open_world(tmp_path / "second")
    assert worlds.content(again) == before
    fold.require(again)
    with again.engine.parts.db.read() as connection:
        assert events.verify(connection, again.keyring, copied.head) == (copied.head.seq, [])
    [row] = worlds.rows(again, "SELECT id FROM blob")
    with again.engine.reader(worlds.SYSTEM) as q:
        assert q.blob(row["id"]) == b"contract"
    arguments = {"login": "lead", "password": worlds.PASSWORD}
    assert again.engine.perform(staffing.sign_in, arguments, actor=worlds.SYSTEM).token
    assert again.roots == lived.roots
    again.close()


def test_what_happened_after_the_backup_is_counted_as_missing(lived, tmp_path):
    copied = backup.backup(lived, tmp_path / "copy", PHRASE)
    for content in (b"one", b"two"):
        lived.engine.perform(keep, {"content": content}, actor=worlds.SYSTEM)
    newer = head(lived)
    restored = backup.restore(tmp_path / "copy", tmp_path / "second", PHRASE, known_head=newer)
    assert restored.missing == newer.seq - copied.head.seq > 0
    again = boot.open_world(tmp_path / "second")
    with again.engine.parts.db.read() as connection:
        assert events.verify(connection, again.keyring, newer)[1]
    again.close()


def test_the_backup_holds_no_key_and_no_content_in_the_clear(lived, tmp_path):
    backup.backup(lived, tmp_path / "copy", PHRASE)
    kept = [path for path in (lived.path / "keys").rglob("*") if path.is_file()]
    secrets = [p.read_bytes() for p in kept if not p.name.endswith((".cert.pem", ".crl"))]
    assert len(secrets) > 10
    for path in (tmp_path / "copy").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret in content for secret in secrets), path
            assert b"PRIVATE KEY" not in content
    assert (tmp_path / "copy" / "keys.sealed").stat().st_mode & 0o777 == 0o600


def test_the_root_s_key_stays_offline(lived, tmp_path):
    backup.backup(lived, tmp_path / "copy", PHRASE)
    backup.restore(tmp_path / "copy", tmp_path / "second", PHRASE)
    assert (lived.path / "offline").exists()
    assert not (tmp_path / "second" / "offline").exists()


def test_the_keys_can_be_kept_elsewhere(lived, tmp_path):
    backup.backup(lived, tmp_path / "copy", PHRASE)
    (tmp_path / "copy" / "keys.sealed").rename(tmp_path / "elsewhere")
    with pytest.raises(backup.BackupDamaged, match=r"keys\.sealed is missing"):
        backup.restore(tmp_path / "copy", tmp_path / "second", PHRASE)
    backup.restore(tmp_path / "copy", tmp_path / "second", PHRASE, keys=tmp_path / "elsewhere")


def test_a_wrong_or_short_passphrase_is_refused(lived, tmp_path):
    with pytest.raises(backup.PassphraseTooShort):
        backup.backup(lived, tmp_path / "copy", "short")
    assert not (tmp_path / "copy").exists()
    backup.backup(lived, tmp_path / "copy", PHRASE)
    with pytest.raises(backup.PassphraseWrong):
        backup.restore(tmp_path / "copy", tmp_path / "second", PHRASE + "x")
    assert not (tmp_path / "second").exists()


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "harm",
    [
        lambda copy: _flip(copy / "world" / "yinxin.sqlite3"),
        lambda copy: _flip(next((copy / "world" / "blobs").glob("*/*"))),
        lambda copy: next((copy / "world" / "blobs").glob("*/*")).unlink(),
        lambda copy: (copy / "world" / "more").write_bytes(b"x"),
        lambda copy: (copy / "world" / "manifest.json").unlink(),
        lambda copy: (copy / "world" / "manifest.json").write_text("{}"),
        lambda copy: (copy / "keys.sealed").write_bytes(b"x"),
        lambda copy: _rewrite_head(copy),
    ],
)
def test_a_changed_backup_is_refused_and_nothing_is_restored(lived, tmp_path, harm):
    backup.backup(lived, tmp_path / "copy", PHRASE)
    harm(tmp_path / "copy")
    with pytest.raises(backup.BackupDamaged):
        backup.restore(tmp_path / "copy", tmp_path / "second", PHRASE)
    assert not (tmp_path / "second").exists()


def _rewrite_head(copy: Path) -> None:
    told = json.loads((copy / "world" / "head.json").read_text())
    (copy / "world" / "head.json").write_text(json.dumps({**told, "seq": 1}))


def test_a_changed_file_of_keys_does_not_open(lived, tmp_path):
    backup.backup(lived, tmp_path / "copy", PHRASE)
    _flip(tmp_path / "copy" / "keys.sealed")
    with pytest.raises(backup.PassphraseWrong):
        backup.restore(tmp_path / "copy", tmp_path / "second", PHRASE)


def test_folders_in_use_are_left_alone(lived, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine").write_text("x")
    with pytest.raises(backup.FolderTaken):
        backup.backup(lived, tmp_path / "copy", PHRASE)
    backup.backup(lived, tmp_path / "other", PHRASE)
    with pytest.raises(backup.FolderTaken):
        backup.restore(tmp_path / "other", tmp_path / "copy", PHRASE)


def test_worlds_in_memory_and_on_postgresql_are_told_to_use_other_means(
    world, lived, postgres_address, tmp_path
):
    with pytest.raises(backup.OnlyFolders):
        backup.backup(world, tmp_path / "copy", PHRASE)
    db = database.PostgresqlDatabase(postgres_address)
    engine = type(lived.engine)(dataclasses.replace(lived.engine.parts, db=db))
    with pytest.raises(backup.OnlyFolders, match="pg_dump"):
        backup.backup(dataclasses.replace(lived, engine=engine), tmp_path / "copy", PHRASE)
    db.close()


def test_a_backup_can_be_taken_while_others_write(lived, tmp_path):
    """The copy is one moment of the world, whatever goes on."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            lived.engine.perform(keep, {"content": b"%d" % number}, actor=worlds.SYSTEM)
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for name in ("a", "b", "c"):
            backup.backup(lived, tmp_path / name, PHRASE)
    finally:
        stop.set()
        thread.join()
    for name in ("a", "b", "c"):
        restored = backup.restore(tmp_path / name, tmp_path / f"restored-{name}", PHRASE)
        again = boot.open_world(tmp_path / f"restored-{name}")
        assert head(again) == restored.head
        fold.require(again)
        for row in worlds.rows(again, "SELECT id FROM blob"):
            with again.engine.reader(worlds.SYSTEM) as q:
                assert q.blob(row["id"])
        again.close()
