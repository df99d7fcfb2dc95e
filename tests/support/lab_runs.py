"""Two small runs that have ended, for the pages that look at runs: the second has fewer reviewers."""

from __future__ import annotations

from pathlib import Path

from simulations import runs, shelf
from simulations.runs import Folder, Plan
from simulations.scenario import Scenario

PEOPLE, REPLICATIONS, SEED = 2, 2, 3
FIRST, FEWER = "first", "fewer"


def quiet() -> Scenario:
    """A quiet day."""
    found = shelf.named("quiet_day").scenario
    assert found is not None
    return found


def make(place: Path) -> Path:
    """The folder of runs with both in it."""
    scenario = quiet()
    staff = tuple(group.model_copy(update={"count": 1}) for group in scenario.reviewers)
    for name, one in ((FIRST, scenario), (FEWER, scenario.model_copy(update={"reviewers": staff}))):
        plan = Plan.of(
            one, PEOPLE, SEED, replications=REPLICATIONS, crypto="none", label=f"两个人 {name}"
        )
        runs.carry_out(plan, Folder(place / name))
    return place
