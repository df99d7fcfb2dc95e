"""`yinxin simulate` and `yinxin make demo` as other programs call them."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine import boot
from engine.boot import tables
from engine.boot.worlds import WorldExists
from engine.kernel import actors, catalog, clock
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from simulations import cli, demo, invariants, shards

QUIET = catalog.DATA / "scenarios" / "quiet_day.toml"
NOW = 1_780_545_600_000  # 2026-06-04 12:00 in Shanghai, a Thursday
SETUP = actors.System(job="setup")


def in_its_own_process(out: Path, hash_seed: str) -> dict[str, object]:
    command = [sys.executable, "-c", "from simulations.cli import main; main()"]
    command += ["simulate", str(QUIET), "--people", "3", "--seed", "5", "--workers", "1"]
    done = subprocess.run(
        [*command, "--out", str(out), "--json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=catalog.DATA.parent,
    )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_last_line_is_one_object_and_hash_order_changes_nothing(tmp_path: Path) -> None:
    one, two = (in_its_own_process(tmp_path / seed, seed) for seed in ("1", "2"))
    assert set(one) == {"digest", "people", "actions", "violations", "seconds"}
    assert (one["people"], one["violations"]) == (3, 0)
    assert one["digest"] == two["digest"]


def test_a_wrong_scenario_exits_2_and_names_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(QUIET.read_text(encoding="utf-8") + "\n[weather]\n", encoding="utf-8")
    done = CliRunner().invoke(cli.main, ["simulate", str(path), "--out", str(tmp_path / "run")])
    assert done.exit_code == 2
    assert "mine.toml" in done.stderr
    assert "weather" in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_broken_invariant_exits_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables.INVARIANTS, "no staff", "SELECT id FROM staff")
    given = ["simulate", str(QUIET), "--people", "1", "--out", str(tmp_path), "--json"]
    done = CliRunner().invoke(cli.main, given)
    assert done.exit_code == 1
    assert json.loads(done.stdout.splitlines()[-1])["violations"] == 4


def test_help_tells_what_the_folder_holds_and_the_exit_codes() -> None:
    told = CliRunner().invoke(cli.main, ["simulate", "--help"], env={"COLUMNS": "200"}).stdout
    for word in ("manifest.json", "invariants.json", "Exit code 0", "--workers", "--seed"):
        assert word in told


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> demo.Demo:
    path = tmp_path_factory.mktemp("demo") / "demo"
    return demo.make(path, people=12, seed=7, now_ms=NOW)


def test_a_demo_world_is_lived_in_and_whole(made: demo.Demo) -> None:
    assert (made.people, made.violations) == (12, 0)
    world = boot.open_world(made.path, the_clock=clock.ManualClock(NOW))
    try:
        assert world.kind == "demo"
        assert invariants.broken(invariants.check(world)) == 0
        with world.engine.parts.db.read() as connection:
            rows = connection.rows("SELECT MIN(occurred_at) AS a, MAX(occurred_at) AS b FROM event")
            # The pages of incidents and of reveals have something to show from the first start on.
            closed = connection.rows("SELECT status FROM incident")
            lifted = connection.rows("SELECT status FROM issuing_stop")
            revealed = connection.rows("SELECT COUNT(*) AS n FROM reveal")
        assert NOW - 31 * clock.DAY < rows[0]["a"] < rows[0]["b"] <= NOW
        assert (closed, lifted) == ([{"status": "closed"}], [{"status": "lifted"}])
        assert revealed == [{"n": 1}]
    finally:
        world.close()
        boot.worlds.pop(world.id, None)


def test_every_role_of_a_demo_world_can_sign_in_with_its_password(made: demo.Demo) -> None:
    roles = {role for one in made.staff for role in one.profile.roles}
    assert roles == set(Role)
    world = boot.open_world(made.path, the_clock=clock.ManualClock(NOW))
    try:
        chosen = made.staff[-1]
        signed_in = world.engine.perform(
            staffing.sign_in,
            {"login": chosen.profile.login, "password": chosen.password},
            actor=SETUP,
        )
        assert signed_in.staff_id == chosen.profile.id
        with pytest.raises(staffing.WrongCredentials):
            world.engine.perform(
                staffing.sign_in,
                {"login": chosen.profile.login, "password": "something else"},
                actor=SETUP,
            )
    finally:
        world.close()
        boot.worlds.pop(world.id, None)


def test_a_world_that_exists_is_left_alone(made: demo.Demo) -> None:
    with pytest.raises(WorldExists):
        demo.make(made.path, people=1, seed=1, now_ms=NOW)


def test_a_stopped_demo_leaves_nothing_in_its_place(tmp_path: Path) -> None:
    def stop(progress: shards.Progress) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "demo"
    with pytest.raises(KeyboardInterrupt):
        demo.make(path, people=1, seed=1, now_ms=NOW, on_progress=stop)
    assert not path.exists()
    assert demo.make(path, people=1, seed=1, now_ms=NOW).people == 1


@pytest.mark.parametrize(
    ("now", "opened"),
    [
        ("2026-06-04T12:00", "2026-06-04T08:00"),
        ("2026-06-04T06:00", "2026-06-03T08:00"),
        ("2026-06-07T12:00", "2026-06-05T08:00"),
    ],
)
def test_the_desk_of_a_demo_closes_when_offices_last_opened(now: str, opened: str) -> None:

    def instant(text: str) -> int:
        return clock.from_datetime(
            datetime.datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
        )

    assert demo.last_business_start(instant(now)) == instant(opened)
