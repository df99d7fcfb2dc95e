"""Signed tree heads: when they are made, what they are compared with, and what is told of lost ones."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import boot
from engine.boot import World, anchoring, backup, resuming, tables
from engine.evidence import actions, growing, keeping, queries
from engine.evidence.verifier.heads import NO_HEAD, parse
from engine.kernel import clock, database, errors
from engine.kernel.engine import Engine
from engine.staffing.model import Role
from tests.support import crashing, worlds
from tests.support import heads as support


@pytest.fixture
def kept(file_world: World, tmp_path: Path) -> World:
    """A world whose first head is signed."""
    made = support.with_heads(file_world, tmp_path)
    growing.grow(made.engine.parts)
    return made


@pytest.fixture(scope="module")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo world's folder at rest."""
    folder = tmp_path_factory.mktemp("world") / "w"
    boot.create_world(folder, kind="demo", world_id="w")
    return folder


@pytest.fixture
def in_folder(made_folder: Path, tmp_path: Path) -> Iterator[World]:
    """A demo world in a folder of its own, open."""
    shutil.copytree(made_folder, tmp_path / "w")
    world = boot.open_world(tmp_path / "w")
    yield world
    world.close()
    boot.worlds.pop(world.id, None)


@pytest.mark.row("AUD-1")
def test_a_head_says_what_the_log_is_and_names_the_one_before(kept: World) -> None:
    worlds.clock_of(kept).advance(clock.MINUTE)
    support.write(kept, 1)
    head = growing.grow(kept.engine.parts)
    first, second = support.heads(kept)
    with kept.engine.parts.db.read() as connection:
        found = growing.standing(kept.engine.parts, connection)
    assert head == second == found.newest
    assert (first.previous, second.previous) == (NO_HEAD, first.digest())
    assert second.size == support.size(kept) > first.size
    assert second.timestamp == kept.engine.parts.clock.now_ms()
    assert (second.occurred_at, second.mac) == (found.log.occurred_at, found.log.mac.hex())
    assert growing.signed(kept.engine.parts, second)
    assert not growing.signed(kept.engine.parts, dataclasses.replace(second, size=1))


@pytest.mark.row("AUD-1")
def test_a_head_is_made_within_a_minute_of_anything_written_and_not_for_nothing(
    kept: World,
) -> None:
    """Looked at as often as the processes look, no event waits for a minute."""
    parts, oldest_young = kept.engine.parts, 0
    for step in range(60):
        worlds.clock_of(kept).advance(int(growing.LOOK_EVERY_S * 1_000))
        if step % 3 == 0:
            oldest_young = oldest_young or parts.clock.now_ms()
            support.write(kept, step)
        before = len(support.heads(kept))
        if growing.keep(parts) is not None:
            oldest_young = 0
            assert len(support.heads(kept)) == before + 1
        assert not oldest_young or parts.clock.now_ms() - oldest_young < clock.MINUTE
    made = len(support.heads(kept))
    assert made <= 2 + 300 // 45
    worlds.clock_of(kept).advance(clock.HOUR)
    growing.keep(parts)
    quiet = support.heads(kept)
    worlds.clock_of(kept).advance(clock.HOUR)
    assert growing.keep(parts) is None
    assert growing.grow(parts) == quiet[-1]
    assert support.heads(kept) == quiet


@pytest.mark.row("AUD-1")
def test_the_demo_clock_moves_no_head_and_a_clock_set_back_makes_none_earlier(
    file_world: World, tmp_path: Path
) -> None:
    """Heads carry the machine's time: a moved demo clock is the world's affair."""
    parts = dataclasses.replace(file_world.engine.parts, kind="demo")
    made = support.with_heads(
        dataclasses.replace(file_world, engine=Engine(parts), kind="demo"), tmp_path
    )
    first = growing.grow(made.engine.parts)
    worlds.run_sql(made, "INSERT INTO clock_shift (id, shift_ms) VALUES ('clock', ?)", clock.DAY)
    support.write(made, 1)
    second = growing.grow(made.engine.parts)
    assert second.timestamp == made.engine.parts.clock.now_ms()
    assert second.occurred_at == second.timestamp + clock.DAY
    back = dataclasses.replace(
        made.engine.parts, clock=clock.ManualClock(first.timestamp - clock.HOUR)
    )
    support.write(made, 2)
    assert growing.grow(back).timestamp == second.timestamp


def test_a_world_in_memory_keeps_none_and_says_so(world: World) -> None:
    parts = world.engine.parts
    assert growing.keep(parts) is None
    growing.require_sound(parts)
    with pytest.raises(growing.NoHeadsHere):
        growing.grow(parts)
    assert world.engine.ask(queries.check_log, tables.INSIDE).heads == 0


@pytest.mark.row("AUD-1")
def test_an_older_database_is_reported_and_goes_on_only_with_a_word(
    kept: World, tmp_path: Path
) -> None:
    older = shutil.copy(tmp_path / "world.sqlite3", tmp_path / "older.sqlite3")
    kept.engine.parts.db.checkpoint()  # type: ignore[attr-defined]
    shutil.copy(tmp_path / "world.sqlite3", older)
    size = support.size(kept)
    support.write(kept, 1)
    lost = growing.grow(kept.engine.parts)
    with crashing.over(kept, Path(older)) as restored:
        parts = restored.engine.parts
        with pytest.raises(growing.LogNotSigned, match="a backup restored"):
            growing.require_sound(parts)
        for refused in (growing.keep, growing.grow):
            with pytest.raises(growing.LogNotSigned):
                refused(parts)
        told = support.texts(support.checked(restored))
        assert told == [
            f"The log ends at event {size}, and a signed head knows {lost.size} events:"
            " its end was cut off."
        ]
        head = resuming.resume(restored, " Restored the backup of Sunday. ")
        assert (head.size, head.reason) == (size + 1, "Restored the backup of Sunday.")
        assert head.previous == lost.digest()
        growing.require_sound(parts)
        checked = support.checked(restored)
        assert (checked.breaks, checked.given_up) == ((), 1)
        event = worlds.rows(restored, "SELECT kind, body FROM event ORDER BY seq DESC LIMIT 1")[0]
        assert event["kind"] == "log.resumed"
        assert f'"known":{lost.size}' in event["body"]
        with pytest.raises(resuming.NothingToResume):
            resuming.resume(restored, "again")
        support.write(restored, 3)
        growing.grow(parts)
        assert support.checked(restored).breaks == ()


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize("lost", ["folder", "file", "older"])
def test_a_lost_folder_of_heads_is_told_from_one_that_never_was(kept: World, lost: str) -> None:
    folder = support.folder_of(kept)
    old = folder.file.read_bytes()
    worlds.clock_of(kept).advance(clock.MINUTE)
    support.write(kept, 1)
    growing.grow(kept.engine.parts)
    noted = folder.noted()
    match lost:
        case "folder":
            shutil.rmtree(folder.path)
        case "file":
            folder.file.unlink()
        case _:
            folder.file.write_bytes(old)
    with pytest.raises(growing.LogNotSigned, match="lost, put back"):
        growing.require_sound(kept.engine.parts)
    assert any("put back" in one for one in support.texts(support.checked(kept)))
    head = resuming.resume(kept, "The disk was replaced.")
    assert noted is not None
    # A copy of the lost heads that was kept elsewhere still leads to it.
    assert head.previous == noted.digest()
    growing.require_sound(kept.engine.parts)


@pytest.mark.row("AUD-1")
def test_a_word_has_to_say_why(kept: World) -> None:
    for reason in ("", "  ", "x" * (actions.LONGEST_REASON + 1)):
        with worlds.unchanged(kept), pytest.raises(actions.ReasonNeeded):
            kept.engine.perform(
                actions.resume_log, {"reason": reason, "known": 1}, actor=tables.INSIDE
            )
    staff = worlds.staff(kept, Role.AUDITOR)
    with worlds.unchanged(kept), pytest.raises(errors.NotPermitted):
        kept.engine.perform(actions.resume_log, {"reason": "why", "known": 1}, actor=staff)


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize("spoilt", [b"{}\n", b"no head\n", b'{"format": "yinxin tree head 1"}\n'])
def test_a_head_that_cannot_be_read_is_told(kept: World, spoilt: bytes) -> None:
    folder = support.folder_of(kept)
    with folder.file.open("ab") as file:
        file.write(spoilt)
    with pytest.raises(growing.LogNotSigned, match="cannot be read"):
        growing.require_sound(kept.engine.parts)
    assert "a line among the signed heads" in support.texts(support.checked(kept))[0]


@pytest.mark.row("AUD-1")
def test_a_head_that_somebody_else_signed_is_told(kept: World) -> None:
    folder = support.folder_of(kept)
    head = support.heads(kept)[0]
    folder.file.write_bytes(dataclasses.replace(head, root="00" * 32).line() + b"\n")
    with pytest.raises(growing.LogNotSigned, match="does not hold"):
        growing.require_sound(kept.engine.parts)
    told = support.texts(support.checked(kept))
    assert f"The signature of the head over {head.size} events does not hold." in told


@pytest.mark.row("AUD-1")
def test_heads_of_another_world_are_told(kept: World) -> None:
    other = dataclasses.replace(kept.engine.parts, world_id="other")
    with pytest.raises(growing.LogNotSigned, match="another world"):
        growing.require_sound(other)


@pytest.mark.row("AUD-1")
def test_a_torn_line_was_never_a_head(kept: World) -> None:
    folder, head = support.folder_of(kept), support.heads(kept)[0]
    for torn in (b"{", head.line(), head.line()[:-1]):
        with folder.file.open("ab") as file:
            file.write(torn)
        assert folder.newest() == support.heads(kept)[-1]
        support.write(kept, support.size(kept))
        made = growing.grow(kept.engine.parts)
        assert support.heads(kept)[-1] == made
    lines = folder.file.read_bytes().splitlines()
    assert [parse(line) for line in lines] == support.heads(kept)
    assert support.checked(kept).breaks == ()


@pytest.mark.row("AUD-1")
def test_nodes_that_were_lost_or_spoilt_are_made_anew(kept: World) -> None:
    folder, parts = support.folder_of(kept), kept.engine.parts
    for number, spoil in enumerate(("gone", "leaf", "short")):
        match spoil:
            case "gone":
                shutil.rmtree(folder.path / "tree")
            case "leaf":
                (folder.path / "tree" / "level-02").write_bytes(bytes(64))
            case _:
                (folder.path / "tree" / "level-00").write_bytes(b"")
        support.write(kept, number)
        made = growing.grow(parts)
        with parts.db.read() as connection:
            tree = growing.tree_of(connection, folder, made, anew=True)
        assert tree.root().hex() == made.root
    assert support.checked(kept).breaks == ()


def _grow_often(world: World, rounds: int) -> None:
    for _ in range(rounds):
        growing.grow(world.engine.parts)


@pytest.mark.row("AUD-1")
def test_two_processes_at_once_make_one_row_of_heads(kept: World, tmp_path: Path) -> None:
    """While events are written, two others sign as fast as they can."""
    children = []
    for _ in range(2):

        def work() -> None:
            with crashing.over(kept, tmp_path / "world.sqlite3") as own:
                _grow_often(own, 40)

        children.append(crashing.forked(work))
    for number in range(6):
        support.write(kept, number)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    growing.grow(kept.engine.parts)
    checked = support.checked(kept)
    assert checked.breaks == ()
    assert checked.heads == len(support.heads(kept)) >= 2


@pytest.mark.row("AUD-1")
def test_a_world_in_a_folder_leaves_nothing_unsigned_behind(in_folder: World) -> None:
    worlds.staff(in_folder, Role.AUDITOR)
    path = in_folder.path
    assert path is not None
    in_folder.close()
    boot.worlds.pop(in_folder.id, None)
    again = boot.open_world(path)
    try:
        with again.engine.parts.db.read() as connection:
            found = growing.standing(again.engine.parts, connection)
        assert (found.problem, found.young) == (None, 0)
        assert keeping.folder_of(again.engine.parts) is not None
        assert (path / "heads" / "heads.jsonl").is_file()
    finally:
        again.close()


@pytest.mark.row("AUD-1")
def test_heads_can_lie_elsewhere(
    made_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(made_folder, tmp_path / "w")
    shutil.rmtree(tmp_path / "w" / "heads")
    (tmp_path / "w" / "newest-head.json").unlink()
    monkeypatch.setenv("YINXIN_HEADS", str(tmp_path / "elsewhere"))
    world = boot.open_world(tmp_path / "w")
    growing.grow(world.engine.parts)
    world.close()
    assert (tmp_path / "elsewhere" / "w" / "heads.jsonl").is_file()
    assert not (tmp_path / "w" / "heads").exists()
    # Not mounted: told as that, and not begun anew.
    monkeypatch.setenv("YINXIN_HEADS", str(tmp_path / "not-mounted"))
    world = boot.open_world(tmp_path / "w")
    with pytest.raises(growing.LogNotSigned, match="is not there"):
        anchoring.require_sound(world)
    world.close()
    boot.worlds.pop(world.id, None)


@pytest.mark.row("AUD-1")
def test_a_backup_takes_the_heads_along_and_a_later_head_tells_that_it_is_old(
    in_folder: World, tmp_path: Path
) -> None:
    path = in_folder.path
    assert path is not None
    backup.backup(in_folder, tmp_path / "copy", "a long enough passphrase")
    worlds.staff(in_folder, Role.AUDITOR)
    newest = growing.grow(in_folder.engine.parts)
    backup.restore(tmp_path / "copy", tmp_path / "again", "a long enough passphrase")
    boot.worlds.pop(in_folder.id, None)
    again = boot.open_world(tmp_path / "again")
    try:
        anchoring.require_sound(again)
        assert support.checked(again).breaks == ()
        assert support.heads(again)[-1].size < newest.size
        # The heads that were kept elsewhere know more.
        shutil.copy(path / "heads" / "heads.jsonl", tmp_path / "again" / "heads" / "heads.jsonl")
        with pytest.raises(growing.LogNotSigned, match="a backup restored"):
            anchoring.require_sound(again)
    finally:
        again.close()
        boot.worlds.pop(again.id, None)


@pytest.mark.row("AUD-1")
def test_who_looks_signs_what_is_due_and_tells_once_what_is_in_the_way(
    kept: World, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = anchoring.Keeper()
    worlds.clock_of(kept).advance(clock.MINUTE)
    support.write(kept, 1)
    keeper.look(kept)
    assert support.heads(kept)[-1].size == support.size(kept)
    support.folder_of(kept).file.unlink()
    for _ in range(3):
        keeper.look(kept)
    assert [one.levelname for one in caplog.records] == ["ERROR"]


def test_a_run_that_is_only_looked_at_keeps_none(kept: World, tmp_path: Path) -> None:
    kept.engine.parts.db.checkpoint()  # type: ignore[attr-defined]
    frozen = database.FrozenDatabase(tmp_path / "world.sqlite3")
    assert keeping.folder_of(dataclasses.replace(kept.engine.parts, db=frozen)) is None
    frozen.close()
