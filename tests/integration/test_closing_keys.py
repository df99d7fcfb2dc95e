"""The key-encryption key is changed in a world in use: all opens, and nothing is left behind (PI-7)."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from typer.testing import CliRunner

from engine import boot, cli
from engine.boot import rotation as rotating
from engine.kernel import ids, rotation, vault
from engine.kernel.operation import Operation
from tests.support import crashing, worlds
from tests.support.worlds import SYSTEM

_WATCHED = str(Path(rotation.__file__))


def _make_subjects(op: Operation, *, count: int) -> list[str]:
    made = []
    for _ in range(count):
        subject_id = op.new_id("sub")
        op.new_subject(subject_id, "person")
        made.append(subject_id)
    op.record("test.subjects_made", "subjects")
    return made


def opened(path: Path) -> boot.World:
    """The world as a process of its own would open it."""
    world = boot.open_world(path)
    boot.worlds.pop(world.id, None)
    return world


@pytest.fixture(params=["sqlite", "postgresql"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A world's folder, on each of the two databases."""
    address = "sqlite"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        name = server.create(migrated=False)
        address = server.address(name)
    folder = tmp_path / "world"
    boot.create_world(folder, kind="run", world_id="rotating", address=address)
    yield folder
    if request.param == "postgresql":
        server.drop(name)


def data_keys(world: boot.World, subjects: list[str]) -> list[bytes]:
    """Every data key, opened anew."""
    found = []
    with world.engine.reader(SYSTEM) as q:
        for subject_id in subjects:
            found += [q.data_key(subject_id, "profile"), q.data_key(subject_id, "evidence")]
    return found


@pytest.mark.row("S-PI-7")
def test_every_data_key_is_wrapped_anew_and_opens_as_before(path):
    world = opened(path)
    subjects = world.engine.perform(_make_subjects, {"count": 300}, actor=SYSTEM)
    before = data_keys(world, subjects)
    wrapped = worlds.rows(world, "SELECT wrapped FROM data_key")
    old = world.keyring.secret(vault.WRAPPING)
    assert rotating.rotate(world) == 600
    assert rotation.left(world.engine.parts) == 0
    assert data_keys(world, subjects) == before
    again = opened(path)
    assert data_keys(again, subjects) == before
    assert again.keyring.secret(vault.WRAPPING) != old
    assert again.keyring.generations(vault.WRAPPING) == [again.keyring.secret(vault.WRAPPING)]
    known = {bytes(row["wrapped"]) for row in wrapped}
    assert not known & {
        bytes(row["wrapped"]) for row in worlds.rows(again, "SELECT wrapped FROM data_key")
    }
    assert worlds.kinds(again)[-1] == "keys.rotated"
    assert not rotation.running(path / "keys")
    again.close()
    world.close()


def test_a_process_that_began_before_wraps_by_the_new_key_and_opens_both(path):
    old = opened(path)
    first = old.engine.perform(_make_subjects, {"count": 1}, actor=SYSTEM)
    other = opened(path)
    rotating.rotate(other)
    second = old.engine.perform(_make_subjects, {"count": 1}, actor=SYSTEM)
    assert rotation.left(other.engine.parts) == 0
    assert data_keys(other, first + second) == data_keys(old, first + second)
    for world in (old, other):
        world.close()


def test_the_previous_key_is_kept_while_a_data_key_needs_it(path):
    world = opened(path)
    world.engine.perform(_make_subjects, {"count": 5}, actor=SYSTEM)
    keys = path / "keys"
    rotation.promote(keys, world.engine.parts.entropy)
    assert rotation.wrap_anew(world.engine.parts, limit=3) == 3
    assert not rotation.retire(world.engine.parts, keys)
    assert (keys / vault.previous_of(vault.WRAPPING)).exists()
    assert rotation.rotate(world.engine.parts, keys, world.engine.parts.entropy) == 7
    assert not (keys / vault.previous_of(vault.WRAPPING)).exists()
    world.close()


def test_a_key_that_nothing_opens_is_refused_by_name(path):
    world = opened(path)
    (subject_id,) = world.engine.perform(_make_subjects, {"count": 1}, actor=SYSTEM)
    worlds.run_sql(world, "UPDATE data_key SET wrapped = ?", bytes(40))
    with world.engine.reader(SYSTEM) as q, pytest.raises(vault.Unreadable):
        q.data_key(subject_id, "profile")
    world.close()


# -- killed, with readers meanwhile ------------------------------------------------------------


def _rotate_until(path: Path, kill_at: int) -> None:
    """Rotate, and be killed before the given line of the rotation (0: never)."""
    passed = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal passed
        if frame.f_code.co_filename != _WATCHED:
            return None
        if event == "line":
            passed += 1
            if passed == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    world = opened(path)
    sys.settrace(trace)
    rotation.rotate(world.engine.parts, path / "keys", ids.system_entropy)
    sys.settrace(None)


def _read_until_stopped(path: Path, subjects: list[str], expected: list[bytes], told: Path) -> None:
    """Open every data key again and again, as a process that began before the rotation."""
    world = opened(path)
    reads = failed = 0
    while not told.with_suffix(".stop").exists():
        try:
            failed += data_keys(world, subjects) != expected
        except vault.Unreadable:
            failed += 1
        reads += len(expected)
        told.write_text(f"{reads} {failed}", encoding="utf-8")


@pytest.mark.row("S-PI-7")
def test_killed_again_and_again_while_others_read_it_loses_nothing(path, count, record_property):
    kills = count(8, 20)
    world = opened(path)
    subjects = world.engine.perform(_make_subjects, {"count": count(1_000, 5_000)}, actor=SYSTEM)
    expected = data_keys(world, subjects)
    world.close()
    told = path.with_name("reader.txt")
    reader = crashing.forked(lambda: _read_until_stopped(path, subjects, expected, told))
    killed = 0
    for number in range(kills):
        # The first kills fall into the change of the files, the others between and within batches.
        kill_at = (3, 9, 14, 25)[number] if number < 4 else 60 + 197 * number
        pid = crashing.forked(lambda at=kill_at: _rotate_until(path, at))  # type: ignore[misc]
        killed += os.WIFSIGNALED(os.waitpid(pid, 0)[1])
        after = opened(path)
        assert data_keys(after, subjects) == expected
        after.close()
    done = os.waitpid(crashing.forked(lambda: _rotate_until(path, 0)), 0)[1]
    told.with_suffix(".stop").touch()
    assert os.waitstatus_to_exitcode(done) == 0
    assert os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1]) == 0
    reads, failed = map(int, told.read_text(encoding="utf-8").split())
    record_property("reads", reads)
    record_property("kills", killed)
    assert killed == kills
    assert (reads > 0, failed) == (True, 0)
    after = opened(path)
    assert rotation.left(after.engine.parts) == 0
    assert data_keys(after, subjects) == expected
    assert not rotation.running(path / "keys")
    after.close()


def test_the_command_says_how_many(tmp_path):
    path = tmp_path / "world"
    boot.create_world(path, kind="demo", world_id="rotated")
    world = opened(path)
    world.engine.perform(_make_subjects, {"count": 2}, actor=SYSTEM)
    world.close()
    done = CliRunner().invoke(cli.app, ["rotate-keys", "--world", str(path)], env={"LANG": "en"})
    assert done.exit_code == 0
    assert done.output.startswith("4 data keys are under the new key.")


def test_a_world_in_memory_has_no_key_files(world):
    with pytest.raises(rotation.KeysNotInAFolder):
        rotating.rotate(world)
