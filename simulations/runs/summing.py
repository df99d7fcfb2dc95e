"""What a run leaves when its last shard is done: the report of invariants and, last, the manifest."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from engine.boot import tables
from engine.boot.worlds import QUICK_HASHING
from simulations import coverage, digests, indicators, invariants, shards
from simulations.background import write_json
from simulations.invariants import failing
from simulations.runs.folder import Folder
from simulations.runs.plan import Plan
from simulations.shards import Outcome, measuring

# Shards whose every invariant is listed.
_ALL_TOLD_UP_TO = 200
_LIBRARIES = ("cryptography", "faker", "numpy", "pyarrow", "pysqlite3", "simpy")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run came to. `seconds` is real time and no part of the digest."""

    digest: str
    people: int
    actions: int
    violations: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The one object that `yinxin simulate --json` ends with."""
        return {
            "digest": self.digest,
            "people": self.people,
            "actions": self.actions,
            "violations": self.violations,
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def from_manifest(cls, told: dict[str, Any]) -> RunResult:
        """What a run came to that had ended before."""
        names = ("digest", "people", "actions", "violations", "seconds")
        return cls(**{name: told[name] for name in names})


def leave(plan: Plan, folder: Folder, outcomes: list[Outcome], seconds: float) -> RunResult:
    """Write what is told of all shards together; what it came to."""
    replications = [
        _replication(plan, number, [one for one in outcomes if one.replication == number])
        for number in range(plan.replications)
    ]
    result = RunResult(
        digest=_digest(replications),
        people=sum(outcome.people for outcome in outcomes),
        actions=sum(outcome.actions for outcome in outcomes),
        violations=sum(invariants.broken(outcome.findings) for outcome in outcomes),
        seconds=round(seconds, 3),
    )
    write_json(folder.path / "invariants.json", _report(outcomes))
    write_json(folder.path / "coverage.json", _coverage(outcomes))
    write_json(folder.path / "indicators.json", _indicators(plan, outcomes))
    failures = [one.more["failure"] for one in outcomes if one.more.get("failure")]
    if failures:
        # The first that broke; the others stand in the files of their shards.
        write_json(folder.path / "failure.json", failing.with_command(failures[0], folder.path))
    write_json(
        folder.path / "manifest.json", _manifest(plan, folder, result, replications, outcomes)
    )
    return result


def _indicators(plan: Plan, outcomes: list[Outcome]) -> dict[str, Any]:
    """The indicators of each replication, by what its shards left."""
    return indicators.of_run(
        (
            number,
            shards.seed_of(plan.seed, number),
            [
                indicators.with_outcome(
                    one.more["indicators"],
                    people=one.people,
                    finished=one.finished,
                    actions=one.actions,
                    violations=invariants.broken(one.findings),
                )
                for one in outcomes
                if one.replication == number and "indicators" in one.more
            ],
        )
        for number in range(plan.replications)
    )


def _coverage(outcomes: list[Outcome]) -> dict[str, Any]:
    """What all shards reached together, and what none of them did."""
    found = [one.more["coverage"] for one in outcomes if "coverage" in one.more]
    return coverage.report(coverage.merged(found))


def _replication(plan: Plan, number: int, outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "replication": number,
        "seed": shards.seed_of(plan.seed, number),
        "digest": digests.of_campaign((outcome.shard, outcome.digest) for outcome in outcomes),
        "people": sum(outcome.people for outcome in outcomes),
        "actions": sum(outcome.actions for outcome in outcomes),
        "violations": sum(invariants.broken(outcome.findings) for outcome in outcomes),
    }


def _digest(replications: list[dict[str, Any]]) -> str:
    if len(replications) == 1:
        return str(replications[0]["digest"])
    return digests.of_campaign((one["replication"], one["digest"]) for one in replications)


def _report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What was checked in each shard; of very many shards only what broke, so that it can be read."""
    every = len(outcomes) <= _ALL_TOLD_UP_TO
    return {
        "shards": [
            {
                "replication": outcome.replication,
                "shard": outcome.shard,
                "violations": invariants.broken(outcome.findings),
                "checked": len(outcome.findings),
                "invariants": [
                    finding.as_json() for finding in outcome.findings if every or finding.violations
                ],
            }
            for outcome in outcomes
        ]
    }


def _manifest(
    plan: Plan,
    folder: Folder,
    result: RunResult,
    replications: list[dict[str, Any]],
    outcomes: list[Outcome],
) -> dict[str, Any]:
    scenario = plan.scenario
    return {
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "identity": folder.identity(),
        "seed": plan.seed,
        "replications": replications,
        "workers": plan.workers,
        "executor": plan.executor,
        "store": plan.store,
        "label": plan.label,
        "engine_version": tables.ENGINE_VERSION,
        "hashing": {
            "algorithm": "argon2id",
            "memory_kib": QUICK_HASHING.memory_kib,
            "passes": QUICK_HASHING.passes,
        },
        "crypto": scenario.crypto,
        "certificates": "real",
        "reference": scenario.reference.isoformat(),
        "horizon_days": scenario.horizon_days,
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in _LIBRARIES},
        **result.as_json(),
        "peak_mb": max((outcome.peak_mb for outcome in outcomes), default=0.0),
        # Of the process that led the run, which keeps no more of a shard than its outcome.
        "peak_mb_leading": measuring.peak_mb(),
        "cpu_seconds": round(sum(outcome.cpu_seconds for outcome in outcomes), 3),
        "shards": [shards.as_json(outcome) for outcome in outcomes],
        "scenario_contents": scenario.model_dump(mode="json"),
    }
