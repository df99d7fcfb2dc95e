"""More reviewers and the same work: whose wait falls, and where it goes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel import catalog, clock
from simulations import scenario
from simulations.staffing import desk, rosters, sweeping
from simulations.staffing.demand import Demand, Task

BUSY = scenario.load(catalog.DATA / "scenarios" / "busy.toml")
# Monday of the scenario, 7:00: nobody is there yet.
SEVEN = clock.start_of(BUSY.reference) + 7 * clock.HOUR
CLAIMS = 12


@given(
    arrivals=st.lists(st.integers(0, 200), min_size=1, max_size=25),
    takes=st.lists(st.integers(1, 60), min_size=25, max_size=25),
    hands=st.integers(1, 4),
)
@pytest.mark.row("SIM-6")
def test_with_one_more_reviewer_nobody_at_one_step_is_seen_or_decided_later(
    arrivals: list[int], takes: list[int], hands: int
) -> None:
    """First come, first served and the same work at each case: no case is worse off (Kiefer, Wolfowitz)."""
    tasks = [Task("a", delay=at, effort=float(takes[n])) for n, at in enumerate(sorted(arrivals))]

    def ends(count: int) -> list[tuple[int, int]]:
        team = desk.Team(
            name="all",
            kinds=frozenset("a"),
            count=count,
            spans=((0, 1 << 40),),
            takes=lambda kind, effort: effort,
        )
        rule = {"a": desk.Rule(due=lambda opened: opened)}
        seen = desk.run(Demand(tasks), [team], rule, begins=0, until=1 << 30).seen
        return [(one.touched_at or 0, one.decided_at or 0) for one in seen]

    for fewer, more in zip(ends(hands), ends(hands + 1), strict=True):
        assert more[0] <= fewer[0]
        assert more[1] <= fewer[1]


def morning(number: int) -> Demand:
    """Claims that came before the office opens, each followed by three seals to be made."""
    chance = np.random.default_rng(number)
    tasks: list[Task] = []
    for _ in range(CLAIMS):
        claim = len(tasks)
        came = int(SEVEN + chance.integers(0, clock.HOUR))
        tasks.append(Task("enterprise_claim", came, float(chance.standard_normal())))
        tasks += [
            Task("seal_making", 0, float(chance.standard_normal()), follows=claim) for _ in range(3)
        ]
    return Demand(tasks)


def tried(seal_makers: int) -> list[sweeping.Line]:
    """Two, three and four who review early, with so many who make seals."""
    days = sweeping.Days(scenario=BUSY, seed=1, people=CLAIMS, demand=morning)
    grid = rosters.grid(BUSY, {"early": [2, 3, 4], "seal": [seal_makers]})
    lines = sweeping.lines(sweeping.sweep(days, grid, 6), BUSY)
    assert [line.roster.split(" · ")[0] for line in lines] == ["early 2", "early 3", "early 4"]
    claims = [line.waits["enterprise_claim"] for line in lines]
    assert claims == sorted(claims, reverse=True)
    return lines


@pytest.mark.row("SIM-6")
def test_more_hands_at_the_first_step_move_the_wait_to_the_second_where_that_is_short() -> None:
    """The wait of all cases together rises here and nothing is wrong: the seals come sooner and wait."""
    short = tried(seal_makers=3)
    seals = [line.waits["seal_making"] for line in short]
    assert seals == sorted(seals)
    assert short[2].wait.mean > 1.1 * short[0].wait.mean
    # Who waits elsewhere has not lost anything by it.
    ways = [line.way.mean for line in short]
    assert ways[1] < 1.005 * ways[0]
    assert ways[2] < 1.005 * ways[1]


@pytest.mark.row("SIM-6")
def test_where_nothing_else_is_short_more_hands_end_everybody_s_way_sooner() -> None:
    ways = [line.way.mean for line in tried(seal_makers=3 * CLAIMS)]
    assert ways[1] < 0.95 * ways[0]
    assert ways[2] < ways[1]


@pytest.mark.row("SIM-6")
def test_a_way_is_the_longest_chain_without_the_pauses_that_people_take() -> None:
    """One claim at 9:00, decided at once by two; a seal that follows after an hour of one's own."""
    nine = SEVEN + 2 * clock.HOUR
    tasks = [
        Task("settlement", nine, 0.0),
        Task("settlement", clock.HOUR, 0.0, follows=0),
        Task("red_letter", 0, 0.0, follows=0),
    ]
    days = sweeping.Days(scenario=BUSY, seed=1, people=1, demand=lambda number: Demand(tasks))
    [row] = sweeping.replication(days, [rosters.of(BUSY)], 0)
    # Finance takes five minutes in the middle; nobody has anything else to do.
    assert row["wait_mean"] == 0
    assert row["way_mean"] == pytest.approx(10.0)
