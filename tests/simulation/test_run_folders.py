"""The folder of a run: one plan for good, what is done is kept, and whoever looks sees the truth."""

from __future__ import annotations

import errno
import json
import threading
from pathlib import Path

import pytest

from engine.kernel import database
from simulations import digests, runs, shards
from simulations.shards import leaving
from tests.support import short_way

Progress = shards.Progress


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[runs.RunResult, runs.Folder]:
    """A run that nothing has disturbed."""
    folder = runs.Folder(tmp_path_factory.mktemp("runs") / "whole")
    return runs.carry_out(short_way.plan(label="undisturbed"), folder), folder


def kept(folder: runs.Folder) -> dict[str, int]:
    """When each file of a finished shard was written."""
    return {
        path.name: path.stat().st_mtime_ns
        for pattern in ("shard-*", "world-*", "events-*")
        for path in folder.path.glob(pattern)
    }


@pytest.mark.row("SIM-4")
def test_a_finished_run_says_so_and_is_not_computed_twice(
    whole: tuple[runs.RunResult, runs.Folder],
) -> None:
    result, folder = whole
    told = folder.progress()
    assert (told.state, told.shards_done, told.share, told.eta_s) == ("finished", 2, 1.0, 0.0)
    assert (told.people, told.arrived, told.finished) == (2, 2, 2)
    assert (told.actions, told.violations) == (result.actions, 0)
    before = kept(folder)
    heard: list[Progress] = []
    assert runs.carry_out(short_way.plan(), folder, heard.append) == result
    assert (heard, kept(folder)) == ([], before)


@pytest.mark.row("SIM-4")
def test_the_folder_tells_plan_identity_boards_and_databases(
    whole: tuple[runs.RunResult, runs.Folder],
) -> None:
    result, folder = whole
    plan = short_way.plan(label="undisturbed")
    assert folder.plan() == plan
    manifest = folder.manifest()
    assert manifest is not None
    assert (manifest["identity"], manifest["label"]) == (folder.identity(), "undisturbed")
    assert (manifest["digest"], manifest["certificates"]) == (result.digest, "real")
    assert manifest["peak_mb"] > 0
    for number, board in enumerate(folder.boards()):
        assert (board["shard"], board["now_ms"]) == (number, plan.scenario.end_ms)
        assert board["people"] == {"registered": 1}
        assert board["steps"]["registered"] == 1
        assert board["invariants"]["checked"] > 50
        assert {"idle", "busy", "off"} < set(board["staff"][0])
    assert [path.name for path in folder.worlds()] == ["world-0.sqlite3", "world-1.sqlite3"]
    assert not [path for path in folder.path.rglob("*") if ".new" in path.name]


def test_another_plan_is_refused_by_what_differs_and_who_computes_is_not_part_of_it(
    whole: tuple[runs.RunResult, runs.Folder],
) -> None:
    result, folder = whole
    with pytest.raises(runs.OtherPlan) as refused:
        runs.carry_out(short_way.plan(seed=8), folder)
    assert refused.value.params["differs"] == "seed"
    with pytest.raises(runs.OtherPlan) as refused:
        runs.start(short_way.plan(crypto="none", replications=2), folder.path)
    assert refused.value.params["differs"] == "scenario, replications"
    assert runs.carry_out(short_way.plan(workers=2, store="file"), folder) == result
    assert folder.manifest() is not None


def test_what_other_code_has_finished_is_not_gone_on_with(
    whole: tuple[runs.RunResult, runs.Folder],
) -> None:
    _, folder = whole
    path = folder.path / "plan.json"
    before = path.read_text(encoding="utf-8")
    path.write_text(json.dumps({**json.loads(before), "identity": "older"}), encoding="utf-8")
    try:
        with pytest.raises(runs.CodeChanged):
            runs.carry_out(short_way.plan(), folder)
    finally:
        path.write_text(before, encoding="utf-8")


def test_a_plan_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    folder = runs.Folder(tmp_path)
    with pytest.raises(runs.NoRun):
        folder.plan()
    (tmp_path / "plan.json").write_text('{"people": 1}', encoding="utf-8")
    with pytest.raises(runs.PlanWrong):
        folder.plan()
    (tmp_path / "plan.json").write_text("half of", encoding="utf-8")
    with pytest.raises(runs.PlanWrong):
        folder.plan()


def test_a_folder_with_a_manifest_and_no_plan_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"digest": "old"}', encoding="utf-8")
    with pytest.raises(runs.OtherPlan):
        runs.carry_out(short_way.plan(), runs.Folder(tmp_path))
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".json"] == ["manifest.json"]


@pytest.mark.row("SIM-4")
def test_a_second_start_in_a_folder_that_runs_is_refused(tmp_path: Path) -> None:
    folder, refusals = runs.Folder(tmp_path / "run"), []

    def again(progress: Progress) -> None:
        assert folder.progress().state in ("starting", "running")
        for begin in (
            lambda: runs.carry_out(short_way.plan(), folder),
            lambda: runs.start(short_way.plan(), folder.path),
        ):
            with pytest.raises(runs.RunBusy) as refused:
                begin()
            refusals.append(refused.value.code)
        folder.stop()

    with pytest.raises(runs.Stopped):
        runs.carry_out(short_way.plan(), folder, again)
    assert len(refusals) >= 2
    assert folder.progress().state == "stopped"


@pytest.mark.row("SIM-4")
def test_stopped_after_one_shard_it_goes_on_from_there_to_the_same_digest(
    tmp_path: Path, whole: tuple[runs.RunResult, runs.Folder]
) -> None:
    folder = runs.Folder(tmp_path / "run")

    def stop_in_second(progress: Progress) -> None:
        if progress.shard == 1:
            folder.stop()

    with pytest.raises(runs.Stopped):
        runs.carry_out(short_way.plan(), folder, stop_in_second)
    told = folder.progress()
    assert (told.state, told.shards_done, folder.manifest()) == ("stopped", 1, None)
    assert 0.5 <= told.share < 1
    done = kept(folder)
    # What a machine that went down in the middle of writing may leave.
    (folder.path / "world-1.sqlite3.new").write_bytes(b"half")
    (folder.path / "shard-0-1.json").write_text('{"shard": 1, "dig', encoding="utf-8")
    assert runs.carry_out(short_way.plan(), folder).digest == whole[0].digest
    assert {name: when for name, when in kept(folder).items() if name in done} == done
    assert not (folder.path / "world-1.sqlite3.new").exists()


def test_a_shard_whose_files_are_gone_is_computed_again(
    tmp_path: Path, whole: tuple[runs.RunResult, runs.Folder]
) -> None:
    folder = runs.Folder(tmp_path / "run")
    result = runs.carry_out(short_way.plan(), folder)
    (folder.path / "manifest.json").unlink()
    (folder.path / "events-1.parquet").unlink()
    before = kept(folder)
    heard: set[int] = set()
    again = runs.carry_out(short_way.plan(), folder, lambda told: heard.add(told.shard))
    assert (again.digest, heard) == (result.digest, {1})
    assert kept(folder)["world-0.sqlite3"] == before["world-0.sqlite3"]


@pytest.mark.row("SIM-4")
def test_a_paused_run_waits_says_so_and_goes_on(
    tmp_path: Path, whole: tuple[runs.RunResult, runs.Folder]
) -> None:
    folder = runs.Folder(tmp_path / "run")
    heard: list[float] = []
    seen: list[runs.RunProgress] = []
    while_paused: list[int] = []

    def pause(progress: Progress) -> None:
        if not heard:
            folder.pause()
        heard.append(progress.share)

    def look() -> None:
        wait = threading.Event()
        while not seen:
            wait.wait(0.02)
            told = folder.progress()
            if told.state == "paused":
                before = len(heard)
                wait.wait(0.5)
                while_paused.append(len(heard) - before)
                seen.append(told)
        folder.go()

    watcher = threading.Thread(target=look)
    watcher.start()
    result = runs.carry_out(short_way.plan(), folder, pause)
    watcher.join()
    assert (result.digest, while_paused) == (whole[0].digest, [0])
    assert 0 < seen[0].share < 1
    assert folder.progress().state == "finished"


def test_a_full_disk_is_told_and_the_run_goes_on_once_there_is_room(
    tmp_path: Path,
    whole: tuple[runs.RunResult, runs.Folder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = runs.Folder(tmp_path / "run")

    def full(*_: object) -> int:
        (folder.path / "events-0.new").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(leaving, "write_events", full)
        with pytest.raises(runs.RunFolderUnusable):
            runs.carry_out(short_way.plan(), folder)
    told = folder.progress()
    assert (told.state, told.shards_done) == ("failed", 0)
    assert "disk is full" in told.problem
    assert not (folder.path / "events-0.new").exists()
    assert runs.carry_out(short_way.plan(), folder).digest == whole[0].digest


def test_anew_forgets_what_the_run_left_and_nothing_else(tmp_path: Path) -> None:
    folder = runs.Folder(tmp_path / "run")
    result = runs.carry_out(short_way.plan(), folder)
    (folder.path / "my notes.txt").write_text("mine", encoding="utf-8")
    before = kept(folder)
    again = runs.carry_out(short_way.plan(seed=9), folder, anew=True)
    assert again.digest != result.digest
    assert all(when != before[name] for name, when in kept(folder).items())
    assert (folder.path / "my notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.row("SIM-3")
def test_replications_have_people_and_files_of_their_own_and_the_first_is_the_plain_run(
    tmp_path: Path, whole: tuple[runs.RunResult, runs.Folder]
) -> None:
    folder = runs.Folder(tmp_path / "run")
    result = runs.carry_out(short_way.plan(replications=2), folder)
    manifest = folder.manifest()
    assert manifest is not None
    first, second = manifest["replications"]
    assert first["digest"] == whole[0].digest != second["digest"]
    assert (first["seed"], second["seed"]) == (7, shards.seed_of(7, 1))
    assert result.people == first["people"] + second["people"] == 4
    assert result.digest == digests.of_campaign([(0, first["digest"]), (1, second["digest"])])
    names = [path.name for path in folder.worlds(1)]
    assert (names, folder.worlds(1)[0].parent.name) == (
        ["world-0.sqlite3", "world-1.sqlite3"],
        "replication-1",
    )


def test_seeds_of_replications_are_named_and_fit_a_world() -> None:
    found = {shards.seed_of(seed, number) for seed in (7, 8) for number in range(200)}
    assert len(found) == 400
    assert max(found) * 1_000_003 < 1 << 63


@pytest.mark.row("SIM-3")
@pytest.mark.parametrize("store", ["file", "postgresql"])
def test_the_digest_is_the_same_wherever_a_shard_lives(
    store: shards.Store,
    tmp_path: Path,
    whole: tuple[runs.RunResult, runs.Folder],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if store == "postgresql":
        address = request.getfixturevalue("postgres").address("postgres")
        monkeypatch.setenv("YINXIN_RUN_DATABASE", address)
    folder = runs.Folder(tmp_path / "run")
    assert runs.carry_out(short_way.plan(store=store), folder).digest == whole[0].digest
    manifest = folder.manifest()
    assert manifest is not None
    assert manifest["store"] == store
    copy = database.SqliteDatabase(folder.worlds()[0])
    assert digests.of_database(copy) == manifest["shards"][0]["digest"]
    copy.close()
    assert not list(folder.path.glob("living-*"))


def test_a_run_in_postgresql_without_a_server_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YINXIN_RUN_DATABASE", raising=False)
    folder = runs.Folder(tmp_path / "run")
    with pytest.raises(shards.NoRunDatabase):
        runs.carry_out(short_way.plan(store="postgresql"), folder)
    assert "YINXIN_RUN_DATABASE" in folder.progress().problem


def test_runs_are_listed_the_newest_first(
    tmp_path: Path, whole: tuple[runs.RunResult, runs.Folder]
) -> None:
    assert runs.listed(tmp_path / "nowhere") == []
    (tmp_path / "something else").mkdir()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}", encoding="utf-8")
    assert {one.name for one in runs.listed(tmp_path)} == {"one", "two"}
    assert [one.name for one in runs.listed(whole[1].path.parent)] == ["whole"]
