"""A run is the same run after run, whoever computes it, and leaves what it promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from engine import boot
from engine.boot import tables
from engine.kernel import calendar, catalog, clock, database
from simulations import reviewers, runs, scenario, shards

SCENARIOS = catalog.DATA / "scenarios"
QUIET = scenario.load(SCENARIOS / "quiet_day.toml")
BUSY = scenario.load(SCENARIOS / "busy.toml")


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.row("SIM-3")
def test_the_same_seed_gives_the_same_digest_for_one_worker_and_for_two(tmp_path: Path) -> None:
    first, again, two = (
        runs.run(BUSY, 8, 11, workers, tmp_path / name)
        for name, workers in (("first", 1), ("again", 1), ("two", 2))
    )
    assert first.digest == again.digest == two.digest
    assert first.violations == 0
    assert (first.people, first.actions) == (two.people, two.actions)
    assert runs.run(BUSY, 8, 12, 1, tmp_path / "other").digest != first.digest


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> tuple[runs.RunResult, Path]:
    folder = tmp_path_factory.mktemp("quiet")
    return runs.run(QUIET, 6, 7, 1, folder), folder


def test_everybody_comes_through_a_quiet_day(quiet: tuple[runs.RunResult, Path]) -> None:
    result, folder = quiet
    shard = manifest(folder)["shards"][0]
    assert (result.people, shard["finished"], result.violations) == (6, 6, 0)
    assert shard["counts"]["bound"] == 6
    assert shard["counts"]["contract approved"] >= 1
    assert not [step for step in shard["counts"] if step.startswith("stopped")]


def test_the_folder_says_what_was_run_and_what_was_checked(
    quiet: tuple[runs.RunResult, Path],
) -> None:
    result, folder = quiet
    told = manifest(folder)
    assert told["scenario_digest"] == QUIET.digest
    assert (told["seed"], told["digest"], told["crypto"]) == (7, result.digest, "all")
    assert told["hashing"]["memory_kib"] == 64
    assert told["versions"]["numpy"]
    report = json.loads((folder / "invariants.json").read_text(encoding="utf-8"))
    checked = {one["name"] for one in report["shards"][0]["invariants"]}
    assert checked > set(tables.INVARIANTS)
    assert sorted(path.name for path in folder.iterdir()) == [
        *(".lock", "answers-0.parquet", "board-0-0.json", "control.json", "coverage.json"),
        *("events-0.parquet", "indicators.json", "invariants.json", "manifest.json", "plan.json"),
        *("progress.json", "shard-0-0.json", "world-0.sqlite3"),
    ]


def test_the_log_in_parquet_is_the_log_of_the_database(quiet: tuple[runs.RunResult, Path]) -> None:
    _, folder = quiet
    log = pq.read_table(folder / "events-0.parquet").to_pylist()
    copy = database.SqliteDatabase(folder / "world-0.sqlite3")
    with copy.read() as connection:
        assert connection.rows("SELECT * FROM event ORDER BY seq") == log
    copy.close()
    assert len(log) == manifest(folder)["shards"][0]["events"]


def decided(folder: Path) -> list[database.Row]:
    copy = database.SqliteDatabase(folder / "world-0.sqlite3")
    with copy.read() as connection:
        found = connection.rows("SELECT * FROM review_case WHERE decided_at IS NOT NULL")
    copy.close()
    return found


def test_cases_are_taken_in_office_hours_and_seals_pass_two_people(
    quiet: tuple[runs.RunResult, Path],
) -> None:
    _, folder = quiet
    cases = decided(folder)
    group = QUIET.reviewers[0]
    for case in cases:
        start, end = reviewers.next_shift(group, case["first_touched_at"])
        assert start <= case["first_touched_at"] < end
        assert calendar.china().is_business_day(clock.civil_date(case["decided_at"]))
        assert case["decided_at"] > case["first_touched_at"] >= case["opened_at"]
    made = [case for case in cases if case["kind"] == "seal_making"]
    assert made
    for case in made:
        assert case["decided_by"] not in (case["maker"], *json.loads(case["excluded"]))


def test_planted_truths_are_found(tmp_path: Path) -> None:
    minors = {"people": QUIET.people.model_copy(update={"under_age": 1.0})}
    runs.run(QUIET.model_copy(update=minors), 3, 7, 1, tmp_path / "minors")
    counts = manifest(tmp_path / "minors")["shards"][0]["counts"]
    assert counts["under age refused"] == 3
    assert "named" not in counts
    wrong = {"people": QUIET.people.model_copy(update={"wrong_id": 1.0})}
    runs.run(QUIET.model_copy(update=wrong), 2, 7, 1, tmp_path / "wrong")
    assert manifest(tmp_path / "wrong")["shards"][0]["counts"]["name not proved"] == 2


def test_with_nobody_at_the_desk_everything_waits(tmp_path: Path) -> None:
    night = QUIET.reviewers[0].model_copy(update={"start": "23:58", "end": "23:59"})
    result = runs.run(QUIET.model_copy(update={"reviewers": (night,)}), 3, 7, 1, tmp_path)
    shard = manifest(tmp_path)["shards"][0]
    assert (shard["open_cases"], result.violations) == (3, 0)


def test_a_broken_invariant_is_in_the_result_and_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        tables.INVARIANTS, "nobody has an account", "SELECT id FROM account ORDER BY id"
    )
    result = runs.run(QUIET, 2, 7, 1, tmp_path)
    assert result.violations == 2
    report = json.loads((tmp_path / "invariants.json").read_text(encoding="utf-8"))
    broken = [one for one in report["shards"][0]["invariants"] if one["violations"]]
    assert [one["name"] for one in broken] == ["nobody has an account"]
    assert len(broken[0]["ids"]) == 2


def test_a_stopped_run_leaves_no_manifest_and_no_open_world(tmp_path: Path) -> None:
    heard: list[shards.Progress] = []

    def stop(progress: shards.Progress) -> None:
        heard.append(progress)
        raise KeyboardInterrupt

    for workers in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            runs.run(BUSY, 4, 7, workers, tmp_path, stop)
        assert not (tmp_path / "manifest.json").exists()
    assert heard[0].share > 0
    assert not [name for name in boot.worlds if name.startswith("busy")]
