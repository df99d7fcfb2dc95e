"""A way that is over in a moment, for tests of runs that are not about people."""

from __future__ import annotations

from simulations.environment import Stage, Steps
from simulations.journeys.joining import register
from simulations.journeys.way import Way
from simulations.personas import Persona

JOURNEY = "tests.support.short_way:registers"


def registers(stage: Stage, persona: Persona) -> Steps:
    """Somebody registers and goes."""
    yield from register(Way(stage, persona))
