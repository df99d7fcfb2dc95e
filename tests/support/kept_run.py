"""A small finished run in a folder, made once for whoever looks at one."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from engine.kernel import catalog
from simulations import runs, scenario
from simulations.scenario import Scenario

PEOPLE, SEED = 4, 7


def quiet() -> Scenario:
    """The quiet day, without the signatures of contracts: those take most of a run's time."""
    return scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml").model_copy(
        update={"crypto": "none"}
    )


@functools.cache
def folder() -> Path:
    """The folder of the run, within one of its own, as runs are kept."""
    place = Path(tempfile.mkdtemp(prefix="yinxin-kept-")) / "quiet-1"
    runs.run(quiet(), PEOPLE, SEED, 1, place)
    return place
