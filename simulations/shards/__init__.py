"""One shard of a run: its own world, its own people and reviewers, its files.

A shard is a function of (scenario, people, seed, shard) alone, so that who computes it, where and
beside whom changes nothing. Shards never share a queue of cases (`simulation.md` 5).
"""

from __future__ import annotations

from simulations.shards.leaving import answers_name, events_name, world_name
from simulations.shards.living import Crowd, advance, compute, run_shard, set_up
from simulations.shards.specs import (
    JOURNEY,
    How,
    Outcome,
    Progress,
    Spec,
    Stopped,
    Store,
    as_json,
    seed_of,
)
from simulations.shards.stores import NoRunDatabase

__all__ = [
    "JOURNEY",
    "Crowd",
    "How",
    "NoRunDatabase",
    "Outcome",
    "Progress",
    "Spec",
    "Stopped",
    "Store",
    "advance",
    "answers_name",
    "as_json",
    "compute",
    "events_name",
    "run_shard",
    "seed_of",
    "set_up",
    "world_name",
]
