"""The fast model of the desk beside the real engine, and what a sweep over rosters says."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from engine.kernel import catalog, database
from engine.reviewing.actions import handing
from simulations import personas, population, runs, scenario, streams
from simulations.scenario import Cost, Promise, Scenario
from simulations.staffing import desk, periods, piloting, rosters, sweeping, ways
from simulations.staffing.demand import Demand
from simulations.statistics import intervals

SCENARIOS = catalog.DATA / "scenarios"
QUIET = scenario.load(SCENARIOS / "quiet_day.toml")


def short(count: int, people: int, folder: Path) -> runs.Plan:
    """A crowded morning of the quiet day and a day for what it began, with so many reviewers; and run."""
    told = QUIET.model_dump(mode="json")
    told["reviewers"][0]["count"] = count
    told["arrivals"]["within"] = 0.2
    told.update(horizon_days=2, crypto="none")
    plan = runs.Plan.of(Scenario.model_validate_json(json.dumps(told)), people, 3)
    runs.carry_out(plan, runs.Folder(folder))
    return plan


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[runs.Plan, Path]:
    folder = tmp_path_factory.mktemp("lived")
    # Three, because neither of the two who approve a claim may make its seals.
    return short(3, 8, folder), folder


def as_drawn(plan: runs.Plan, folder: Path) -> tuple[Demand, list[str], dict[str, database.Row]]:
    """The run's cases as a demand with the very work and the very luck that the engine met."""
    copy = database.SqliteDatabase(folder / "world-0.sqlite3")
    with copy.read() as connection:
        rows = {row["id"]: row for row in connection.rows("SELECT * FROM review_case")}
        claims = connection.rows(
            "SELECT seq, subject FROM event WHERE kind = 'case.claimed' ORDER BY seq"
        )
        found = ways.of_connection(connection)
    copy.close()
    lucks: dict[str, tuple[float, ...]] = {}
    for row in claims:
        lucks[row["subject"]] = (*lucks.get(row["subject"], ()), float(row["seq"]))
    never = (math.inf,)
    efforts: dict[str, float] = {}
    seen: dict[tuple[str, str], int] = {}
    for case in sorted(rows, key=lambda case: lucks.get(case, never)):
        # As `reviewers.Desk.draws` does.
        row = rows[case]
        place = (row["kind"], row["title"])
        if row["sample_of"] is None:
            seen[place] = seen.get(place, 0) + 1
        purpose, nth = ("second look", "") if row["sample_of"] else ("review", f"|{seen[place]}")
        chance = streams.generator(plan.seed, purpose, f"{row['kind']}|{row['title']}{nth}")
        chance.random(1 if row["sample_of"] else 3)
        efforts[case] = float(chance.standard_normal())
    ids = [step.case for way in found for step in way.steps]
    tasks = [
        dataclasses.replace(task, effort=efforts[case], luck=lucks.get(case, never))
        for task, case in zip(ways.as_they_came(found, plan.seed, 0).tasks, ids, strict=True)
    ]
    return Demand(tasks), ids, rows


def same_as_engine(plan: runs.Plan, folder: Path) -> int:
    """The model's desk over a run's demand leaves every case as the engine did; how many had to wait."""
    demand, ids, rows = as_drawn(plan, folder)
    whole = plan.scenario
    worked = desk.run(
        demand,
        rosters.teams(rosters.of(whole), whole.start_ms, whole.end_ms),
        periods.rules(),
        begins=whole.start_ms,
        until=whole.end_ms,
        equals_ms=handing.EQUALS_MS,
    )
    told = {ids[one.place]: (one.opened_at, one.touched_at, one.decided_at) for one in worked.seen}
    engine = {
        case: (row["opened_at"], row["first_touched_at"], row["decided_at"])
        for case, row in rows.items()
    }
    assert len(engine) > 40
    assert any(row["approved_by"] != "[]" for row in rows.values())
    assert told == engine
    return sum((touched or opened) > opened for opened, touched, _ in engine.values())


@pytest.mark.row("SIM-6")
def test_the_model_decides_every_case_of_a_run_at_the_engine_s_own_millisecond(
    lived: tuple[runs.Plan, Path], tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    """With the engine's draws it is the engine's desk; in full, over busy weeks with four groups too."""
    assert same_as_engine(*lived) > 10
    busy = scenario.load(SCENARIOS / "busy.toml")
    for seed in range(5, 5 + count(0, 2)):
        plan = runs.Plan.of(busy, 24, seed, crypto="none", shard_count=1)
        runs.carry_out(plan, runs.Folder(tmp_path / str(seed)))
        same_as_engine(plan, tmp_path / str(seed))


@pytest.mark.row("SIM-6")
def test_with_work_drawn_anew_the_engine_s_wait_is_one_of_the_model_s(
    lived: tuple[runs.Plan, Path],
) -> None:
    plan, folder = lived
    days = sweeping.days_of_run(plan.scenario, folder, seed=11)
    own = rosters.of(plan.scenario)
    frame = sweeping.sweep(days, [own], 30)
    told = json.loads((folder / "indicators.json").read_text(encoding="utf-8"))
    engine = told["replications"][0]["indicators"]
    found = intervals.spread(frame["wait_mean"].tolist())
    assert abs(engine["wait_mean"] - found.mean) < 4 * found.deviation
    assert engine["cases"] == pytest.approx(frame["cases"].mean(), rel=0.05)
    assert (days.people, days.periods) == (8, 1)


# -- sweeping ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def swept(lived: tuple[runs.Plan, Path]) -> tuple[Scenario, pd.DataFrame]:
    """Forty people on the ways of the run's eight, with three to ten reviewers; an hour is promised."""
    plan, folder = lived
    promised = plan.scenario.model_copy(
        update={
            "cost": Cost(hour_fen=6_000),
            "service_level": {
                "enterprise_claim": Promise(share=0.9, within_hours=1.0),
                "certificate_ca": Promise(share=0.9, within_hours=1.0),
            },
        }
    )
    days = sweeping.days_like(promised, ways.together(ways.of_folder(folder)), 40, seed=5)
    tried = rosters.grid(promised, {"all-round": [3, 4, 6, 10]})
    return promised, sweeping.sweep(days, tried, 8)


@pytest.mark.row("SIM-6")
def test_more_reviewers_cost_more_and_let_people_wait_less(
    swept: tuple[Scenario, pd.DataFrame],
) -> None:
    promised, frame = swept
    found = sweeping.lines(frame, promised)
    assert [line.roster for line in found] == [f"all-round {n}" for n in (3, 4, 6, 10)]
    # Two business days from 8:00 to 17:30, at 60 yuan an hour.
    assert [line.cost_yuan for line in found] == [n * 2 * 9.5 * 60 for n in (3, 4, 6, 10)]
    waits = [line.wait.mean for line in found]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 10 * waits[3]
    assert found[0].busy > 2 * found[3].busy


@pytest.mark.row("SIM-6")
def test_the_cheapest_roster_that_keeps_the_promise_is_named_with_its_confidence(
    swept: tuple[Scenario, pd.DataFrame],
) -> None:
    promised, frame = swept
    found = sweeping.cheapest(frame, promised)
    assert found is not None
    assert (found.tried, found.replications, found.confidence) == (4, 8, 0.95)
    assert found.line.in_time.low >= 0.9
    for line in sweeping.lines(frame, promised):
        if line.price < found.line.price:
            assert not line.keeps
    # With three reviewers the promise is broken, and a sweep of that roster alone names nobody.
    assert sweeping.cheapest(frame[frame["roster"] == "all-round 3"], promised) is None
    with pytest.raises(intervals.TooFewValues):
        sweeping.cheapest(frame[frame["replication"] == 0], promised)


@pytest.mark.row("SIM-6")
def test_rosters_meet_the_same_people_with_the_same_work(
    swept: tuple[Scenario, pd.DataFrame], lived: tuple[runs.Plan, Path]
) -> None:
    """Common random numbers: the difference of two rosters spreads less than that of strangers."""
    promised, frame = swept
    few, more = (frame[frame["roster"] == f"all-round {n}"]["wait_mean"].tolist() for n in (6, 10))
    paired = intervals.paired_difference(few, more)
    apart = intervals.difference(few, more)
    assert paired.half_width < apart.half_width
    days = sweeping.days_like(promised, ways.together(ways.of_folder(lived[1])), 40, seed=5)
    assert days.demand(3).tasks == days.demand(3).tasks
    assert days.demand(3).tasks != days.demand(4).tasks


def test_a_grid_names_its_rosters_and_refuses_groups_that_there_are_not() -> None:
    busy = scenario.load(SCENARIOS / "busy.toml")
    tried = rosters.grid(
        busy, {"ca": [1, 2], "late": [0]}, {"seal": [("09:00", "17:00"), ("08:00", "16:00")]}
    )
    assert len(tried) == 4
    assert len({one.name for one in tried}) == 4
    assert tried[0].name == "early 2 · ca 1 · seal 2 · finance 2 · late 0"
    assert "seal 2 08:00–16:00" in tried[1].name
    with pytest.raises(rosters.NoSuchGroup) as refusal:
        rosters.grid(busy, {"nobody": [1]})
    assert "early" in refusal.value.message()
    with pytest.raises(rosters.NothingToTry):
        rosters.grid(busy, {})


def test_nothing_is_learned_from_a_run_without_cases(tmp_path: Path) -> None:
    with pytest.raises(runs.NoRun):
        ways.of_folder(tmp_path)


@pytest.mark.row("SIM-6")
def test_a_pilot_shows_whole_ways_and_leaves_nothing_behind() -> None:
    told = QUIET.model_copy(update={"crypto": "none"})
    plan = piloting.plan(told, 3, 9)
    # The same people at the same times, with hands enough and days to finish in.
    assert plan.scenario.reviewers[0].count == 4 * told.reviewers[0].count
    assert plan.scenario.horizon_days == told.horizon_days + 7
    everybody = population.Population(9, told.reference)
    for place in (0.0, 0.4, 0.99):
        arrivals = [
            personas.Casting(one, 9, everybody).arrival(place) for one in (told, plan.scenario)
        ]
        assert arrivals[0] == arrivals[1]
    found = piloting.learned(told, people=2, seed=9)
    assert found.people == 2
    kinds = [{step.kind for step in way.steps} for way in found.ways]
    assert {"enterprise_claim", "certificate_platform", "certificate_ca"} <= kinds[0]
    for way in found.ways:
        for place, step in enumerate(way.steps):
            assert step.follows is None or step.follows < place
