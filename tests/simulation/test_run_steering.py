"""Runs by several processes, told to wait, to go on and to stop; and the commands that tell them."""

from __future__ import annotations

import json
import multiprocessing
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.kernel import catalog
from simulations import cli, personas, population, runs, scenario, shards
from tests.support import short_way

SCENARIOS = catalog.DATA / "scenarios"


def invoked(*arguments: str) -> tuple[int, str]:
    """The exit code and the output of a command."""
    done = CliRunner().invoke(cli.main, list(arguments))
    return done.exit_code, done.output


@pytest.mark.row("SIM-4")
def test_a_pool_waits_goes_on_and_stops_and_the_rest_is_computed_here_to_the_same_digest(
    tmp_path: Path,
) -> None:
    folder = runs.Folder(tmp_path / "run")
    plan = short_way.plan(workers=2)
    heard: list[int] = []
    during_pause: list[int] = []

    def steer(progress: shards.Progress) -> None:
        heard.append(progress.shard)
        if len(heard) == 1:
            invoked("runs", "pause", str(folder.path))
            watcher.start()

    def watch() -> None:
        wait = threading.Event()
        while folder.progress().state != "paused":
            wait.wait(0.02)
        # What was told before they heard of it may still come.
        wait.wait(1.0)
        before = len(heard)
        wait.wait(1.0)
        during_pause.append(len(heard) - before)
        invoked("runs", "go", str(folder.path))
        while folder.progress().state == "paused":
            wait.wait(0.02)
        invoked("runs", "stop", str(folder.path))

    watcher = threading.Thread(target=watch)
    with pytest.raises(runs.Stopped):
        runs.carry_out(plan, folder, steer)
    watcher.join()
    # A worker that was only beginning tells so once, and then waits too.
    assert during_pause[0] <= 1
    assert folder.progress().state == "stopped"
    assert not multiprocessing.active_children()
    assert folder.manifest() is None
    # Who computes is no part of the plan.
    result = runs.carry_out(short_way.plan(), folder)
    whole = runs.carry_out(short_way.plan(), runs.Folder(tmp_path / "whole"))
    assert result.digest == whole.digest


@pytest.mark.row("SIM-3")
def test_crypto_is_a_choice_and_said_in_the_manifest(tmp_path: Path) -> None:
    quiet = scenario.load(SCENARIOS / "quiet_day.toml")
    everybody = runs.Plan.of(quiet, 4, 7)
    nobody = runs.Plan.of(quiet, 4, 7, crypto="none")
    assert (everybody.scenario.crypto, nobody.scenario.crypto) == ("all", "none")
    assert everybody.identity != nobody.identity
    folder = runs.Folder(tmp_path / "run")
    runs.carry_out(nobody, folder)
    manifest = folder.manifest()
    assert manifest is not None
    counts = manifest["shards"][0]["counts"]
    assert (manifest["crypto"], manifest["certificates"]) == ("none", "real")
    assert counts["bound"] == 4
    assert "contracted" not in counts


def test_two_scenarios_meet_the_same_people_and_a_replication_meets_others() -> None:
    quiet = scenario.load(SCENARIOS / "quiet_day.toml")
    slower = tuple(
        group.model_copy(update={"error_rate": 0.5, "count": 1}) for group in quiet.reviewers
    )
    other = quiet.model_copy(update={"reviewers": slower})

    def cast(plan: runs.Plan, replication: int) -> list[personas.Persona]:
        spec = plan.specs(Path("run"))[replication]
        everybody = population.Population(spec.seed, spec.scenario.reference)
        casting = personas.Casting(spec.scenario, spec.seed, everybody)
        return [casting.persona(index) for index in spec.indices()]

    one, two = (runs.Plan.of(plan, 5, 7, replications=2) for plan in (quiet, other))
    for number in (0, 1):
        assert cast(one, number) == cast(two, number)
    assert cast(one, 0) != cast(one, 1)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--executor", "moon"), "executor"),
        (("--store", "paper"), "store"),
        (("--crypto", "some"), "crypto"),
        (("--check", "never"), "check"),
        (("--seed", str(1 << 50)), "seed"),
    ],
)
def test_an_option_that_is_wrong_exits_2_and_is_named(
    options: tuple[str, str], named: str, tmp_path: Path
) -> None:
    quiet = str(SCENARIOS / "quiet_day.toml")
    code, output = invoked("simulate", quiet, "--out", str(tmp_path / "run"), *options)
    assert code == 2
    assert named in output
    assert not (tmp_path / "run").exists()


def test_commands_about_a_run_that_is_not_there_exit_2(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    for command in ("show", "pause", "go", "stop", "resume"):
        code, output = invoked("runs", command, nowhere)
        assert code == 2
        assert nowhere in output
    code, output = invoked("simulate")
    assert code == 2
    assert "--resume" in output


def test_a_run_by_command_is_resumed_by_command_and_listed(tmp_path: Path) -> None:
    path = str(tmp_path / "run")
    quiet = str(SCENARIOS / "quiet_day.toml")
    given = ["--people", "1", "--label", "a first try", "--crypto", "none", "--json"]
    code, output = invoked("simulate", quiet, "--out", path, *given)
    assert code == 0, output
    first = json.loads(output.splitlines()[-1])
    (tmp_path / "run" / "manifest.json").unlink()
    code, output = invoked("simulate", "--resume", path, "--json")
    assert code == 0, output
    assert json.loads(output.splitlines()[-1])["digest"] == first["digest"]
    code, output = invoked("runs", "list", "--in", str(tmp_path), "--json")
    [row] = json.loads(output)["runs"]
    assert (row["run"], row["label"], row["state"]) == ("run", "a first try", "finished")
    code, output = invoked("simulate", quiet, "--out", path, "--people", "2")
    assert code == 2
    assert "people" in output
