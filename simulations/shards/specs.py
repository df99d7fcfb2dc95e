"""What a shard is computed from, what it tells meanwhile, and what became of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from simulations import streams
from simulations.invariants import Finding
from simulations.scenario import Scenario

JOURNEY = "simulations.journeys:enterprise_journey"
Store = Literal["memory", "file", "postgresql"]
How = Literal["end", "day", "act"]
# Seeds of replications stay below 2 ** 40, so that a world's own seed fits 64 bits.
_SEED_BYTES = 5


def seed_of(seed: int, replication: int) -> int:
    """The seed of a replication: the first is the run's own, so that one replication is the plain run."""
    if replication == 0:
        return seed
    return int.from_bytes(streams.entropy(seed, "replication", replication)[:_SEED_BYTES], "big")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a shard is computed from. `seed` is its replication's own.

    `out` and `store` say where its files and its database are; they change nothing of what happens.
    """

    scenario: Scenario
    people: int
    seed: int
    shard: int
    out: Path
    journey: str = JOURNEY
    replication: int = 0
    store: Store = "memory"
    # When invariants are looked at, beside the end; looking changes nothing either.
    check: How = "day"

    def indices(self) -> range:
        """The people of this shard: every so many-th of all."""
        return range(self.shard, self.people, self.scenario.shards)

    @property
    def world_id(self) -> str:
        """What the shard's world is called."""
        return f"{self.scenario.name}-{self.shard}"

    @property
    def world_seed(self) -> int:
        """What its keys and ids are drawn from: those of one shard say nothing about another's."""
        return self.seed * 1_000_003 + self.shard


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a shard is; now and then with what its live board shows."""

    shard: int
    arrived: int
    finished: int
    actions: int
    now_ms: int
    share: float
    replication: int = 0
    board: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a shard. Seconds and memory are of the machine, and no part of any digest."""

    shard: int
    digest: str
    people: int
    finished: int
    actions: int
    events: int
    open_cases: int
    counts: dict[str, int]
    findings: list[Finding]
    replication: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    # What others keep of a shard, by a name of their own: coverage, indicators, faults.
    more: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The whole outcome, for a shard's own file."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Outcome:
        """An outcome out of a shard's own file."""
        findings = [
            Finding(**{**one, "ids": tuple(one["ids"])}) for one in told.get("findings", [])
        ]
        return cls(**{**told, "findings": findings})


class Stopped(Exception):
    """Somebody asked for the run to stop."""


_IN_MANIFEST = (
    *("replication", "shard", "digest", "people", "finished", "actions", "events", "open_cases"),
    *("seconds", "cpu_seconds", "peak_mb", "counts"),
)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the manifest keeps it (its findings are in the report)."""
    return {name: getattr(outcome, name) for name in _IN_MANIFEST}
