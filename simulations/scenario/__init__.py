"""A scenario: what a run is told about the world, as strict TOML.

It is frozen, its digest is part of the run's identity, and the reference date is a parameter: nothing here
looks at today. What is wrong in a file is a `ConfigurationError` naming the file and the key, before
anything has started. People and seed are no part of it: they are given to the run. Every key is explained
by example in `docs/scenarios.md`.
"""

from __future__ import annotations

from engine.kernel.catalog import Share
from simulations.faults.plan import FaultPlan, Firing
from simulations.scenario.crowd import (
    TRUTHS,
    Arrivals,
    Behaviour,
    Certificates,
    Contracts,
    Peak,
    People,
    Planted,
    Seals,
    Weight,
)
from simulations.scenario.durations import Minutes
from simulations.scenario.identity import code_version, identity
from simulations.scenario.loading import SHIPPED, ScenarioWrong, load, shipped
from simulations.scenario.mix import Kind
from simulations.scenario.outsiders import Moment, Outage, Providers, Stop
from simulations.scenario.staff import Break, Calls, Cost, Promise, Review, Reviewers, Shifts
from simulations.scenario.whole import VERSION, Scenario

__all__ = [
    "SHIPPED",
    "TRUTHS",
    "VERSION",
    "Arrivals",
    "Behaviour",
    "Break",
    "Calls",
    "Certificates",
    "Contracts",
    "Cost",
    "FaultPlan",
    "Firing",
    "Kind",
    "Minutes",
    "Moment",
    "Outage",
    "Peak",
    "People",
    "Planted",
    "Promise",
    "Providers",
    "Review",
    "Reviewers",
    "Scenario",
    "ScenarioWrong",
    "Seals",
    "Share",
    "Shifts",
    "Stop",
    "Weight",
    "code_version",
    "identity",
    "load",
    "shipped",
]
