"""A run as a process of the system, and its workers: killed, moved to another day, watched from outside."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.kernel import catalog
from simulations import cli, runs, shards
from simulations.runs import executing
from tests.support import short_way

ROOT = catalog.DATA.parent
PATIENCE_S = 300


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the plan comes to when nothing disturbs it."""
    folder = runs.Folder(tmp_path_factory.mktemp("runs") / "whole")
    return runs.carry_out(short_way.plan(), folder).digest


def wait_until(folder: runs.Folder, done: Callable[[], bool]) -> None:
    """Look again and again; fails when the run has, or when it takes far too long."""
    wait = threading.Event()
    for _ in range(PATIENCE_S * 20):
        if done():
            return
        told = folder.progress()
        assert told.moving or done() or not folder.exists(), told
        wait.wait(0.05)
    raise AssertionError("it did not come")


def invoked(*arguments: str) -> tuple[int, str]:
    """The exit code and the output of a command."""
    done = CliRunner().invoke(cli.main, list(arguments))
    return done.exit_code, done.output


@pytest.mark.row("SIM-4")
def test_a_run_is_killed_told_as_killed_and_taken_up_again(tmp_path: Path, digest: str) -> None:
    # Begun by another process, which is over before the run is.
    begin = (
        "import sys; from pathlib import Path; from simulations import runs;"
        " from tests.support import short_way;"
        " runs.start(short_way.plan(), Path(sys.argv[1])).pause()"
    )
    path = tmp_path / "run"
    subprocess.run([sys.executable, "-c", begin, str(path)], check=True, cwd=ROOT, timeout=120)
    folder = runs.Folder(path)
    wait_until(folder, lambda: folder.progress().state == "paused")
    told = folder.progress()
    assert told.pid != os.getpid()
    with pytest.raises(runs.RunBusy):
        folder.resume()
    code, _ = invoked("runs", "go", str(path))
    assert code == 0
    wait_until(folder, lambda: (path / "shard-0-0.json").exists())
    os.kill(told.pid, signal.SIGKILL)
    wait_until(folder, lambda: not folder.is_held())
    assert folder.progress().state == "killed"
    code, output = invoked("runs", "show", str(path), "--json")
    assert (code, json.loads(output)["state"]) == (2, "killed")
    before = (path / "shard-0-0.json").stat().st_mtime_ns
    folder.resume()
    wait_until(folder, lambda: not folder.progress().moving)
    assert folder.progress().state == "finished", (path / "run.log").read_text()
    manifest = folder.manifest()
    assert manifest is not None
    assert (manifest["digest"], folder.progress().problem) == (digest, "")
    assert (path / "shard-0-0.json").stat().st_mtime_ns == before
    code, output = invoked("runs", "show", str(path))
    assert code == 0
    assert digest in output


@pytest.mark.row("SIM-3")
@pytest.mark.row("SIM-7")
def test_a_killed_worker_costs_time_and_no_result(tmp_path: Path, digest: str) -> None:
    folder = runs.Folder(tmp_path / "run")
    killed: list[int] = []

    def kill(progress: shards.Progress) -> None:
        if not killed:
            [first, *_] = multiprocessing.active_children()
            assert first.pid is not None
            killed.append(first.pid)
            os.kill(first.pid, signal.SIGKILL)

    result = runs.carry_out(short_way.plan(workers=2), folder, kill)
    assert (result.digest, folder.progress().retries) == (digest, 1)
    assert not multiprocessing.active_children()


@pytest.mark.row("SIM-7")
def test_a_shard_that_kills_every_worker_ends_the_run_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executing, "MOST_TRIES", 1)
    folder = runs.Folder(tmp_path / "run")
    plan = short_way.plan(1, journey=short_way.FATAL_JOURNEY, executor="pool")
    with pytest.raises(runs.WorkerLost) as lost:
        runs.carry_out(plan, folder)
    assert (lost.value.params["shard"], lost.value.params["code"]) == (0, "9")
    told = folder.progress()
    assert told.state == "failed"
    assert "shard 0" in told.problem
    assert not multiprocessing.active_children()


@pytest.mark.row("SIM-3")
def test_the_digest_is_the_same_on_another_day_in_another_zone_and_hash_order(
    tmp_path: Path, digest: str
) -> None:
    run = (
        "import sys, datetime; from pathlib import Path; from simulations import runs;"
        " from tests.support import short_way;"
        " print(datetime.date.today().year,"
        " runs.carry_out(short_way.plan(), runs.Folder(Path(sys.argv[1]))).digest)"
    )
    done = subprocess.run(
        ["faketime", "2031-02-28 23:59:50", sys.executable, "-c", run, str(tmp_path / "run")],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "America/St_Johns"},
    )
    assert done.stdout.split() == ["2031", digest]


@pytest.mark.row("SIM-4")
def test_a_command_stopped_by_a_signal_exits_130_and_goes_on_when_it_is_called_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "run"
    command = [sys.executable, "-c", "from simulations.cli import main; main()", "simulate"]
    given = [
        str(catalog.DATA / "scenarios" / "quiet_day.toml"),
        "--people",
        "3",
        "--out",
        str(path),
    ]
    process = subprocess.Popen(
        [*command, *given], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    folder = runs.Folder(path)
    wait_until(folder, lambda: folder.progress().share > 0)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, said
    assert "--resume" in said
    assert folder.progress().state == "stopped"
    assert folder.manifest() is None
    code, output = invoked("runs", "list", "--in", str(tmp_path), "--json")
    assert (code, json.loads(output)["runs"][0]["state"]) == (0, "stopped")
