"""A what-if as work of its own: stopped, killed and gone on with, it comes to the same."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from engine.kernel import catalog, texts
from simulations import cli, runs, studies
from simulations.runs.refusals import OtherPlan
from simulations.staffing import sweeping, ways
from simulations.studies import Rosters, Study, StudyProgress
from tests.support import lab_runs

PATIENCE_S = 120


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short run that people's ways are learned from."""
    path = tmp_path_factory.mktemp("runs") / "lived"
    runs.carry_out(runs.Plan.of(lab_runs.quiet(), 2, 3, crypto="none"), runs.Folder(path))
    return path


def plan(lived: Path, replications: int = 12, **options: object) -> Rosters:
    told = {"people": 20, "counts": {"all-round": (2, 3)}, "seed": 5, **options}
    return Rosters(
        scenario=lab_runs.quiet(),
        run=str(lived),
        replications=replications,
        **told,  # type: ignore[arg-type]
    )


def begun(asked: Rosters, path: Path, done: int) -> Study:
    """A what-if that was stopped when so many replications were done."""
    study = Study(path)
    with study.held():
        studies.begun(asked, study)
    told: list[int] = [0]

    def listen(progress: StudyProgress) -> None:
        told.append(progress.done)

    with pytest.raises(runs.Stopped):
        studies.carry_out(study, listen, stopping=lambda: told[-1] >= done)
    assert study.progress().state == "stopped"
    return study


def whole(asked: Rosters, lived: Path) -> pd.DataFrame:
    """What it comes to when nothing disturbs it."""
    learned = ways.together(ways.of_folder(lived))
    days = sweeping.days_like(asked.scenario, learned, asked.people, asked.seed)
    return sweeping.sweep(days, asked.tried(), asked.replications)


def wait_until(study: Study, done: Callable[[], bool]) -> None:
    """Look again and again; fails when it takes far too long."""
    wait = threading.Event()
    for _ in range(PATIENCE_S * 20):
        if done():
            return
        wait.wait(0.05)
    raise AssertionError(study.progress())


def invoked(*arguments: str) -> tuple[int, str]:
    """The exit code and the output of a command."""
    done = CliRunner().invoke(cli.main, list(arguments))
    return done.exit_code, done.output


@pytest.mark.row("SIM-6")
def test_it_is_stopped_killed_and_taken_up_again_and_nothing_is_computed_twice(
    lived: Path, tmp_path: Path
) -> None:
    asked = plan(lived)
    study = begun(asked, tmp_path / "asked", done=3)
    kept = (study.path / "replications.jsonl").read_text(encoding="utf-8")
    assert len(study.found()) == study.progress().done == 3
    study.resume().pause()
    wait_until(study, lambda: study.progress().state == "paused")
    told = study.progress()
    assert told.pid != os.getpid()
    with pytest.raises(runs.RunBusy):
        study.resume()
    os.kill(told.pid, signal.SIGKILL)
    wait_until(study, lambda: study.progress().state == "killed")
    code, output = invoked("what-ifs", "show", str(study.path), "--json")
    assert (code, json.loads(output)["state"]) == (2, "killed")
    # A replication whose line was torn by the end is none, and is played again.
    with (study.path / "replications.jsonl").open("a", encoding="utf-8") as file:
        file.write('[{"roster": "all-round 2", "wait_')
    code, _ = invoked("what-ifs", "resume", str(study.path))
    assert code == 0
    wait_until(study, lambda: not study.progress().moving)
    assert study.progress().state == "finished", (study.path / "run.log").read_text()
    assert (study.path / "replications.jsonl").read_text(encoding="utf-8").startswith(kept)
    pd.testing.assert_frame_equal(studies.table(study), whole(asked, lived))


@pytest.mark.row("SIM-6")
def test_a_folder_is_of_one_plan_and_one_code(
    lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = plan(lived)
    study = begun(asked, tmp_path / "asked", done=2)
    with pytest.raises(OtherPlan):
        studies.start(plan(lived, seed=6), study.path)
    told = json.loads((study.path / "plan.json").read_text(encoding="utf-8"))
    (study.path / "plan.json").write_text(json.dumps({**told, "code": "of before"}))
    with pytest.raises(runs.CodeChanged):
        study.resume()
    (study.path / "plan.json").write_text("{}")
    with pytest.raises(studies.StudyWrong):
        study.plan()
    with pytest.raises(studies.NoStudy):
        Study(tmp_path / "none").stop()


@pytest.mark.row("SIM-6")
def test_what_it_fails_of_is_told_in_its_folder(lived: Path, tmp_path: Path) -> None:
    asked = plan(lived).model_copy(update={"run": str(tmp_path / "gone")})
    study = Study(tmp_path / "asked")
    with study.held():
        studies.begun(asked, study)
    with pytest.raises((runs.NoRun, ways.NothingLearned)):
        studies.carry_out(study)
    told = study.progress()
    assert told.state == "failed"
    assert "gone" in told.problem
    # Whoever reads another language reads it in theirs.
    refusal = told.refusal()
    assert refusal is not None
    assert "gone" in texts.of_error(refusal, "zh_CN")
    assert texts.of_error(refusal, "zh_CN") != told.problem


@pytest.mark.row("SIM-6")
def test_the_command_keeps_what_it_was_asked_and_shows_it_again(
    lived: Path, tmp_path: Path
) -> None:
    scenario, folder = catalog.DATA / "scenarios" / "quiet_day.toml", tmp_path / "asked"
    given = ("--from", str(lived), "--people", "20", "--replications", "4", "--seed", "5")
    call = ("staffing", str(scenario), *given, "--try", "all-round=2..3", "--folder", str(folder))
    _, first = invoked(*call, "--json")
    answer = json.loads(first.splitlines()[-1])
    assert [one["roster"] for one in answer["rosters"]] == ["all-round 2", "all-round 3"]
    code, shown = invoked("what-ifs", "show", str(folder), "--json")
    told = json.loads(shown)
    assert (code, told["state"], told["done"]) == (0, "finished", 4)
    assert told["answer"] == answer
    # Asked again in the same folder, it is there already; another question is refused.
    before = (folder / "replications.jsonl").stat().st_mtime_ns
    _, again = invoked(*call, "--json")
    assert json.loads(again.splitlines()[-1]) == answer
    assert (folder / "replications.jsonl").stat().st_mtime_ns == before
    code, refused = invoked(*call, "--seed", "6")
    assert code == 2
    assert "another plan" in refused
