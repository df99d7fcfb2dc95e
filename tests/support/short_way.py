"""Ways that are over in a moment, for tests of runs that are not about people; and plans with them."""

from __future__ import annotations

import os
from typing import Any

from engine.kernel import catalog
from simulations import runs, scenario
from simulations.environment import Stage, Steps
from simulations.journeys.joining import register
from simulations.journeys.way import Way
from simulations.personas import Persona

JOURNEY = "tests.support.short_way:registers"
FATAL_JOURNEY = "tests.support.short_way:takes_the_worker_along"
# Two shards of three days.
SHORT = scenario.load(catalog.DATA / "scenarios" / "busy.toml").model_copy(
    update={"horizon_days": 3}
)


def registers(stage: Stage, persona: Persona) -> Steps:
    """Somebody registers and goes."""
    yield from register(Way(stage, persona))


def takes_the_worker_along(stage: Stage, persona: Persona) -> Steps:
    """Somebody at whose coming the process that computes them dies."""
    yield stage.wait(1)
    os._exit(9)


def plan(people: int = 2, seed: int = 7, **options: Any) -> runs.Plan:
    """A plan of two quick shards."""
    options.setdefault("journey", JOURNEY)
    return runs.Plan.of(SHORT, people, seed, **options)
