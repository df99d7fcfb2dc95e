"""Runs in which much fails: what was done holds, a seed is the same run again, and what breaks stops."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from engine.boot import tables
from engine.kernel import catalog, database
from simulations import cli, coverage, runs, scenario, shards
from simulations.faults.plan import FaultPlan, Firing
from simulations.invariants import failing

FAILS = scenario.load(catalog.DATA / "scenarios" / "everything_fails.toml")
# Everybody goes the whole way, so that a few people meet many sites.
WHOLE = FAILS.model_copy(update={"personas": (), "horizon_days": 6})


def plan(faults: FaultPlan, people: int = 3, seed: int = 7, **changed: Any) -> runs.Plan:
    return runs.Plan.of(WHOLE.model_copy(update={"faults": faults, **changed}), people, seed)


def carried_out(where: Path, the_plan: runs.Plan) -> runs.Folder:
    folder = runs.Folder(where)
    runs.carry_out(the_plan, folder)
    return folder


def happened(folder: runs.Folder) -> list[tuple[object, ...]]:
    """Who did what when, ids included: what is only told again draws none."""
    copy = database.SqliteDatabase(folder.worlds()[0])
    with copy.read() as connection:
        rows = connection.rows(
            "SELECT occurred_at, operation, actor, action, kind, subject FROM event ORDER BY seq"
        )
    copy.close()
    return [tuple(row.values()) for row in rows]


@pytest.mark.row("SIM-5")
def test_replies_that_are_lost_and_requests_that_come_twice_change_nothing_that_happens(
    tmp_path: Path,
) -> None:
    # A site that cannot fire is not there at all.
    sure, never = Firing(fires=1.0), Firing(fires=1e-12)
    # In both every act has a key, as those of pages and phones have.
    sound = carried_out(tmp_path / "sound", plan(FaultPlan(reply_lost=never), people=2))
    unheard = carried_out(
        tmp_path / "unheard", plan(FaultPlan(reply_lost=sure, request_doubled=sure), people=2)
    )
    told = unheard.coverage()
    assert told is not None
    faults = told["reached"]["faults"]
    assert faults["reply_lost"]["fired"] == faults["reply_lost"]["considered"] > 100
    assert (unheard.manifest() or {})["violations"] == 0
    assert happened(unheard) == happened(sound)


@pytest.mark.row("SIM-3")
@pytest.mark.row("SIM-5")
def test_a_run_in_which_everything_fails_holds_and_is_the_same_run_again(
    tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    everything = FaultPlan(
        every=Firing(fires=0.06),
        provider_down=Firing(fires=0.3),
        clock_back=Firing(fires=0.1),
        clock_forward=Firing(fires=0.05),
    )
    found = []
    for seed in range(1, 1 + count(1, 6)):
        folder = carried_out(tmp_path / str(seed), plan(everything, seed=seed))
        manifest, told = folder.manifest(), folder.coverage()
        assert manifest is not None
        assert told is not None
        assert (manifest["violations"], folder.failure()) == (0, None)
        found.append(told["reached"])
    silent = coverage.never(coverage.merged(found))["faults"]
    # What hardly anybody comes to in a few days may stay silent.
    assert len(silent) <= (6 if len(found) == 1 else 2), silent
    again = carried_out(tmp_path / "again", plan(everything, seed=1))
    first = runs.Folder(tmp_path / "1").manifest()
    assert first is not None
    assert (again.manifest() or {})["digest"] == first["digest"]


@pytest.mark.row("SIM-5")
def test_looking_at_the_end_every_day_or_after_each_act_changes_nothing(tmp_path: Path) -> None:
    faults = FaultPlan(every=Firing(fires=0.05))
    told = {
        how: shards.run_shard(_spec(plan(faults, people=1, horizon_days=3), tmp_path / how, how))
        for how in ("end", "day", "act")
    }
    assert len({one.digest for one in told.values()}) == 1
    assert [one.more["failure"] for one in told.values()] == [None] * 3


def _spec(the_plan: runs.Plan, where: Path, how: Any) -> shards.Spec:
    [spec] = the_plan.specs(where)
    return shards.Spec(
        scenario=spec.scenario, people=spec.people, seed=spec.seed, shard=0, out=where, check=how
    )


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> runs.Folder:
    """A run in which somebody's binding is taken for a breach."""
    monkeypatch.setitem(
        tables.INVARIANTS, "nobody binds anything", "SELECT id FROM binding ORDER BY id"
    )
    return carried_out(tmp_path / "broken", plan(FaultPlan(every=Firing(fires=0.02)), people=2))


@pytest.mark.row("SIM-5")
def test_what_breaks_stops_the_run_and_one_command_finds_the_very_act(broken: runs.Folder) -> None:
    failure = broken.failure()
    assert failure is not None
    assert broken.progress().state == "broken"
    assert [one["name"] for one in failure["invariants"]] == ["nobody binds anything"]
    assert failure["case"] == failure["invariants"][0]["ids"][0]
    assert failure["step"]["exact"] is False
    # The shard stopped on the day of it, and its world is kept as it was then.
    manifest = broken.manifest()
    assert manifest is not None
    start, step = WHOLE.start_ms, failure["step"]
    assert start < step["at_ms"] < WHOLE.end_ms
    assert happened(broken)[-1][0] <= step["at_ms"]
    assert failure["command"].split()[:3] == ["yinxin", "runs", "failing"]
    played = CliRunner().invoke(cli.main, failure["command"].split()[1:])
    assert played.exit_code == 1, played.output
    assert "nobody binds anything" in played.output
    assert "binding.confirm_binding" in played.output


@pytest.mark.row("SIM-5")
def test_a_shard_that_is_played_again_stops_at_the_act_that_breaks(
    broken: runs.Folder, tmp_path: Path
) -> None:
    told = broken.failure()
    assert told is not None
    outcome = failing.again(failing.spec_of(broken, told), tmp_path / "again")
    step = outcome.more["failure"]["step"]
    assert step["exact"] is True
    assert step["act"] < told["step"]["act"]
    assert step["action"] == "binding.confirm_binding"
    assert outcome.more["failure"]["case"] == told["case"]


@pytest.mark.row("SIM-5")
def test_a_run_in_which_nothing_breaks_has_nothing_to_play_again(tmp_path: Path) -> None:
    folder = carried_out(tmp_path / "sound", plan(FaultPlan(), people=1, horizon_days=1))
    assert not (folder.path / "failure.json").exists()
    asked = CliRunner().invoke(cli.main, ["runs", "failing", str(folder.path)])
    assert asked.exit_code == 2
    told = json.loads((folder.path / "coverage.json").read_text(encoding="utf-8"))
    # One person's first day: of each kind something was reached, and much was not.
    for kind in ("states", "moves", "refusals"):
        share = told["shares"][kind]
        assert 0 <= share["reached"] < share["of"]
        assert len(told["never"][kind]) == share["of"] - share["reached"]
    assert told["reached"]["states"]["account.active"] == 1
    assert "order.completed" in told["never"]["states"]
    assert "certificate.active revoke" in told["never"]["moves"]


@pytest.mark.row("SIM-1")
def test_reviewers_who_stay_away_decide_nothing(tmp_path: Path) -> None:
    away = FaultPlan(reviewer_absent=Firing(fires=1.0))
    nobody = carried_out(tmp_path / "nobody", plan(away, people=3, horizon_days=2))
    manifest = nobody.manifest()
    assert manifest is not None
    [shard] = manifest["shards"]
    assert (shard["open_cases"] > 0, manifest["violations"]) == (True, 0)
    assert not [step for step in shard["counts"] if step.endswith(" approved")]
    told = nobody.coverage()
    assert told is not None
    # Once a day each, however often they would have looked.
    assert told["reached"]["faults"]["reviewer_absent"]["fired"] == 2 * sum(
        one.count for one in WHOLE.reviewers
    )
