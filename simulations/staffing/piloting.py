"""A pilot: a short run of the real engine that shows a scenario's ways, when no other run is there."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from simulations import runs
from simulations.scenario import Scenario
from simulations.staffing import ways

# Enough people to see most of what happens, and few enough to wait for.
PEOPLE = 40
# Late comers go their whole way, and nobody waits for a reviewer for long.
_DAYS_MORE = 7
_HANDS = 4


def plan(scenario: Scenario, people: int, seed: int) -> runs.Plan:
    """The pilot of a scenario: the same people and behaviour, one desk, many hands, days to finish in."""
    days = min(366, scenario.horizon_days + _DAYS_MORE)
    told = scenario.model_dump(mode="json")
    told["arrivals"]["within"] = scenario.arrivals.within * scenario.horizon_days / days
    for group in told["reviewers"]:
        group["count"] = min(200, group["count"] * _HANDS)
    told.update(horizon_days=days, shards=1)
    return runs.Plan.of(Scenario.model_validate_json(json.dumps(told)), people, seed)


def learned(
    scenario: Scenario,
    people: int = PEOPLE,
    seed: int = 1,
    listen: runs.Listener = lambda progress: None,
) -> ways.Learned:
    """The ways of a scenario's people, from a pilot that leaves nothing behind.

    Raises: NothingLearned; Stopped.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        runs.carry_out(plan(scenario, people, seed), runs.Folder(folder), listen)
        return ways.together(ways.of_folder(folder))
