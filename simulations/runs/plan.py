"""The plan of a run: everything that decides what will happen, and who computes it where.

It is frozen: a folder holds one plan for good. What decides is the scenario with the crypto and the
shards that it is run with, the people, the seed, the replications, and the code; workers, executor and
store only say who computes it and where, and change no digest.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from engine.kernel import catalog, errors
from simulations import scenario as scenarios
from simulations import shards
from simulations.scenario import Scenario
from simulations.shards import How, Spec, Store

Executor = Literal["inline", "pool", "cluster"]
Crypto = Literal["all", "sampled", "none"]
MOST_PEOPLE = 2_000_000


class PlanWrong(errors.ConfigurationError):
    """The plan of the run cannot be read ({problem}). Begin the run in another folder."""


class Plan(catalog.Declared):
    """What is run. Make one with `Plan.of`, which puts crypto and shards into the scenario."""

    scenario: Scenario
    people: Annotated[int, Field(ge=1, le=MOST_PEOPLE)]
    seed: Annotated[int, Field(ge=0, lt=1 << 40)]
    replications: Annotated[int, Field(ge=1, le=1_000)] = 1
    workers: Annotated[int, Field(ge=1, le=4_096)] = 1
    executor: Executor = "inline"
    store: Store = "memory"
    # When invariants are looked at, beside the end of each shard.
    check: How = "day"
    # Where the scheduler of a cluster listens; none means one on this machine, for this run.
    cluster: Annotated[str, Field(max_length=200)] = ""
    label: Annotated[str, Field(max_length=200)] = ""
    # Who walks the people's way: `module:function`.
    journey: str = shards.JOURNEY

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        people: int,
        seed: int,
        *,
        replications: int = 1,
        workers: int = 1,
        executor: Executor | None = None,
        store: Store = "memory",
        check: How = "day",
        crypto: Crypto | None = None,
        shard_count: int | None = None,
        cluster: str = "",
        label: str = "",
        journey: str = shards.JOURNEY,
    ) -> Plan:
        """A plan; without an executor, one worker computes inline and several are a pool.

        Raises: pydantic's ValidationError for what is out of its range.
        """
        changed = {"crypto": crypto, "shards": shard_count}
        told = {name: value for name, value in changed.items() if value is not None}
        if told:
            told = {**scenario.model_dump(mode="json"), **told}
            scenario = Scenario.model_validate_json(json.dumps(told))
        return cls(
            scenario=scenario,
            people=people,
            seed=seed,
            replications=replications,
            workers=workers,
            executor=executor or ("inline" if workers == 1 else "pool"),
            store=store,
            check=check,
            cluster=cluster,
            label=label,
            journey=journey,
        )

    @property
    def identity(self) -> str:
        """What the run is: scenario, seed, people, replications and code; alike, they give one digest."""
        one = scenarios.identity(self.scenario, self.seed, self.people)
        if self.replications == 1 and self.journey == shards.JOURNEY:
            return one
        text = f"{one}/{self.replications}/{self.journey}"
        return hashlib.sha256(text.encode()).hexdigest()

    def difference(self, other: Plan) -> str:
        """The names of what decides and is another in the other plan; none where it leads to the same."""
        beside = {"workers", "executor", "store", "check", "cluster", "label"}
        mine, theirs = (one.model_dump(exclude=beside) for one in (self, other))
        return ", ".join(name for name in mine if mine[name] != theirs[name])

    def same_run(self, other: Plan) -> bool:
        """Whether another plan leads to the same result, whoever computes it."""
        return not self.difference(other)

    def specs(self, folder: Path) -> list[Spec]:
        """Its shards, replication by replication, with the places of their files."""
        return [
            Spec(
                scenario=self.scenario,
                people=self.people,
                seed=shards.seed_of(self.seed, replication),
                replication=replication,
                shard=shard,
                out=place(folder, replication),
                journey=self.journey,
                store=self.store,
                check=self.check,
            )
            for replication in range(self.replications)
            for shard in range(self.scenario.shards)
        ]


def place(folder: Path, replication: int) -> Path:
    """Where the files of a replication's shards are: the first one's in the run's own folder."""
    return folder if replication == 0 else folder / f"replication-{replication}"


def write(plan: Plan, path: Path) -> None:
    """Keep a plan."""
    draft = path.with_suffix(".new")
    told = {**plan.model_dump(mode="json"), "identity": plan.identity}
    draft.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.replace(draft, path)


def read(path: Path) -> tuple[Plan, str]:
    """A plan that was kept, and the identity that it had then.

    Raises: PlanWrong.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        identity = str(told.pop("identity"))
        return Plan.model_validate_json(json.dumps(told)), identity
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise PlanWrong(file=path.name, problem=type(problem).__name__) from problem
